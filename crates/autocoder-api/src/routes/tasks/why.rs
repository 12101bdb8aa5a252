//! `GET /projects/{name}/tasks/{id}/why`.

use actix_web::web::Path;
use autocoder_core::ids::TaskId;
use autocoder_core::workflow::{self, WhyView};

use crate::call::Call;
use crate::reply::{Answer, plain};

/// Whether a task can be claimed, and exactly why not
#[utoipa::path(
    get, path = "/projects/{name}/tasks/{id}/why", operation_id = "explainTask",
    params(("name" = String, Path, description = "The project"), ("id" = i64, Path, description = "The task")),
    responses((status = 200, description = "Everything in its way", body = WhyView)),
)]
pub(super) async fn handle(call: Call, path: Path<(String, i64)>) -> Answer {
    let project = call.project_id(&path.0).await?;
    plain(&workflow::why_task(&call.context(), project, TaskId(path.1)).await?)
}
