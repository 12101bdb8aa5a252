//! `PUT /usage/settings`.

use autocoder_usage::change_settings::change_settings;
use autocoder_usage::settings::UsageSettings;

use crate::body::Body;
use crate::call::Call;
use crate::reply::{Answer, plain};

/// Replace the settings; what is left out becomes its default
#[utoipa::path(
    put, path = "/usage/settings", operation_id = "replaceUsageSettings",
    request_body = UsageSettings,
    responses((status = 200, description = "The settings in force", body = UsageSettings)),
)]
pub(super) async fn handle(call: Call, body: Body<UsageSettings>) -> Answer {
    call.must_see_all()?;
    plain(&change_settings(&call.context(), |_| body.0).await?)
}
