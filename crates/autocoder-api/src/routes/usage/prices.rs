//! `GET /usage/prices`.

use autocoder_usage::price::read_prices;
use autocoder_usage::view::PricesView;

use crate::call::Call;
use crate::reply::{Answer, plain};

/// The prices in force
#[utoipa::path(
    get, path = "/usage/prices", operation_id = "getPrices",
    responses((status = 200, description = "USD per million tokens, by model", body = PricesView)),
)]
pub(super) async fn handle(call: Call) -> Answer {
    plain(&PricesView::from(read_prices(call.store()).await?))
}
