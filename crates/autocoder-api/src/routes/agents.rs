//! Agents: the named workers of a project, and what a person wants them to do.

mod create;
mod delete;
mod edit;
mod list;
mod pause;
mod resume;
mod show;
mod start;
mod stop;

use autocoder_core::agent::{Agent, Wanted};
use autocoder_core::ids::ProjectId;
use autocoder_core::view::AgentView;
use autocoder_core::workflow::{self, AgentPatch};

use crate::call::Call;
use crate::operations::{Operations, operations};
use crate::problem::Problem;
use crate::reply::{Answer, plain};

pub(super) fn add(list: &mut Operations) {
    operations!(list, "agents";
        Viewer list, Editor create, Viewer show, Editor edit, Editor delete,
        Editor start, Editor stop, Editor pause, Editor resume,
    );
}

/// The agent of that name.
async fn find(call: &Call, project: ProjectId, id: &str) -> Result<Agent, Problem> {
    let agents = call.queries().agents(project).await?;
    let missing = || Problem::missing("agent", id.chars().take(80).collect::<String>().escape_debug());
    agents.into_iter().find(|agent| agent.id.0 == id).ok_or_else(missing)
}

/// Writes what a person wants an agent to do; the crew that drives it follows.
async fn want((name, id): &(String, String), call: &Call, wanted: Wanted) -> Answer {
    let project = call.project_id(name).await?;
    let agent = find(call, project, id).await?;
    let patch = AgentPatch { wanted: Some(wanted), ..AgentPatch::default() };
    plain(&AgentView::from(workflow::edit_agent(&call.context(), project, &agent.id, patch).await?))
}
