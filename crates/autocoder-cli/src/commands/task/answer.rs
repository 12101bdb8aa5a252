//! `autocoder task answer`.

use autocoder_core::ids::TaskId;
use autocoder_core::workflow;
use clap::Args;

use crate::arguments::ById;
use crate::exit::Failure;
use crate::root::Root;

/// Answer the question of a task; an agent takes it up again
#[derive(Args)]
#[command(after_help = "Example:\n  autocoder task answer 42 'use the browser storage'")]
pub(crate) struct Answer {
    #[command(flatten)]
    task: ById,
    /// The answer
    text: String,
}

impl Answer {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        let installation = root.open().await?;
        let project = installation.project_of_task(self.task.id, &self.task.in_project).await?;
        let id = TaskId(self.task.id);
        workflow::answer_task(&installation.context(), project.id, id, &self.text).await?;
        let view = installation.task(&project, self.task.id).await?;
        root.output.done(&view, &format!("task {id} \"{}\" is answered and pending again", view.name))
    }
}
