//! `PATCH /projects/{name}/schedules/{id}`.

use actix_web::web::Path;
use autocoder_core::budget::Weekday;
use autocoder_core::changes::Node;
use autocoder_core::ids::ScheduleId;
use autocoder_core::schedule::{ScheduleKind, SchedulePatch};
use autocoder_core::workflow;
use autocoder_usage::view::ScheduleView;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::body::{Body, told};
use crate::call::Call;
use crate::reply::{Answer, shown};

/// What is changed of a schedule; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EditSchedule {
    /// Whether new tasks are handed out in its window, or nothing new is.
    #[serde(default, deserialize_with = "told")]
    #[schema(nullable = false)]
    kind: Option<ScheduleKind>,
    /// The most that may be used in one window for work, in nano-USD; null: any amount.
    #[serde(default, deserialize_with = "told")]
    #[schema(value_type = Option<u64>, minimum = 0, maximum = 9007199254740992_u64)]
    max_cost_nusd: Option<Option<u64>>,
    /// The days on which the window begins.
    #[serde(default, deserialize_with = "told")]
    #[schema(inline, nullable = false, min_items = 1)]
    days: Option<Vec<Weekday>>,
    /// When it begins.
    #[serde(default, deserialize_with = "told")]
    #[schema(nullable = false, example = "22:00", pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$")]
    starts: Option<String>,
    /// When it ends.
    #[serde(default, deserialize_with = "told")]
    #[schema(nullable = false, example = "06:00", pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$")]
    ends: Option<String>,
    /// The IANA time zone of both.
    #[serde(default, deserialize_with = "told")]
    #[schema(nullable = false, example = "Europe/Berlin")]
    time_zone: Option<String>,
    /// Whether it counts.
    #[serde(default, deserialize_with = "told")]
    #[schema(nullable = false)]
    enabled: Option<bool>,
}

/// Change some fields of a schedule, or switch it on or off
#[utoipa::path(
    patch, path = "/projects/{name}/schedules/{id}", operation_id = "editSchedule",
    params(("name" = String, Path, description = "The project"), ("id" = i64, Path, description = "The schedule")),
    request_body = EditSchedule,
    responses((status = 200, description = "The schedule", body = ScheduleView)),
)]
pub(super) async fn handle(mut call: Call, path: Path<(String, i64)>, body: Body<EditSchedule>) -> Answer {
    let (project, id) = (call.project_id(&path.0).await?, ScheduleId(path.1));
    let EditSchedule { kind, max_cost_nusd, days, starts, ends, time_zone, enabled } = body.0;
    let patch = SchedulePatch { kind, max_cost_nusd, days, starts, ends, time_zone, enabled };
    let schedule = workflow::edit_schedule(&call.changing(Node::Schedule(id))?, project, id, patch).await?;
    shown(&ScheduleView::from(schedule))
}
