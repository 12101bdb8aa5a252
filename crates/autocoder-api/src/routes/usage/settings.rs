//! `GET /usage/settings`.

use autocoder_usage::meter::read_settings;
use autocoder_usage::settings::UsageSettings;

use crate::call::Call;
use crate::reply::{Answer, plain};

/// The monthly limit, its period and its thresholds
#[utoipa::path(
    get, path = "/usage/settings", operation_id = "getUsageSettings",
    responses((status = 200, description = "The settings in force", body = UsageSettings)),
)]
pub(super) async fn handle(call: Call) -> Answer {
    plain(&read_settings(call.store().ledger()).await?)
}
