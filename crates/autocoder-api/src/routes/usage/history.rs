//! `GET /usage/history`.

use autocoder_core::usage_record::UsageGroup;
use autocoder_usage::report::{MAX_DAYS, usage_history};
use autocoder_usage::view::UsageHistory;
use serde::Deserialize;

use crate::body::Params;
use crate::call::Call;
use crate::problem::Problem;
use crate::reply::{Answer, plain};

/// The days shown when nobody says how many.
const DEFAULT_DAYS: u32 = 30;

/// Which usage is shown.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Wanted {
    /// The last days, today included, in the time zone of the settings.
    #[param(minimum = 1, maximum = 366, default = 30, nullable = false)]
    days: Option<u32>,
    /// Only this project.
    #[param(nullable = false)]
    project: Option<String>,
    /// How it is grouped.
    #[param(inline, nullable = false)]
    group_by: Option<UsageGroup>,
}

/// Usage by day, model, project, phase, feature, task or agent
#[utoipa::path(
    get, path = "/usage/history", operation_id = "getUsageHistory",
    params(Wanted),
    responses((status = 200, description = "Usage by groups", body = UsageHistory)),
)]
pub(super) async fn handle(call: Call, wanted: Params<Wanted>) -> Answer {
    let Wanted { days, project, group_by } = wanted.0;
    let days = days.unwrap_or(DEFAULT_DAYS);
    if !(1..=MAX_DAYS).contains(&days) {
        return Err(Problem::field("days", format!("is `{days}`, must be from 1 to {MAX_DAYS}")));
    }
    let project = match project {
        Some(name) => Some(call.project_id(&name).await?),
        None => call.must_see_all().map(|()| None)?,
    };
    plain(&usage_history(call.store(), project, days, group_by.unwrap_or(UsageGroup::Day)).await?)
}
