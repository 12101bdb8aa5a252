//! What is used and left in the current period.

use std::sync::Arc;

use autocoder_core::agent::RunnerKind;
use autocoder_core::budget::{Budget, BudgetMode};
use autocoder_core::ids::ProjectId;
use autocoder_core::ports::{Out, Store, UsageLedger, UsageMeter};
use autocoder_core::scheduler::{Band, BandThresholds};
use autocoder_core::time::Timestamp;
use autocoder_core::usage_record::{UsageGroup, UsageQuestion, UsageSlice, UsageSum};
use autocoder_core::view::ProjectView;

use super::forecast::daily;
use super::show;
use crate::forecast::burn_rate;
use crate::gauge::{Gauge, available_bp, used_bp};
use crate::meter::{LedgerMeter, counted, gauge_of, read_settings, unreadable};
use crate::period::{Window, Windows, last_days};
use crate::price::read_prices;
use crate::provider::{refusal, windows};
use crate::settings::{Measure, TrackBy, UsageSettings};
use crate::view::{BudgetView, ProjectUsage, ProviderWindowView, UsageStats, percent};

/// Usage of one project in the current period.
///
/// # Errors
/// Only what the store refuses.
pub async fn project_stats(store: &Arc<dyn Store>, project: &ProjectView) -> Out<UsageStats> {
    let settings = read_settings(store.ledger()).await?;
    let level = LedgerMeter::new(Arc::clone(store), RunnerKind::ClaudeCode).level(project.id).await?;
    let gauge = gauge_of(&**store, &settings, project.id, false).await?;
    let rehearsal = gauge_of(&**store, &settings, project.id, true).await?;
    let budgets = |budget: &Budget| budget.scope.project().is_none_or(|id| id == project.id);
    let stats = stats(&**store, &settings, Some(project.id), (gauge, rehearsal), budgets).await?;
    Ok(UsageStats {
        project_name: Some(project.name.clone()),
        band: Band::of(level.available_bp, &level.thresholds),
        closed_until: level.closed_until,
        blocked_until: level.blocked_until,
        ..stats
    })
}

/// Usage of all projects together in the current period. The limit is here only when they share it.
///
/// # Errors
/// Only what the store refuses.
pub async fn total_stats(store: &Arc<dyn Store>) -> Out<UsageStats> {
    let settings = read_settings(store.ledger()).await?;
    let together = UsageSettings { track_by: TrackBy::Global, ..settings.clone() };
    let together = match settings.track_by {
        TrackBy::Global => together,
        TrackBy::Project => UsageSettings { monthly_limit: None, rehearsal_limit: None, ..together },
    };
    let ledger = store.ledger();
    let gauge = gauge_of(&**store, &together, ProjectId::INSTALLATION, false).await?;
    let rehearsal = gauge_of(&**store, &together, ProjectId::INSTALLATION, true).await?;
    let above = |budget: &Budget| budget.scope.project().is_none();
    let stats = stats(&**store, &together, None, (gauge, rehearsal), above).await?;
    let projects = parts(&**store, &settings, &stats).await?;
    let refusal = refusal(ledger, RunnerKind::ClaudeCode).await?;
    let blocked_until = refusal.map(|refusal| refusal.until);
    Ok(UsageStats { projects, blocked_until, track_by: settings.track_by, ..stats })
}

/// Everything but what the meter knows of one project; the band is that of the limit and the budgets shown.
async fn stats(
    store: &dyn Store,
    settings: &UsageSettings,
    project: Option<ProjectId>,
    (gauge, rehearsal): (Gauge, Gauge),
    wanted: impl Fn(&Budget) -> bool,
) -> Out<UsageStats> {
    let ledger = store.ledger();
    let sum = sum(project, gauge.window);
    let tokens = ledger.used(&sum).await?;
    let now = ledger.now().await?;
    let today = last_days(now, 1, &settings.time_zone).map_err(|error| unreadable(&error))?;
    let since_today = UsageSum { from: today.starts.first().copied(), until: None, ..sum.clone() };
    let rate = burn_rate(&daily(store, project, Measure::TotalTokens, &settings.time_zone).await?);
    let mut budgets = store.accounting().budgets().await?;
    budgets.retain(wanted);
    let budgets = show(store, budgets).await?;
    let enforced = budgets.iter().filter(|budget| budget.mode == BudgetMode::Enforce);
    let lefts = enforced.filter_map(|budget| available_bp(budget.used, Some(budget.amount)));
    let tightest = lefts.chain(gauge.available_bp).min();
    let [critical_bp, low_bp, moderate_bp] = settings.thresholds();
    let rehearsals = ledger.used(&UsageSum { rehearsal: true, ..sum.clone() }).await?;
    let warned = |budget: &BudgetView| {
        available_bp(budget.used, Some(budget.amount)).is_some_and(|left| left <= settings.warn_bp())
    };
    Ok(UsageStats {
        project_name: None,
        total_tokens: tokens.total(),
        input_tokens: tokens.input,
        output_tokens: tokens.output,
        cache_read_tokens: tokens.cache_read,
        cache_write_tokens: tokens.cache_write(),
        all_tokens: tokens.all(),
        cost_nusd: store.accounting().cost(&sum).await?,
        unpriced_models: unpriced(store, project, gauge.window, now).await?,
        limit: gauge.limit,
        used: gauge.used,
        remaining: gauge.available,
        percentage_used: gauge.used_bp.map(percent),
        period_start: gauge.window.start,
        reset_date: gauge.window.end,
        measure: gauge.measure,
        track_by: settings.track_by,
        band: Band::of(tightest, &BandThresholds { critical_bp, low_bp, moderate_bp }),
        warn: gauge.warn || budgets.iter().any(warned),
        today_tokens: ledger.used(&since_today).await?.total(),
        average_daily_tokens: rate.map_or(0, |rate| rate.daily.round() as u64),
        blocked_until: None,
        closed_until: None,
        provider_windows: provider_windows(ledger, now).await?,
        budgets,
        rehearsal_tokens: rehearsals.total(),
        rehearsal_limit: rehearsal.limit,
        rehearsal_remaining: rehearsal.available,
        projects: Vec::new(),
    })
}

async fn provider_windows(ledger: &dyn UsageLedger, now: Timestamp) -> Out<Vec<ProviderWindowView>> {
    let mut shown = Vec::new();
    for runner in RunnerKind::ALL.iter().copied() {
        let fresh = windows(ledger, runner).await?.into_iter().filter(|window| window.is_fresh(now));
        shown.extend(fresh.map(|told| ProviderWindowView {
            runner,
            window: told.window,
            percentage_used: percent(u64::from(told.used_bp)),
            resets_at: told.resets_at,
            observed_at: told.observed_at,
        }));
    }
    Ok(shown)
}

fn sum(project: Option<ProjectId>, window: Window) -> UsageSum {
    UsageSum { project, from: window.start, until: window.end, ..UsageSum::default() }
}

/// The models without a price that were used in the window.
async fn unpriced(store: &dyn Store, project: Option<ProjectId>, window: Window, now: Timestamp) -> Out<Vec<String>> {
    let (from, until) = (window.start.unwrap_or_default(), now.plus_seconds(1));
    let question = UsageQuestion { project, from, until, group: UsageGroup::Model, days: Vec::new() };
    let slices = store.accounting().slices(&question).await?;
    let prices = read_prices(store).await?;
    let unpriced = |slice: &UsageSlice| !slice.rehearsal && prices.is_unpriced(slice);
    Ok(slices.into_iter().filter(unpriced).map(|slice| slice.model).collect())
}

/// Each project's part of the period, by the projects' own limits when they have such.
async fn parts(store: &dyn Store, settings: &UsageSettings, all: &UsageStats) -> Out<Vec<ProjectUsage>> {
    let now = store.ledger().now().await?;
    let window = settings.period().window(now).map_err(|error| unreadable(&error))?;
    let own = settings.monthly_limit.filter(|_| settings.track_by == TrackBy::Project);
    let mut parts = Vec::new();
    for project in store.queries().projects().await? {
        let sum = sum(Some(project.id), window);
        let tokens = store.ledger().used(&sum).await?;
        let used = counted(store, settings.measure, &sum).await?;
        parts.push(ProjectUsage {
            project_name: project.name,
            total_tokens: tokens.total(),
            share_percentage: percent(used_bp(tokens.total(), Some(all.total_tokens.max(1))).unwrap_or_default()),
            limit: own,
            remaining: own.map(|limit| limit.saturating_sub(used)),
            percentage_used: used_bp(used, own).map(percent),
        });
    }
    parts.sort_by_key(|part| std::cmp::Reverse(part.total_tokens));
    Ok(parts)
}
