//! `GET /projects/{name}/agents/{id}`.

use actix_web::web::Path;
use autocoder_core::view::AgentView;
use autocoder_core::workflow;

use super::find;
use crate::call::Call;
use crate::reply::{Answer, plain};

/// One agent
#[utoipa::path(
    get, path = "/projects/{name}/agents/{id}", operation_id = "getAgent",
    params(("name" = String, Path, description = "The project"), ("id" = String, Path, description = "The agent")),
    responses((status = 200, description = "The agent", body = AgentView)),
)]
pub(super) async fn handle(call: Call, path: Path<(String, String)>) -> Answer {
    let project = call.project_id(&path.0).await?;
    let agent = find(&call, project, &path.1).await?;
    let views = workflow::agents_at_work(call.store(), project).await?;
    plain(&views.into_iter().find(|view| view.id == agent.id).unwrap_or_else(|| AgentView::from(agent)))
}
