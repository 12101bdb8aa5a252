//! `POST /projects/{name}/resume`.

use actix_web::web::Path;
use autocoder_core::changes::Node;
use autocoder_core::view::ProjectView;
use autocoder_core::workflow;

use crate::call::Call;
use crate::reply::{Answer, shown};

/// Go on after a pause, or take a project out of the archive
#[utoipa::path(
    post, path = "/projects/{name}/resume", operation_id = "resumeProject",
    params(("name" = String, Path, description = "The project")),
    responses((status = 200, description = "The project, active", body = ProjectView)),
)]
pub(super) async fn handle(mut call: Call, path: Path<String>) -> Answer {
    let project = call.project_id(&path).await?;
    workflow::resume_project(&call.changing(Node::Project(project))?, project).await?;
    shown(&call.project(&path).await?)
}
