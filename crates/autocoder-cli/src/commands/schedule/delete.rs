//! `autocoder schedule delete`.

use autocoder_core::ids::ScheduleId;
use autocoder_core::workflow;
use clap::Args;

use crate::arguments::ById;
use crate::exit::Failure;
use crate::root::Root;
use crate::views::deleted;

/// Delete a window
#[derive(Args)]
pub(crate) struct Delete {
    #[command(flatten)]
    schedule: ById,
}

impl Delete {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        let installation = root.open().await?;
        let project = installation.project(&self.schedule.in_project).await?;
        let id = ScheduleId(self.schedule.id);
        workflow::delete_schedule(&installation.context(), project.id, id).await?;
        root.output.done(&deleted("schedule", id, 0), &format!("schedule {id} deleted"))
    }
}
