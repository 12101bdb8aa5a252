//! `GET /projects/{name}/agents`.

use actix_web::web::Path;
use autocoder_core::view::{AgentView, Page};
use autocoder_core::workflow;

use crate::body::Params;
use crate::call::Call;
use crate::reply::{Answer, Part, plain};

/// The agents of a project, by name
#[utoipa::path(
    get, path = "/projects/{name}/agents", operation_id = "listAgents",
    params(("name" = String, Path, description = "The project"), Part),
    responses((status = 200, description = "A part of the agents", body = Page<AgentView>)),
)]
pub(super) async fn handle(call: Call, path: Path<String>, part: Params<Part>) -> Answer {
    let project = call.project_id(&path).await?;
    let agents = workflow::agents_at_work(call.store(), project).await?;
    plain(&part.0.of(agents, |agent: &AgentView| agent.id.to_string())?)
}
