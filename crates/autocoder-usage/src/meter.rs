//! The meter: what the ledger has counted, against the settings, as the level that the scheduler asks for.

use std::cmp::Reverse;
use std::sync::Arc;

use async_trait::async_trait;
use autocoder_core::agent::RunnerKind;
use autocoder_core::budget::{Budget, BudgetMode, BudgetScope};
use autocoder_core::ids::{AgentId, ProjectId};
use autocoder_core::ports::{Out, Store, StoreError, UsageLedger, UsageMeter};
use autocoder_core::scheduler::{BandThresholds, UsageLevel};
use autocoder_core::time::Timestamp;
use autocoder_core::usage_record::UsageSum;
use serde_json::json;

use crate::budgets::{Work, active_phase, read_budget};
use crate::gauge::{Gauge, gauge, rehearsal_gauge};
use crate::period::{Windows, knows_zone};
use crate::schedule::closed_until;
use crate::settings::{TrackBy, UsageSettings};

/// Under which key the ledger keeps the settings.
pub(crate) const SETTINGS: &str = "usage";

/// Measures real work, or rehearsals, whose usage counts apart.
pub struct LedgerMeter {
    store: Arc<dyn Store>,
    runner: RunnerKind,
}

impl LedgerMeter {
    /// The meter for agents that `runner` drives.
    #[must_use]
    pub fn new(store: Arc<dyn Store>, runner: RunnerKind) -> Self {
        Self { store, runner }
    }
}

/// When a budget resets that never does.
const NEVER: Timestamp = Timestamp(i64::MAX);

/// What limits a piece of work: what is left of it in basis points, and when it resets.
type Limit = (u32, Option<Timestamp>);

impl LedgerMeter {
    async fn read(&self, project: ProjectId, agent: Option<&AgentId>) -> Out<UsageLevel> {
        let ledger = self.store.ledger();
        let settings = read_settings(ledger).await?;
        let [critical_bp, low_bp, moderate_bp] = settings.thresholds();
        let mut limits = self.limits_of_budgets(project, agent).await?;
        limits.extend(self.limit_of_settings(&settings, project).await?);
        let tightest = limits.into_iter().min_by_key(|(left, resets)| (*left, Reverse(resets.unwrap_or(NEVER))));
        let schedules = self.store.accounting().schedules(project).await?;
        Ok(UsageLevel {
            available_bp: tightest.map(|(left, _)| left),
            thresholds: BandThresholds { critical_bp, low_bp, moderate_bp },
            resets_at: tightest.and_then(|(_, resets)| resets),
            blocked_until: provider_limit(ledger, self.runner).await?,
            closed_until: closed_until(&schedules, ledger.now().await?).map_err(|error| unreadable(&error))?,
        })
    }

    fn is_rehearsal(&self) -> bool {
        self.runner == RunnerKind::Rehearsal
    }

    /// Without a limit there is nothing to add up.
    async fn limit_of_settings(&self, settings: &UsageSettings, project: ProjectId) -> Out<Option<Limit>> {
        let limit = if self.is_rehearsal() { settings.rehearsal_limit } else { settings.monthly_limit };
        if limit.is_none() {
            return Ok(None);
        }
        let gauge = gauge_of(self.store.ledger(), settings, project, self.is_rehearsal()).await?;
        Ok(gauge.available_bp.map(|left| (left, gauge.window.end)))
    }

    /// Rehearsals do not count against budgets.
    async fn limits_of_budgets(&self, project: ProjectId, agent: Option<&AgentId>) -> Out<Vec<Limit>> {
        if self.is_rehearsal() {
            return Ok(Vec::new());
        }
        let mut budgets = self.store.accounting().budgets().await?;
        budgets.retain(|budget| budget.mode == BudgetMode::Enforce);
        let of_a_phase = |budget: &Budget| matches!(budget.scope, BudgetScope::Phase(of, _) if of == project);
        let phase = if budgets.iter().any(of_a_phase) { active_phase(&*self.store, project).await? } else { None };
        let work = Work { project, phase, agent };
        budgets.retain(|budget| work.falls_into(&budget.scope));
        let mut limits = Vec::with_capacity(budgets.len());
        for budget in budgets {
            let now = self.store.ledger().now().await?;
            let gauge = read_budget(&*self.store, budget, now).await?;
            limits.push((gauge.available_bp(), gauge.window.end));
        }
        Ok(limits)
    }
}

#[async_trait]
impl UsageMeter for LedgerMeter {
    async fn level(&self, project: ProjectId) -> Out<UsageLevel> {
        self.read(project, None).await
    }

    async fn level_for(&self, project: ProjectId, agent: &AgentId) -> Out<UsageLevel> {
        self.read(project, Some(agent)).await
    }

    fn knows_zone(&self, name: &str) -> bool {
        knows_zone(name)
    }
}

/// The settings in force.
///
/// # Errors
/// Only what the store refuses, or settings that do not read.
pub async fn read_settings(ledger: &dyn UsageLedger) -> Out<UsageSettings> {
    match ledger.setting(SETTINGS).await? {
        None => Ok(UsageSettings::default()),
        Some(value) => serde_json::from_value(value).map_err(|error| unreadable(&error)),
    }
}

/// What the project has used in the current period, against its limit.
///
/// # Errors
/// Only what the store refuses.
pub async fn read_gauge(ledger: &dyn UsageLedger, project: ProjectId, rehearsal: bool) -> Out<Gauge> {
    gauge_of(ledger, &read_settings(ledger).await?, project, rehearsal).await
}

pub(crate) async fn gauge_of(
    ledger: &dyn UsageLedger,
    settings: &UsageSettings,
    project: ProjectId,
    rehearsal: bool,
) -> Out<Gauge> {
    let now = ledger.now().await?;
    let window = settings.period().window(now).map_err(|error| unreadable(&error))?;
    let project = (settings.track_by == TrackBy::Project).then_some(project);
    let sum = UsageSum { project, from: window.start, until: window.end, rehearsal, ..UsageSum::default() };
    let used = settings.measure.of(&ledger.used(&sum).await?);
    let read = if rehearsal { rehearsal_gauge } else { gauge };
    read(settings, used, now).map_err(|error| unreadable(&error))
}

/// Until when the provider behind `runner` refuses, by its own word.
///
/// # Errors
/// Only what the store refuses.
pub async fn provider_limit(ledger: &dyn UsageLedger, runner: RunnerKind) -> Out<Option<Timestamp>> {
    let value = ledger.setting(&limit_key(runner)).await?;
    Ok(value.and_then(|value| serde_json::from_value(value).ok()))
}

/// Notes that the provider behind `runner` refuses until then.
///
/// # Errors
/// Only what the store refuses.
pub async fn note_provider_limit(ledger: &dyn UsageLedger, runner: RunnerKind, until: Timestamp) -> Out<()> {
    ledger.set_setting(&limit_key(runner), json!(until)).await
}

fn limit_key(runner: RunnerKind) -> String {
    format!("provider_limit.{runner}")
}

pub(crate) fn unreadable(error: &dyn std::fmt::Display) -> StoreError {
    StoreError::Failed { step: "reading the usage settings", detail: error.to_string() }
}
