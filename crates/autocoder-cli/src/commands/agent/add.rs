//! `autocoder agent add`.

use autocoder_core::agent::{Role, RunnerKind};
use autocoder_core::ids::AgentId;
use autocoder_core::workflow::{self, AgentPatch};
use clap::Args;

use crate::arguments::ByAgent;
use crate::exit::Failure;
use crate::root::Root;

/// Add an agent, or change one that is there
#[derive(Args)]
#[command(after_help = "Example:\n  autocoder agent add coder-1 --runner claude-code --model opus")]
pub(crate) struct Add {
    #[command(flatten)]
    agent: ByAgent,
    /// What it is for: planner, spec_writer, coder, tester or reviewer
    #[arg(long)]
    role: Option<Role>,
    /// What drives it: claude-code, command, rehearsal or external
    #[arg(long)]
    runner: Option<RunnerKind>,
    /// The model it asks for; empty: the runner's own choice
    #[arg(long)]
    model: Option<String>,
}

impl Add {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        let installation = root.open().await?;
        let project = installation.project(&self.agent.in_project).await?;
        let patch = AgentPatch { role: self.role, runner: self.runner, model: self.model, wanted: None };
        let id = AgentId(self.agent.agent);
        workflow::register_agent(&installation.context(), project.id, &id, patch).await?;
        let view = installation.agent(&project, &id.0).await?;
        root.output
            .done(&view, &format!("agent {id} of \"{}\" is a {} driven by {}", project.name, view.role, view.runner))
    }
}
