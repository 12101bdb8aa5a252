//! `autocoder agent add`.

use autocoder_core::agent::{AgentOptions, Wanted};
use autocoder_core::ids::AgentId;
use autocoder_core::workflow;
use clap::Args;

use super::settings::Settings;
use crate::arguments::ByAgent;
use crate::exit::Failure;
use crate::root::Root;

/// Add an agent, or change one that is there
#[derive(Args)]
#[command(after_help = "\
Examples:
  autocoder agent add coder-1 --runner claude-code --model opus
  autocoder agent add coder-2 --runner command -- ./my-agent {prompt_file}

A new agent that Autocoder drives works when it is started: autocoder agent start coder-1")]
pub(crate) struct Add {
    #[command(flatten)]
    agent: ByAgent,
    #[command(flatten)]
    settings: Settings,
}

impl Add {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        let installation = root.open().await?;
        let project = installation.project(&self.agent.in_project).await?;
        let id = AgentId(self.agent.agent);
        let known = installation.queries().agents(project.id).await?.into_iter().find(|agent| agent.id == id);
        let patch = self.settings.patch(known.map_or_else(AgentOptions::default, |agent| agent.options));
        workflow::register_agent(&installation.context(), project.id, &id, patch).await?;
        let view = installation.agent(&project, &id.0).await?;
        let next = match view.wanted {
            Wanted::Stopped => format!("; start it with: {} agent start {id}", root.config.command()),
            Wanted::Running | Wanted::Paused => String::new(),
        };
        root.output.done(
            &view,
            &format!("agent {id} of \"{}\" is a {} driven by {}{next}", project.name, view.role, view.runner),
        )
    }
}
