//! `autocoder project delete`.

use autocoder_core::workflow;
use clap::Args;

use crate::arguments::Deletion;
use crate::exit::{Failure, count};
use crate::input::confirm_deletion;
use crate::root::Root;
use crate::views::deleted;

/// Delete a project with everything in it; the code stays
#[derive(Args)]
pub(crate) struct Delete {
    /// The project
    name: String,
    #[command(flatten)]
    deletion: Deletion,
}

impl Delete {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        let installation = root.open().await?;
        let project = installation.project_named(&self.name).await?;
        let tasks = count(usize::try_from(project.task_count).unwrap_or(0), "task");
        confirm_deletion(&root.output, self.deletion, &format!("project \"{}\" with {tasks}", project.name))?;
        let gone = workflow::delete_project(&installation.context(), project.id, self.deletion.force).await?;
        let sentence = format!("project \"{}\" deleted with {}", project.name, count(gone, "task"));
        root.output.done(&deleted("project", &project.name, gone), &sentence)
    }
}
