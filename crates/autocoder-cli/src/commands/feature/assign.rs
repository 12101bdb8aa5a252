//! `autocoder feature assign`.

use autocoder_core::agent::RunnerKind;
use autocoder_core::ids::{AgentId, FeatureId};
use autocoder_core::workflow;
use clap::Args;

use crate::arguments::ById;
use crate::exit::Failure;
use crate::root::Root;

/// Give a feature to one agent, to a new one, or to everyone again
#[derive(Args)]
#[command(after_help = "\
Examples:
  autocoder feature assign 7 coder-1
  autocoder feature assign 7 --new --runner codex
  autocoder feature assign 7 --nobody")]
pub(crate) struct Assign {
    #[command(flatten)]
    feature: ById,
    /// The agent; one that nobody knew is added
    #[arg(required_unless_present_any = ["nobody", "new"], conflicts_with_all = ["nobody", "new"])]
    agent: Option<String>,
    /// A new coder of the first free name, which starts when the project runs
    #[arg(long, conflicts_with = "nobody")]
    new: bool,
    /// What drives the new agent: claude-code, codex, gemini, opencode, command or rehearsal
    #[arg(long, value_name = "KIND", requires = "new", default_value = "claude-code")]
    runner: RunnerKind,
    /// Every agent may work on it
    #[arg(long)]
    nobody: bool,
}

impl Assign {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        let installation = root.open().await?;
        let project = installation.project(&self.feature.in_project).await?;
        let (id, agent) = (FeatureId(self.feature.id), self.agent.map(AgentId));
        let cx = installation.context();
        if self.new {
            workflow::assign_feature_to_new(&cx, project.id, id, self.runner).await?;
        } else {
            workflow::assign_feature(&cx, project.id, id, agent).await?;
        }
        let view = installation.feature(&project, self.feature.id).await?;
        let whom = view.agent_id.as_ref().map_or("nobody: every agent may work on it", |agent| &agent.0);
        let alone = view.independence.as_ref().filter(|alone| !alone.can_run_independently);
        let note = alone.map(|alone| format!("\nnot beside others: {}", alone.reason)).unwrap_or_default();
        root.output.done(&view, &format!("feature {id} \"{}\" is assigned to {whom}{note}", view.name))
    }
}
