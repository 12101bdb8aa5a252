//! `POST /projects/{name}/phases/{id}/submit`.

use actix_web::web::Path;
use autocoder_core::changes::Node;
use autocoder_core::ids::PhaseId;
use autocoder_core::view::PhaseView;
use autocoder_core::workflow;

use crate::call::Call;
use crate::reply::{Answer, shown};

/// Bring a finished phase to its gate
#[utoipa::path(
    post, path = "/projects/{name}/phases/{id}/submit", operation_id = "submitPhase",
    params(("name" = String, Path, description = "The project"), ("id" = i64, Path, description = "The phase")),
    responses((status = 200, description = "The phase, awaiting approval", body = PhaseView)),
)]
pub(super) async fn handle(mut call: Call, path: Path<(String, i64)>) -> Answer {
    let (project, id) = (call.project_id(&path.0).await?, PhaseId(path.1));
    workflow::submit_phase(&call.changing(Node::Phase(id))?, project, id).await?;
    shown(&call.phase(project, id).await?)
}
