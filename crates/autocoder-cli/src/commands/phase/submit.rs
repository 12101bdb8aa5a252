//! `autocoder phase submit`.

use autocoder_core::ids::PhaseId;
use autocoder_core::workflow;
use clap::Args;

use crate::arguments::ById;
use crate::exit::Failure;
use crate::root::Root;

/// Hand a finished phase to a person
#[derive(Args)]
pub(crate) struct Submit {
    #[command(flatten)]
    phase: ById,
}

impl Submit {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        let installation = root.open().await?;
        let project = installation.project(&self.phase.in_project).await?;
        workflow::submit_phase(&installation.context(), project.id, PhaseId(self.phase.id)).await?;
        let view = installation.phase(&project, self.phase.id).await?;
        root.output.done(&view, &format!("phase {} \"{}\" waits for approval", view.id, view.name))
    }
}
