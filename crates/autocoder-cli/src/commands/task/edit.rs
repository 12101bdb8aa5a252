//! `autocoder task edit`.

use autocoder_core::ids::TaskId;
use autocoder_core::task::TaskPatch;
use autocoder_core::workflow;
use clap::Args;

use crate::arguments::{ById, complexity, priority};
use crate::exit::Failure;
use crate::root::Root;

/// Change what a task says; its status has verbs of its own
#[derive(Args)]
pub(crate) struct Edit {
    #[command(flatten)]
    task: ById,
    #[command(flatten)]
    patch: Patch,
}

#[derive(Args)]
#[group(required = true, multiple = true)]
struct Patch {
    /// Its name
    #[arg(long)]
    name: Option<String>,
    /// What sort of work it is
    #[arg(long, value_name = "WORD")]
    category: Option<String>,
    /// What is to be done
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    /// All steps anew; repeat it for more
    #[arg(long = "step", value_name = "TEXT")]
    steps: Option<Vec<String>>,
    /// From 1 to 5
    #[arg(long, value_name = "N", value_parser = complexity, allow_negative_numbers = true)]
    complexity: Option<u8>,
    /// Lower runs first
    #[arg(long, value_name = "N", value_parser = priority, allow_negative_numbers = true)]
    priority: Option<i32>,
}

impl Edit {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        let installation = root.open().await?;
        let project = installation.project_of_task(self.task.id, &self.task.in_project).await?;
        let Patch { name, category, description, steps, complexity, priority } = self.patch;
        let patch = TaskPatch { name, category, description, steps, complexity, priority };
        workflow::edit_task(&installation.context(), project.id, TaskId(self.task.id), patch).await?;
        let view = installation.task(&project, self.task.id).await?;
        root.output.done(&view, &format!("task {} \"{}\" changed", view.id, view.name))
    }
}
