//! `autocoder task depends`.

use autocoder_core::ids::TaskId;
use autocoder_core::workflow;
use clap::Args;

use crate::arguments::{ById, id};
use crate::exit::Failure;
use crate::root::Root;

/// Make a task wait for exactly these others
#[derive(Args)]
#[command(after_help = "\
Examples:
  autocoder task depends 42 --on 12 17
  autocoder task depends 42 --on-nothing")]
pub(crate) struct Depends {
    #[command(flatten)]
    task: ById,
    /// The tasks that must pass first
    #[arg(
        long, value_name = "TASK", num_args = 1.., value_delimiter = ',', value_parser = id,
        allow_negative_numbers = true, required_unless_present = "on_nothing", conflicts_with = "on_nothing"
    )]
    on: Vec<i64>,
    /// It waits for nothing
    #[arg(long)]
    on_nothing: bool,
}

impl Depends {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        let installation = root.open().await?;
        let project = installation.project_of_task(self.task.id, &self.task.in_project).await?;
        let on = self.on.into_iter().map(TaskId).collect();
        workflow::set_dependencies(&installation.context(), project.id, TaskId(self.task.id), on).await?;
        let view = installation.task(&project, self.task.id).await?;
        let names: Vec<_> = view.depends_on.iter().map(|link| format!("{} \"{}\"", link.id, link.name)).collect();
        let names = if names.is_empty() { "nothing".to_owned() } else { names.join(", ") };
        root.output.done(&view, &format!("task {} \"{}\" waits for {names}", view.id, view.name))
    }
}
