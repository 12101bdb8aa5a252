//! `autocoder schedule add`.

use autocoder_core::schedule::{NewSchedule, ScheduleKind};
use autocoder_core::workflow;
use autocoder_usage::view::ScheduleView;
use clap::Args;

use super::{Days, days, sentence, usd};
use crate::arguments::InProject;
use crate::exit::Failure;
use crate::root::Root;

/// Add a window in which agents get new tasks, or quiet hours in which they get none
#[derive(Args)]
#[command(after_help = "\
Examples:
  autocoder schedule add mon-fri 22:00 06:00 --time-zone Europe/Berlin --max-cost 5
  autocoder schedule add sat,sun 00:00 00:00 --kind quiet")]
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
    /// work, or quiet: nothing new is handed out in this window, whatever other windows say
    #[arg(long, value_name = "KIND", default_value = "work")]
    kind: ScheduleKind,
    /// The most that may be used in one such window, in USD; then nothing new is handed out until the next
    #[arg(long, value_name = "USD", value_parser = usd, allow_negative_numbers = true)]
    max_cost: Option<u64>,
    #[command(flatten)]
    in_project: InProject,
}

impl Add {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        let installation = root.open().await?;
        let project = installation.project(&self.in_project).await?;
        let Self { days, starts, ends, time_zone, kind, max_cost: max_cost_nusd, .. } = self;
        let new = NewSchedule { kind, max_cost_nusd, days: days.0, starts, ends, time_zone, enabled: true };
        let schedule = workflow::add_schedule(&installation.context(), project.id, new).await?;
        let view = ScheduleView::from(schedule);
        root.output.done(&view, &format!("schedule {}", sentence(&view)))
    }
}
