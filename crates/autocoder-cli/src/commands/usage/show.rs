//! `autocoder usage show`.

use autocoder_usage::report::{project_stats, total_stats};
use autocoder_usage::view::{BudgetView, UsageStats};
use clap::Args;

use crate::arguments::InProject;
use crate::commands::run::banner::grouped;
use crate::exit::Failure;
use crate::output::details;
use crate::root::Root;

/// Show what is used and left in this period
#[derive(Args)]
pub(crate) struct Show {
    #[command(flatten)]
    in_project: InProject,
    /// All projects together
    #[arg(long, conflicts_with = "project")]
    all: bool,
}

impl Show {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        let installation = root.open().await?;
        let stats = if self.all {
            total_stats(&installation.store).await?
        } else {
            let project = installation.project(&self.in_project).await?;
            project_stats(&installation.store, &project).await?
        };
        root.output.show(&stats, card)
    }
}

fn card(stats: &UsageStats) -> String {
    let budgets: Vec<_> = stats.budgets.iter().map(budget_line).collect();
    let parts = stats.projects.iter();
    let parts: Vec<_> = parts
        .map(|part| {
            format!("{}: {} tokens, {:.1} %", part.project_name, grouped(part.total_tokens), part.share_percentage)
        })
        .collect();
    let unpriced = match stats.unpriced_models.is_empty() {
        true => String::new(),
        false => format!(", without {} (no price)", stats.unpriced_models.join(", ")),
    };
    details(&[
        ("project", stats.project_name.clone().unwrap_or_default()),
        ("used", used_line(stats)),
        ("with cache", format!("{} tokens", grouped(stats.all_tokens))),
        ("cost", format!("{} USD by list prices{unpriced}", dollars(stats.cost_nusd))),
        ("today", format!("{} tokens", grouped(stats.today_tokens))),
        ("average a day", format!("{} tokens", grouped(stats.average_daily_tokens))),
        ("band", stats.band.to_string()),
        ("closed until", stats.closed_until.map(|at| at.to_string()).unwrap_or_default()),
        ("refused until", stats.blocked_until.map(|at| at.to_string()).unwrap_or_default()),
        ("budgets", budgets.join("\n")),
        ("projects", parts.join("\n")),
        ("rehearsal", rehearsal_line(stats)),
    ])
}

/// "12,345 of 1,000,000 tokens used, 98.8 % left".
fn used_line(stats: &UsageStats) -> String {
    let used = grouped(stats.used);
    match (stats.limit, stats.percentage_used) {
        (Some(limit), Some(percent)) => {
            let resets = stats.reset_date.map(|end| format!(", resets {end}")).unwrap_or_default();
            format!("{used} of {} tokens used, {:.1} % left{resets}", grouped(limit), (100.0 - percent).max(0.0))
        }
        _ => format!("{used} tokens used, no limit"),
    }
}

fn rehearsal_line(stats: &UsageStats) -> String {
    match stats.rehearsal_limit {
        Some(limit) => format!("{} of {} tokens used", grouped(stats.rehearsal_tokens), grouped(limit)),
        None => format!("{} tokens used, no limit", grouped(stats.rehearsal_tokens)),
    }
}

/// "7: 1,200 of 5,000 tokens used for phase 3, warns".
pub(super) fn budget_line(budget: &BudgetView) -> String {
    let (used, amount) = (super::amount(budget.measure, budget.used), super::amount(budget.measure, budget.amount));
    let subject = budget.subject.as_ref().map(|subject| format!(" {subject}")).unwrap_or_default();
    format!("{}: {used} of {amount} used by {}{subject}, {}", budget.id, budget.scope, budget.mode)
}

/// Nano-USD as dollars and cents.
pub(super) fn dollars(nusd: u64) -> String {
    format!("{:.2}", nusd as f64 / 1e9)
}
