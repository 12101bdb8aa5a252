//! `autocoder phase reject`.

use autocoder_core::ids::{PhaseId, TaskId};
use autocoder_core::workflow::{self, Rejection};
use clap::Args;

use crate::arguments::{ById, id};
use crate::exit::{Failure, count};
use crate::root::Root;

/// Send a phase back from its gate, with a reason
#[derive(Args)]
#[command(after_help = "\
Examples:
  autocoder phase reject 3 --reason 'the list jumps on a phone'
  autocoder phase reject 3 --reason 'see the review' --reopen 17 21

Without --reopen a task \"Address review: …\" is added, so that there is work to do; a reason
with a list (lines that begin with \"- \" or \"1. \") adds one for each item.")]
pub(crate) struct Reject {
    #[command(flatten)]
    phase: ById,
    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// Tasks to do again
    #[arg(long, value_name = "TASK", num_args = 1.., value_delimiter = ',', value_parser = id)]
    reopen: Vec<i64>,
}

impl Reject {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        let installation = root.open().await?;
        let project = installation.project(&self.phase.in_project).await?;
        let reopen: Vec<_> = self.reopen.into_iter().map(TaskId).collect();
        let work = match reopen.len() {
            0 => "what you wrote was added under \"Review findings\"".to_owned(),
            reopened => format!("{} reopened", count(reopened, "task")),
        };
        let rejection = Rejection { reason: self.reason, reopen };
        workflow::reject_phase(&installation.context(), project.id, PhaseId(self.phase.id), &rejection).await?;
        let view = installation.phase(&project, self.phase.id).await?;
        root.output.done(&view, &format!("phase {} \"{}\" rejected; {work}", view.id, view.name))
    }
}
