//! `GET /projects/{name}/schedules`.

use actix_web::web::Path;
use autocoder_core::view::Page;
use autocoder_usage::view::ScheduleView;

use crate::body::Params;
use crate::call::Call;
use crate::reply::{Answer, Part, plain};

/// The schedules of a project, by id
#[utoipa::path(
    get, path = "/projects/{name}/schedules", operation_id = "listSchedules",
    params(("name" = String, Path, description = "The project"), Part),
    responses((status = 200, description = "A part of the schedules", body = Page<ScheduleView>)),
)]
pub(super) async fn handle(call: Call, path: Path<String>, part: Params<Part>) -> Answer {
    let project = call.project_id(&path).await?;
    let schedules = call.store().accounting().schedules(project).await?;
    let views: Vec<ScheduleView> = schedules.into_iter().map(ScheduleView::from).collect();
    plain(&part.0.of(views, |schedule| schedule.id.to_string())?)
}
