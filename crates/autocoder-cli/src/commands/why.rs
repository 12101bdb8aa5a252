//! `autocoder why`: whether a task can be claimed, and exactly why not.

use autocoder_core::ids::TaskId;
use autocoder_core::workflow::{self, WhyView};
use clap::Args;

use crate::arguments::{InProject, id};
use crate::exit::Failure;
use crate::root::Root;

/// Say why a task is, or is not, worked on
#[derive(Args)]
pub(crate) struct Why {
    /// The task's id
    #[arg(value_name = "TASK", value_parser = id, allow_negative_numbers = true)]
    task: i64,
    #[command(flatten)]
    in_project: InProject,
}

impl Why {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        let installation = root.open().await?;
        let project = installation.project_of_task(self.task, &self.in_project).await?;
        let view = workflow::why_task(&installation.context(), project.id, TaskId(self.task)).await?;
        root.output.show(&view, text)
    }
}

fn text(WhyView { task_id, name, status, ready, reasons }: &WhyView) -> String {
    if *ready {
        return format!("task {task_id} \"{name}\" is ready: an agent gets it when its turn comes");
    }
    let lines: String = reasons.iter().map(|reason| format!("\n  - {}", reason.text)).collect();
    format!("task {task_id} \"{name}\" is {status} and not ready:{lines}")
}
