//! `autocoder task delete`.

use autocoder_core::ids::TaskId;
use autocoder_core::workflow;
use clap::Args;

use crate::arguments::{ById, Deletion};
use crate::exit::Failure;
use crate::input::confirm_deletion;
use crate::root::Root;
use crate::views::deleted;

/// Delete a task; what depended on it does not any more
#[derive(Args)]
pub(crate) struct Delete {
    #[command(flatten)]
    task: ById,
    #[command(flatten)]
    deletion: Deletion,
}

impl Delete {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        let installation = root.open().await?;
        let project = installation.project_of_task(self.task.id, &self.task.in_project).await?;
        let task = installation.task(&project, self.task.id).await?;
        confirm_deletion(&root.output, self.deletion, &format!("task {} \"{}\"", task.id, task.name))?;
        let id = TaskId(self.task.id);
        workflow::delete_task(&installation.context(), project.id, id, self.deletion.force).await?;
        root.output.done(&deleted("task", id, 1), &format!("task {id} \"{}\" deleted", task.name))
    }
}
