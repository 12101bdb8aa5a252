//! `DELETE /projects/{name}/tasks/{id}`.

use actix_web::web::Path;
use autocoder_core::changes::Node;
use autocoder_core::ids::TaskId;
use autocoder_core::workflow;

use crate::body::Params;
use crate::call::Call;
use crate::reply::{Answer, Deleted, Force, plain};

/// Delete a task; what waited for it does not any more. Refused while an agent holds it, unless forced
#[utoipa::path(
    delete, path = "/projects/{name}/tasks/{id}", operation_id = "deleteTask",
    params(("name" = String, Path, description = "The project"), ("id" = i64, Path, description = "The task"), Force),
    responses((status = 200, description = "How many rows went", body = Deleted)),
)]
pub(super) async fn handle(mut call: Call, path: Path<(String, i64)>, params: Params<Force>) -> Answer {
    let (project, id) = (call.project_id(&path.0).await?, TaskId(path.1));
    workflow::delete_task(&call.changing(Node::Task(id))?, project, id, params.0.force).await?;
    plain(&Deleted { deleted_tasks: 1 })
}
