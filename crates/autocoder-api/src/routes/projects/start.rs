//! `POST /projects/{name}/start`.

use actix_web::web::Path;
use autocoder_core::changes::Node;
use autocoder_core::view::ProjectView;
use autocoder_core::workflow;

use crate::call::Call;
use crate::reply::{Answer, shown};

/// Let agents work on a project; its first open phase starts when it has not yet
#[utoipa::path(
    post, path = "/projects/{name}/start", operation_id = "startProject",
    params(("name" = String, Path, description = "The project")),
    responses((status = 200, description = "The project, active", body = ProjectView)),
)]
pub(super) async fn handle(mut call: Call, path: Path<String>) -> Answer {
    let project = call.project_id(&path).await?;
    workflow::start_project(&call.changing(Node::Project(project))?, project).await?;
    shown(&call.project(&path).await?)
}
