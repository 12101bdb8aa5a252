//! `DELETE /projects/{name}/schedules/{id}`.

use actix_web::HttpResponse;
use actix_web::web::Path;
use autocoder_core::changes::Node;
use autocoder_core::ids::ScheduleId;
use autocoder_core::workflow;

use crate::call::Call;
use crate::reply::Answer;

/// Delete a schedule
#[utoipa::path(
    delete, path = "/projects/{name}/schedules/{id}", operation_id = "deleteSchedule",
    params(("name" = String, Path, description = "The project"), ("id" = i64, Path, description = "The schedule")),
    responses((status = 204, description = "It is gone")),
)]
pub(super) async fn handle(mut call: Call, path: Path<(String, i64)>) -> Answer {
    let (project, id) = (call.project_id(&path.0).await?, ScheduleId(path.1));
    workflow::delete_schedule(&call.changing(Node::Schedule(id))?, project, id).await?;
    Ok(HttpResponse::NoContent().finish())
}
