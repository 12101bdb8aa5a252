//! `autocoder schedule add`.

use autocoder_core::schedule::NewSchedule;
use autocoder_core::workflow;
use autocoder_usage::view::ScheduleView;
use clap::Args;

use super::{Days, days, sentence};
use crate::arguments::InProject;
use crate::exit::Failure;
use crate::root::Root;

/// Add a window in which agents get new tasks
#[derive(Args)]
#[command(after_help = "\
Example:
  autocoder schedule add mon-fri 22:00 06:00 --time-zone Europe/Berlin")]
pub(crate) struct Add {
    /// The days on which it begins: mon-fri, sat,sun or daily
    #[arg(value_parser = days)]
    days: Days,
    /// When it begins, HH:MM
    starts: String,
    /// When it ends, HH:MM; on the next day unless it is later than the beginning
    ends: String,
    /// The time zone of both
    #[arg(long, value_name = "ZONE", default_value = "UTC")]
    time_zone: String,
    #[command(flatten)]
    in_project: InProject,
}

impl Add {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        let installation = root.open().await?;
        let project = installation.project(&self.in_project).await?;
        let Self { days, starts, ends, time_zone, .. } = self;
        let new = NewSchedule { days: days.0, starts, ends, time_zone, enabled: true };
        let schedule = workflow::add_schedule(&installation.context(), project.id, new).await?;
        let view = ScheduleView::from(schedule);
        root.output.done(&view, &format!("schedule {}", sentence(&view)))
    }
}
