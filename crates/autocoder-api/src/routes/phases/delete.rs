//! `DELETE /projects/{name}/phases/{id}`.

use actix_web::web::Path;
use autocoder_core::changes::Node;
use autocoder_core::ids::PhaseId;
use autocoder_core::workflow;

use crate::body::Params;
use crate::call::Call;
use crate::reply::{Answer, Deleted, Force, plain};

/// Delete a phase with everything in it; refused while an agent holds a task of it, unless forced
#[utoipa::path(
    delete, path = "/projects/{name}/phases/{id}", operation_id = "deletePhase",
    params(("name" = String, Path, description = "The project"), ("id" = i64, Path, description = "The phase"), Force),
    responses((status = 200, description = "How many rows went", body = Deleted)),
)]
pub(super) async fn handle(mut call: Call, path: Path<(String, i64)>, params: Params<Force>) -> Answer {
    let (project, id) = (call.project_id(&path.0).await?, PhaseId(path.1));
    let cx = call.changing(Node::Phase(id))?;
    plain(&Deleted { deleted_tasks: workflow::delete_phase(&cx, project, id, params.0.force).await? })
}
