//! `POST /projects/{name}/schedules`.

use actix_web::web::Path;
use autocoder_core::budget::Weekday;
use autocoder_core::schedule::{NewSchedule, ScheduleKind};
use autocoder_core::workflow;
use autocoder_usage::view::ScheduleView;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::body::{Body, told};
use crate::call::Call;
use crate::reply::{Answer, created};

/// What a new schedule is made from.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CreateSchedule {
    /// `work`: new tasks are handed out in it (left out: this); `quiet`: nothing new is, whatever other windows say.
    #[serde(default, deserialize_with = "told")]
    #[schema(nullable = false)]
    kind: Option<ScheduleKind>,
    /// The most that may be used in one window for work, in nano-USD; left out: any amount.
    #[serde(default, deserialize_with = "told")]
    #[schema(nullable = false, minimum = 0, maximum = 9007199254740992_u64)]
    max_cost_nusd: Option<u64>,
    /// The days on which the window begins.
    #[schema(inline, min_items = 1, example = json!(["monday", "friday"]))]
    days: Vec<Weekday>,
    /// When it begins.
    #[schema(example = "22:00", pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$")]
    starts: String,
    /// When it ends: on the next day unless it is later than the beginning; the same time means a whole day.
    #[schema(example = "06:00", pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$")]
    ends: String,
    /// The IANA time zone of both; left out: UTC.
    #[serde(default, deserialize_with = "told")]
    #[schema(nullable = false, example = "Europe/Berlin")]
    time_zone: Option<String>,
    /// Whether it counts; left out: it does.
    #[serde(default, deserialize_with = "told")]
    #[schema(nullable = false)]
    enabled: Option<bool>,
}

/// Add a schedule; with one or more enabled, new tasks are handed out only inside of them
#[utoipa::path(
    post, path = "/projects/{name}/schedules", operation_id = "createSchedule",
    params(("name" = String, Path, description = "The project")),
    request_body = CreateSchedule,
    responses((status = 201, description = "The new schedule", body = ScheduleView)),
)]
pub(super) async fn handle(call: Call, path: Path<String>, body: Body<CreateSchedule>) -> Answer {
    let project = call.project_id(&path).await?;
    let CreateSchedule { kind, max_cost_nusd, days, starts, ends, time_zone, enabled } = body.0;
    let (time_zone, enabled) = (time_zone.unwrap_or_else(|| "UTC".to_owned()), enabled.unwrap_or(true));
    let kind = kind.unwrap_or(ScheduleKind::Work);
    let new = NewSchedule { kind, max_cost_nusd, days, starts, ends, time_zone, enabled };
    let schedule = workflow::add_schedule(&call.context(), project, new).await?;
    let place = format!("/api/projects/{}/schedules/{}", path, schedule.id);
    created(&ScheduleView::from(schedule), place)
}
