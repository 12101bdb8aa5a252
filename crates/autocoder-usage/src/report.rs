//! Reads what screens show of usage: the current period, the history, budgets, and the forecast.

mod forecast;
mod range;
mod stats;

pub use forecast::{limit_forecast, project_forecast};
pub use range::{ReportDays, usage_report};
pub use stats::{project_stats, total_stats};

use autocoder_core::budget::Budget;
use autocoder_core::ids::ProjectId;
use autocoder_core::ports::{Out, Store};
use autocoder_core::usage_record::UsageGroup;
use autocoder_core::view::ProjectView;

use crate::budgets::read_budget;
use crate::meter::{read_settings, unreadable};
use crate::period::{Days, last_days};
use crate::price::{PriceTable, read_prices};
use crate::view::{BudgetView, UsageHistory, history};

/// The most days that a history shows.
pub const MAX_DAYS: u32 = 366;

const DAY_S: i64 = 86_400;

/// Usage of the last `days` days, today included (at most [`MAX_DAYS`]), of one project or of all; days as in the settings'
/// time zone.
///
/// # Errors
/// Only what the store refuses.
pub async fn usage_history(
    store: &dyn Store,
    project: Option<ProjectId>,
    days: u32,
    group: UsageGroup,
) -> Out<UsageHistory> {
    let now = store.ledger().now().await?;
    let zone = read_settings(store.ledger()).await?.time_zone;
    let days = last_days(now, days.clamp(1, MAX_DAYS), &zone).map_err(|error| unreadable(&error))?;
    history_of(store, project, &days, group, &read_prices(store).await?).await
}

async fn history_of(
    store: &dyn Store,
    project: Option<ProjectId>,
    days: &Days,
    group: UsageGroup,
    prices: &PriceTable,
) -> Out<UsageHistory> {
    let slices = store.accounting().slices(&days.question(project, group)).await?;
    Ok(history(slices, group, days, prices))
}

/// Budgets with what is used of them, by id: all, or those that lie in one project.
///
/// # Errors
/// Only what the store refuses.
pub async fn budget_views(store: &dyn Store, within: Option<ProjectId>) -> Out<Vec<BudgetView>> {
    let mut budgets = store.accounting().budgets().await?;
    budgets.retain(|budget| within.is_none() || budget.scope.project() == within);
    show(store, budgets).await
}

/// One budget with what is used of it.
///
/// # Errors
/// Only what the store refuses.
pub async fn budget_view(store: &dyn Store, budget: Budget) -> Out<BudgetView> {
    let now = store.ledger().now().await?;
    let projects = match budget.scope.project() {
        Some(_) => store.queries().projects().await?,
        None => Vec::new(),
    };
    let name = name_of(&projects, budget.scope.project());
    Ok(BudgetView::new(read_budget(store, budget, now).await?, name))
}

async fn show(store: &dyn Store, budgets: Vec<Budget>) -> Out<Vec<BudgetView>> {
    let now = store.ledger().now().await?;
    let named = budgets.iter().any(|budget| budget.scope.project().is_some());
    let projects = if named { store.queries().projects().await? } else { Vec::new() };
    let mut views = Vec::with_capacity(budgets.len());
    for budget in budgets {
        let name = name_of(&projects, budget.scope.project());
        views.push(BudgetView::new(read_budget(store, budget, now).await?, name));
    }
    Ok(views)
}

fn name_of(projects: &[ProjectView], id: Option<ProjectId>) -> Option<String> {
    projects.iter().find(|project| Some(project.id) == id).map(|project| project.name.clone())
}
