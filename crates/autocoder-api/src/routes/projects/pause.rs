//! `POST /projects/{name}/pause`.

use actix_web::web::Path;
use autocoder_core::changes::Node;
use autocoder_core::view::ProjectView;
use autocoder_core::workflow;

use crate::call::Call;
use crate::reply::{Answer, shown};

/// Hand out no new task of a project; what agents hold they may finish
#[utoipa::path(
    post, path = "/projects/{name}/pause", operation_id = "pauseProject",
    params(("name" = String, Path, description = "The project")),
    responses((status = 200, description = "The project, paused", body = ProjectView)),
)]
pub(super) async fn handle(mut call: Call, path: Path<String>) -> Answer {
    let project = call.project_id(&path).await?;
    workflow::pause_project(&call.changing(Node::Project(project))?, project).await?;
    shown(&call.project(&path).await?)
}
