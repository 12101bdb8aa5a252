//! `GET /usage`.

use autocoder_usage::report::total_stats;
use autocoder_usage::view::UsageStats;

use crate::call::Call;
use crate::reply::{Answer, plain};

/// Usage of all projects in the current period
#[utoipa::path(
    get, path = "/usage", operation_id = "getUsage",
    responses((status = 200, description = "What is used and left", body = UsageStats)),
)]
pub(super) async fn handle(call: Call) -> Answer {
    call.must_see_all()?;
    plain(&total_stats(&call.app.store).await?)
}
