//! `POST /projects/{name}/archive`.

use actix_web::web::Path;
use autocoder_core::changes::Node;
use autocoder_core::view::ProjectView;
use autocoder_core::workflow;

use crate::call::Call;
use crate::reply::{Answer, shown};

/// Put a project away; it hands out nothing
#[utoipa::path(
    post, path = "/projects/{name}/archive", operation_id = "archiveProject",
    params(("name" = String, Path, description = "The project")),
    responses((status = 200, description = "The project, archived", body = ProjectView)),
)]
pub(super) async fn handle(mut call: Call, path: Path<String>) -> Answer {
    let project = call.project_id(&path).await?;
    workflow::archive_project(&call.changing(Node::Project(project))?, project).await?;
    shown(&call.project(&path).await?)
}
