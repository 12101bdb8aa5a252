//! `autocoder feature assign`.

use autocoder_core::ids::{AgentId, FeatureId};
use autocoder_core::workflow;
use clap::Args;

use crate::arguments::ById;
use crate::exit::Failure;
use crate::root::Root;

/// Give a feature to one agent, or to everyone again
#[derive(Args)]
#[command(after_help = "\
Examples:
  autocoder feature assign 7 coder-1
  autocoder feature assign 7 --nobody")]
pub(crate) struct Assign {
    #[command(flatten)]
    feature: ById,
    /// The agent; one that nobody knew is added
    #[arg(required_unless_present = "nobody", conflicts_with = "nobody")]
    agent: Option<String>,
    /// Every agent may work on it
    #[arg(long)]
    nobody: bool,
}

impl Assign {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        let installation = root.open().await?;
        let project = installation.project(&self.feature.in_project).await?;
        let (id, agent) = (FeatureId(self.feature.id), self.agent.map(AgentId));
        workflow::assign_feature(&installation.context(), project.id, id, agent).await?;
        let view = installation.feature(&project, self.feature.id).await?;
        let whom = view.agent_id.as_ref().map_or("nobody: every agent may work on it", |agent| &agent.0);
        root.output.done(&view, &format!("feature {id} \"{}\" is assigned to {whom}", view.name))
    }
}
