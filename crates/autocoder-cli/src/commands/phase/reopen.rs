//! `autocoder phase reopen`.

use autocoder_core::ids::PhaseId;
use autocoder_core::workflow;
use clap::Args;

use crate::arguments::ById;
use crate::exit::Failure;
use crate::root::Root;

/// Take an approval back, as long as no later phase has started
#[derive(Args)]
pub(crate) struct Reopen {
    #[command(flatten)]
    phase: ById,
    /// Why
    #[arg(long, value_name = "TEXT", default_value = "")]
    reason: String,
}

impl Reopen {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        let installation = root.open().await?;
        let project = installation.project(&self.phase.in_project).await?;
        let id = PhaseId(self.phase.id);
        workflow::reopen_phase(&installation.context(), project.id, id, &self.reason).await?;
        let view = installation.phase(&project, self.phase.id).await?;
        root.output.done(&view, &format!("phase {id} \"{}\" is open again", view.name))
    }
}
