//! `autocoder agent edit`.

use autocoder_core::ids::AgentId;
use autocoder_core::workflow;
use clap::Args;

use super::settings::Settings;
use crate::arguments::ByAgent;
use crate::exit::Failure;
use crate::root::Root;

/// Change an agent; its next run is driven so
#[derive(Args)]
#[command(after_help = "Example:\n  autocoder agent edit rehearsal-1 --speed 60 --fail-rate 0.1")]
pub(crate) struct Edit {
    #[command(flatten)]
    agent: ByAgent,
    #[command(flatten)]
    settings: Settings,
}

impl Edit {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        let installation = root.open().await?;
        let project = installation.project(&self.agent.in_project).await?;
        let known = installation.agent(&project, &self.agent.agent).await?;
        let patch = self.settings.patch(known.options);
        workflow::edit_agent(&installation.context(), project.id, &AgentId(self.agent.agent), patch).await?;
        let view = installation.agent(&project, &known.id.0).await?;
        root.output.done(&view, &format!("agent {} is a {} driven by {}", view.id, view.role, view.runner))
    }
}
