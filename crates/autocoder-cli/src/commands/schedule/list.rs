//! `autocoder schedule list`.

use autocoder_usage::view::ScheduleView;
use clap::Args;

use super::{day_names, in_usd};
use crate::arguments::InProject;
use crate::exit::Failure;
use crate::output::{table, time};
use crate::root::Root;
use crate::views::whole;

/// List the windows of a project
#[derive(Args)]
pub(crate) struct List {
    #[command(flatten)]
    in_project: InProject,
}

impl List {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        let installation = root.open().await?;
        let project = installation.project(&self.in_project).await?;
        let schedules = installation.store.accounting().schedules(project.id).await?;
        let level = installation.context().usage.level(project.id).await?;
        let next =
            level.closed_until.map(|at| format!("\nclosed now; the next start is {}\n", time(at))).unwrap_or_default();
        let page = whole(schedules.into_iter().map(ScheduleView::from).collect());
        root.output.show(&page, |page| {
            let rows = page.items.iter().map(|schedule| {
                vec![
                    schedule.id.to_string(),
                    day_names(&schedule.days),
                    format!("{} to {}", schedule.starts, schedule.ends),
                    schedule.time_zone.clone(),
                    schedule.kind.to_string(),
                    schedule.max_cost_nusd.map(in_usd).unwrap_or_default(),
                    if schedule.enabled { "on" } else { "off" }.to_owned(),
                ]
            });
            let header = ["id", "days", "window", "time zone", "kind", "most USD", "state"];
            format!("{}{next}", table(root.output.width(), &header, rows))
        })
    }
}
