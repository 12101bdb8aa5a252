//! `GET /projects/{name}/tasks/{id}`.

use actix_web::web::Path;
use autocoder_core::ids::TaskId;
use autocoder_core::view::{EvidenceView, TaskWithEvidence};

use crate::call::Call;
use crate::reply::{Answer, shown};

/// One task with everything, and what its verification gave
#[utoipa::path(
    get, path = "/projects/{name}/tasks/{id}", operation_id = "getTask",
    params(("name" = String, Path, description = "The project"), ("id" = i64, Path, description = "The task")),
    responses((status = 200, description = "The task", body = TaskWithEvidence)),
)]
pub(super) async fn handle(call: Call, path: Path<(String, i64)>) -> Answer {
    let project = call.project_id(&path.0).await?;
    let task = call.task(project, TaskId(path.1)).await?;
    let evidence = call.queries().evidence(project, task.id).await?;
    shown(&TaskWithEvidence { task, evidence: evidence.into_iter().map(EvidenceView::from).collect() })
}
