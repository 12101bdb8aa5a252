//! `autocoder task skip`.

use autocoder_core::ids::TaskId;
use autocoder_core::workflow;
use clap::Args;

use crate::arguments::ById;
use crate::exit::Failure;
use crate::root::Root;

/// Put a task behind every other one of its feature
#[derive(Args)]
pub(crate) struct Skip {
    #[command(flatten)]
    task: ById,
    /// Why
    #[arg(long, value_name = "TEXT", default_value = "")]
    reason: String,
}

impl Skip {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        let installation = root.open().await?;
        let project = installation.project_of_task(self.task.id, &self.task.in_project).await?;
        let id = TaskId(self.task.id);
        workflow::skip_task_as_person(&installation.context(), project.id, id, &self.reason).await?;
        let view = installation.task(&project, self.task.id).await?;
        root.output.done(&view, &format!("task {id} \"{}\" comes last in its feature now", view.name))
    }
}
