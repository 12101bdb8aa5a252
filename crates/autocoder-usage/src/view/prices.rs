//! The prices in force.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::price::{PriceTable, usd};

/// The prices in force, in the shape that a price file has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PricesView {
    /// The name of the version, which never has other prices.
    pub version: String,
    /// Where they come from.
    pub source: PriceSource,
    /// The prices, by model. A model that is not here is unpriced.
    pub models: BTreeMap<String, PriceView>,
}

/// Where prices come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PriceSource {
    /// They came with this program.
    BuiltIn,
    /// A person brought them.
    File,
}

/// The prices of one model in USD per million tokens, as exact decimal numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PriceView {
    /// Uncached input.
    #[cfg_attr(feature = "openapi", schema(example = "3"))]
    pub input: String,
    /// Output, reasoning included.
    #[cfg_attr(feature = "openapi", schema(example = "15"))]
    pub output: String,
    /// Read from the cache.
    #[cfg_attr(feature = "openapi", schema(example = "0.3"))]
    pub cache_read: String,
    /// Written to the cache for five minutes.
    #[cfg_attr(feature = "openapi", schema(example = "3.75"))]
    pub cache_write_5m: String,
    /// Written to the cache for an hour.
    #[cfg_attr(feature = "openapi", schema(example = "6"))]
    pub cache_write_1h: String,
}

impl From<PriceTable> for PricesView {
    fn from(table: PriceTable) -> Self {
        let source = if table.built_in { PriceSource::BuiltIn } else { PriceSource::File };
        let models = table.models.into_iter().map(|(name, price)| {
            let [input, output, cache_read, cache_write_5m, cache_write_1h] =
                [price.input, price.output, price.cache_read, price.cache_write_5m, price.cache_write_1h].map(usd);
            (name, PriceView { input, output, cache_read, cache_write_5m, cache_write_1h })
        });
        Self { version: table.version, source, models: models.collect() }
    }
}
