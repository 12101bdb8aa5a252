//! `DELETE /projects/{name}`.

use actix_web::web::Path;
use autocoder_core::changes::Node;
use autocoder_core::workflow;

use crate::body::Params;
use crate::call::Call;
use crate::reply::{Answer, Deleted, Force, plain};

/// Delete a project with its plan; its code stays. Refused while an agent holds a task of it, unless forced
#[utoipa::path(
    delete, path = "/projects/{name}", operation_id = "deleteProject",
    params(("name" = String, Path, description = "The project"), Force),
    responses((status = 200, description = "How many rows went", body = Deleted)),
)]
pub(super) async fn handle(mut call: Call, path: Path<String>, params: Params<Force>) -> Answer {
    let project = call.project_id(&path).await?;
    let cx = call.changing(Node::Project(project))?;
    plain(&Deleted { deleted_tasks: workflow::delete_project(&cx, project, params.0.force).await? })
}
