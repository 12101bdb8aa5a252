//! `autocoder phase start`.

use autocoder_core::ids::PhaseId;
use autocoder_core::workflow;
use clap::Args;

use crate::arguments::ById;
use crate::exit::Failure;
use crate::root::Root;

/// Start a phase by hand; every earlier one must be completed
#[derive(Args)]
pub(crate) struct Start {
    #[command(flatten)]
    phase: ById,
}

impl Start {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        let installation = root.open().await?;
        let project = installation.project(&self.phase.in_project).await?;
        workflow::start_phase(&installation.context(), project.id, PhaseId(self.phase.id)).await?;
        let view = installation.phase(&project, self.phase.id).await?;
        root.output.done(&view, &format!("phase {} \"{}\" has started", view.id, view.name))
    }
}
