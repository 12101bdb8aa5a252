//! `PUT /usage/prices`.

use std::collections::BTreeMap;

use autocoder_core::error::Refused;
use autocoder_usage::price::{PriceChange, change_prices, parse};
use autocoder_usage::view::PricesView;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use crate::body::{Body, told};
use crate::call::Call;
use crate::reply::{Answer, plain};

/// A new version of prices, or those that came with the program.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ReplacePrices {
    /// Back to the prices that came with the program; the rest is then left out.
    #[serde(default)]
    built_in: bool,
    /// The name of the version. A name that was used before must have the same prices.
    #[serde(default, deserialize_with = "told")]
    #[schema(nullable = false, max_length = 64)]
    version: Option<String>,
    /// By model: `input` and `output`, and optionally `cache_read`, `cache_write_5m` and `cache_write_1h`, each in USD per
    /// million tokens, as a number or as one in quotes.
    #[serde(default, deserialize_with = "told")]
    #[schema(nullable = false, value_type = Option<BTreeMap<String, Object>>)]
    models: Option<BTreeMap<String, Value>>,
}

/// Put other prices in force; what was recorded before keeps its cost
#[utoipa::path(
    put, path = "/usage/prices", operation_id = "replacePrices",
    request_body = ReplacePrices,
    responses((status = 200, description = "The prices in force", body = PricesView)),
)]
pub(super) async fn handle(call: Call, body: Body<ReplacePrices>) -> Answer {
    call.must_see_all()?;
    let ReplacePrices { built_in, version, models } = body.0;
    let change = if built_in && version.is_none() && models.is_none() {
        PriceChange::BuiltIn
    } else {
        let models: Map<_, _> = models.unwrap_or_default().into_iter().collect();
        let document = json!({ "version": version, "models": models });
        PriceChange::New(parse(&document).map_err(Refused::Invalid)?)
    };
    plain(&PricesView::from(change_prices(&call.context(), change).await?))
}
