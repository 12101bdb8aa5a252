//! `autocoder task reopen`.

use autocoder_core::ids::TaskId;
use autocoder_core::workflow;
use clap::Args;

use crate::arguments::ById;
use crate::exit::Failure;
use crate::root::Root;

/// Have a passing or blocked task done (again)
#[derive(Args)]
pub(crate) struct Reopen {
    #[command(flatten)]
    task: ById,
    /// Why; the agent reads it
    #[arg(long, value_name = "TEXT", default_value = "")]
    reason: String,
}

impl Reopen {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        let installation = root.open().await?;
        let project = installation.project_of_task(self.task.id, &self.task.in_project).await?;
        let id = TaskId(self.task.id);
        workflow::reopen_task(&installation.context(), project.id, id, &self.reason).await?;
        let view = installation.task(&project, self.task.id).await?;
        root.output.done(&view, &format!("task {id} \"{}\" is pending again", view.name))
    }
}
