//! `autocoder schedule edit`.

use autocoder_core::ids::ScheduleId;
use autocoder_core::schedule::{ScheduleKind, SchedulePatch};
use autocoder_core::workflow;
use autocoder_usage::view::ScheduleView;
use clap::Args;

use super::{Days, days, sentence, usd};
use crate::arguments::ById;
use crate::exit::Failure;
use crate::root::Root;

/// Change a window, or switch it on or off
#[derive(Args)]
pub(crate) struct Edit {
    #[command(flatten)]
    schedule: ById,
    #[command(flatten)]
    patch: Patch,
}

#[derive(Args)]
#[group(required = true, multiple = true)]
struct Patch {
    /// The days on which it begins: mon-fri, sat,sun or daily
    #[arg(long, value_parser = days)]
    days: Option<Days>,
    /// When it begins, HH:MM
    #[arg(long, value_name = "HH:MM")]
    starts: Option<String>,
    /// When it ends, HH:MM
    #[arg(long, value_name = "HH:MM")]
    ends: Option<String>,
    /// The time zone of both
    #[arg(long, value_name = "ZONE")]
    time_zone: Option<String>,
    /// Whether new tasks are handed out in it: work or quiet
    #[arg(long, value_name = "KIND")]
    kind: Option<ScheduleKind>,
    /// The most that may be used in one window, in USD
    #[arg(long, value_name = "USD", value_parser = usd, allow_negative_numbers = true, conflicts_with = "any_cost")]
    max_cost: Option<u64>,
    /// Any amount may be used in one window
    #[arg(long)]
    any_cost: bool,
    /// Whether it counts: true or false
    #[arg(long)]
    enabled: Option<bool>,
}

impl Edit {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        let installation = root.open().await?;
        let project = installation.project(&self.schedule.in_project).await?;
        let Patch { days, starts, ends, time_zone, kind, max_cost, any_cost, enabled } = self.patch;
        let max_cost_nusd = if any_cost { Some(None) } else { max_cost.map(Some) };
        let patch =
            SchedulePatch { kind, max_cost_nusd, days: days.map(|days| days.0), starts, ends, time_zone, enabled };
        let id = ScheduleId(self.schedule.id);
        let schedule = workflow::edit_schedule(&installation.context(), project.id, id, patch).await?;
        let view = ScheduleView::from(schedule);
        root.output.done(&view, &format!("schedule {}", sentence(&view)))
    }
}
