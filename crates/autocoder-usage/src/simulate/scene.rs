//! What is simulated of a project: its plan as it stands, what its budgets have left, and what its tasks have taught.

use std::time::Duration;

use autocoder_core::budget::{Budget, BudgetMeasure, BudgetMode};
use autocoder_core::ports::{Out, Store};
use autocoder_core::project::{Project, ProjectStatus};
use autocoder_core::scheduler::BandThresholds;
use autocoder_core::usage_record::UsageSum;
use autocoder_core::view::ProjectView;

use super::play::Terms;
use super::purse::Purse;
use super::stage::Stage;
use crate::budgets::{Work, read_budget};
use crate::estimate::read_estimates;
use crate::gauge::Gauge;
use crate::meter::{gauge_of, read_settings, unreadable};
use crate::period::Windows;
use crate::settings::{Measure, TrackBy};

/// The plan of a project, ready to be played by so many agents.
///
/// # Errors
/// Only what the store refuses.
pub async fn stage_of(store: &dyn Store, project: &ProjectView, agents: u32) -> Out<Stage> {
    let rows = store.queries().plan(project.id).await?;
    let project = Project {
        id: project.id,
        name: project.name.clone(),
        title: String::new(),
        path: String::new(),
        description: String::new(),
        spec: None,
        status: ProjectStatus::Active,
        settings: project.settings.clone(),
        crew: None,
        created_at: project.created_at,
        version: project.version,
    };
    Ok(Stage::new(project, rows, agents))
}

/// The budgets of a project as they stand, until the month of its settings ends. Budgets of phases, features and agents are
/// left out, and so is one in another measure of which nothing is used yet: what a token counts there is not known.
///
/// # Errors
/// Only what the store refuses.
pub async fn terms_of(store: &dyn Store, project: &ProjectView) -> Out<Terms> {
    let ledger = store.ledger();
    let (now, settings) = (ledger.now().await?, read_settings(ledger).await?);
    let gauge = gauge_of(store, &settings, project.id, false).await?;
    let ends_at = gauge.window.end;
    let whose = (settings.track_by == TrackBy::Project).then_some(project.id);
    let mut purses: Vec<Purse> = Vec::new();
    if let Some(limit) = gauge.limit {
        let plain = plain_tokens(store, &gauge, whose).await?;
        purses.extend(in_tokens(limit, gauge.used, plain, Some(settings.period())));
    }
    let work = Work { project: project.id, phase: None, agent: None };
    let mut budgets = store.accounting().budgets().await?;
    budgets.retain(|budget| budget.mode == BudgetMode::Enforce && work.falls_into(&budget.scope));
    for budget in budgets {
        budget.period.window(now).map_err(|error| unreadable(&error))?;
        let used = read_budget(store, budget.clone(), now).await?.used;
        let plain = Budget { measure: BudgetMeasure::Tokens, ..budget.clone() };
        let plain = read_budget(store, plain, now).await?.used;
        let same = budget.measure == BudgetMeasure::Tokens;
        purses.extend(in_tokens(budget.amount, used, (!same).then_some(plain), Some(budget.period)));
    }
    let [critical_bp, low_bp, moderate_bp] = settings.thresholds();
    Ok(Terms {
        purses,
        estimates: read_estimates(store, false).await?,
        thresholds: BandThresholds { critical_bp, low_bp, moderate_bp },
        starts_at: now,
        ends_at,
        gate: Duration::ZERO,
    })
}

/// The input and output in a window whose limit counts something else.
async fn plain_tokens(
    store: &dyn Store,
    gauge: &Gauge,
    project: Option<autocoder_core::ids::ProjectId>,
) -> Out<Option<u64>> {
    if gauge.measure == Measure::TotalTokens {
        return Ok(None);
    }
    let sum = UsageSum { project, from: gauge.window.start, until: gauge.window.end, ..UsageSum::default() };
    Ok(Some(store.ledger().used(&sum).await?.total()))
}

/// A limit as a purse of input and output; `plain` is what was used in these, where the limit counts something else.
fn in_tokens(
    limit: u64,
    used: u64,
    plain: Option<u64>,
    period: Option<autocoder_core::budget::Period>,
) -> Option<Purse> {
    let Some(plain) = plain else { return Some(Purse { limit, used, period }) };
    let rate = plain as f64 / used as f64;
    (used > 0 && plain > 0).then_some(Purse { limit: (limit as f64 * rate) as u64, used: plain, period })
}
