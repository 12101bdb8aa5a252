//! `autocoder agent start`, `stop`, `pause` and `resume`: what a person wants an agent to do.

use autocoder_core::agent::Wanted;
use autocoder_core::ids::AgentId;
use autocoder_core::workflow::{self, AgentPatch};

use crate::arguments::ByAgent;
use crate::exit::Failure;
use crate::root::Root;
use crate::running_server::RunningServer;

pub(super) async fn tell(root: &Root, agent: ByAgent, wanted: Wanted, what: &str) -> Result<(), Failure> {
    let installation = root.open().await?;
    let project = installation.project(&agent.in_project).await?;
    let patch = AgentPatch { wanted: Some(wanted), ..AgentPatch::default() };
    workflow::edit_agent(&installation.context(), project.id, &AgentId(agent.agent.clone()), patch).await?;
    let view = installation.agent(&project, &agent.agent).await?;
    let idle = match (wanted, &project.driven_by) {
        (Wanted::Running, None) if RunningServer::find(&root.config.data_dir.value).is_some() => {
            "; the server takes it in a moment".to_owned()
        }
        (Wanted::Running, None) => {
            format!("; nobody drives \"{0}\", start with: {1} run --project {0}", project.name, root.config.command())
        }
        _ => String::new(),
    };
    root.output.done(&view, &format!("agent {} {what}{idle}", view.id))
}
