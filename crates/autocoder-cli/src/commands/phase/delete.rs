//! `autocoder phase delete`.

use autocoder_core::ids::PhaseId;
use autocoder_core::workflow;
use clap::Args;

use crate::arguments::{ById, Deletion};
use crate::exit::{Failure, count};
use crate::input::confirm_deletion;
use crate::root::Root;
use crate::views::deleted;

/// Delete a phase with its features and tasks
#[derive(Args)]
pub(crate) struct Delete {
    #[command(flatten)]
    phase: ById,
    #[command(flatten)]
    deletion: Deletion,
}

impl Delete {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        let installation = root.open().await?;
        let project = installation.project(&self.phase.in_project).await?;
        let phase = installation.phase(&project, self.phase.id).await?;
        let tasks = count(usize::try_from(phase.task_count).unwrap_or(0), "task");
        confirm_deletion(&root.output, self.deletion, &format!("phase {} \"{}\" with {tasks}", phase.id, phase.name))?;
        let id = PhaseId(self.phase.id);
        let gone = workflow::delete_phase(&installation.context(), project.id, id, self.deletion.force).await?;
        let sentence = format!("phase {id} \"{}\" deleted with {}", phase.name, count(gone, "task"));
        root.output.done(&deleted("phase", id, gone), &sentence)
    }
}
