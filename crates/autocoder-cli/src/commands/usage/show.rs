//! `autocoder usage show`.

use autocoder_core::usage_record::UsageGroup;
use autocoder_usage::render::{bar, forecast_line, grouped, sparkline, usd};
use autocoder_usage::report::{limit_forecast, project_stats, total_stats, usage_history};
use autocoder_usage::view::{BudgetView, ProviderWindowView, UsageStats};
use clap::Args;

use super::used_line;
use crate::arguments::InProject;
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
    /// Also by day, model, project, phase, feature, task or agent, over the last 30 days
    #[arg(long, value_name = "GROUP")]
    by: Option<UsageGroup>,
}

/// The days of the small picture.
const DAYS: u32 = 14;
/// The days of `--by`.
const GROUPED_DAYS: u32 = 30;
const BAR_CELLS: usize = 20;

impl Show {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        let installation = root.open().await?;
        let store = &installation.store;
        let project = if self.all { None } else { Some(installation.project(&self.in_project).await?) };
        let stats = match &project {
            Some(project) => project_stats(store, project).await?,
            None => total_stats(store).await?,
        };
        if root.output.json {
            return root.output.json(&stats);
        }
        let id = project.as_ref().map(|project| project.id);
        let days = usage_history(&**store, id, DAYS, UsageGroup::Day).await?;
        let daily: Vec<_> = days.items.iter().map(|day| day.tokens).collect();
        let forecast = match &project {
            Some(project) => forecast_line(&limit_forecast(&**store, project).await?),
            None => String::new(),
        };
        let mut text = card(&stats, &sparkline(&daily), &forecast);
        if let Some(group) = self.by {
            let history = usage_history(&**store, id, GROUPED_DAYS, group).await?;
            text = format!("{text}\n{}", super::history::shown(root, &history));
        }
        root.output.text(&text)
    }
}

fn card(stats: &UsageStats, daily: &str, forecast: &str) -> String {
    let shown = |budget: &BudgetView| format!("{} {}", bar(budget.used, budget.amount, BAR_CELLS), budget_line(budget));
    let picture = stats.limit.map(|limit| format!("{} ", bar(stats.used, limit, BAR_CELLS))).unwrap_or_default();
    let budgets: Vec<_> = stats.budgets.iter().map(shown).collect();
    let windows: Vec<_> = stats.provider_windows.iter().map(window_line).collect();
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
        ("used", format!("{picture}{}", used_line(stats.used, stats.limit, stats.reset_date))),
        ("measure", stats.measure.as_str().to_owned()),
        ("with cache", format!("{} tokens", grouped(stats.all_tokens))),
        ("cost", format!("{} USD by list prices{unpriced}", usd(stats.cost_nusd))),
        ("today", format!("{} tokens", grouped(stats.today_tokens))),
        ("average a day", format!("{} tokens", grouped(stats.average_daily_tokens))),
        ("last 14 days", daily.to_owned()),
        ("forecast", forecast.to_owned()),
        ("band", stats.band.to_string()),
        ("closed until", stats.closed_until.map(|at| at.to_string()).unwrap_or_default()),
        ("refused until", stats.blocked_until.map(|at| at.to_string()).unwrap_or_default()),
        ("provider", windows.join("\n")),
        ("budgets", budgets.join("\n")),
        ("projects", parts.join("\n")),
        ("rehearsal", used_line(stats.rehearsal_tokens, stats.rehearsal_limit, stats.reset_date)),
    ])
}

/// "claude-code five_hour: 71.0 % used, resets 2026-11-30T12:00:00Z".
fn window_line(told: &ProviderWindowView) -> String {
    let resets = told.resets_at.map(|at| format!(", resets {at}")).unwrap_or_default();
    format!("{} {}: {:.1} % used{resets}", told.runner, told.window, told.percentage_used)
}

/// "7: 1,200 of 5,000 tokens used for phase 3, warns".
pub(super) fn budget_line(budget: &BudgetView) -> String {
    let (used, amount) = (super::amount(budget.measure, budget.used), super::amount(budget.measure, budget.amount));
    let subject = budget.subject.as_ref().map(|subject| format!(" {subject}")).unwrap_or_default();
    format!("{}: {used} of {amount} used by {}{subject}, {}", budget.id, budget.scope, budget.mode)
}
