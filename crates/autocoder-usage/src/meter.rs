//! The meter: what the ledger has counted, against the settings, as the level that the scheduler asks for.

use std::cmp::Reverse;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use autocoder_core::agent::RunnerKind;
use autocoder_core::budget::{Budget, BudgetMeasure, BudgetMode, BudgetScope};
use autocoder_core::ids::{AgentId, ProjectId};
use autocoder_core::ports::{Out, Store, StoreError, UsageLedger, UsageMeter};
use autocoder_core::schedule::Schedule;
use autocoder_core::scheduler::{Band, BandThresholds, UsageLevel};
use autocoder_core::time::Timestamp;
use autocoder_core::usage_record::UsageSum;

use crate::admission::{Left, affordable, payable_tasks};
use crate::budgets::{Work, active_phase, read_budget};
use crate::estimate::{Estimates, read_estimates};
use crate::gauge::{Gauge, gauge, rehearsal_gauge};
use crate::period::{Windows, knows_zone};
use crate::provider::{self, ProviderWindow};
use crate::schedule::{closed_until, open_since};
use crate::settings::{Measure, TrackBy, UsageSettings};

/// Under which key the ledger keeps the settings.
pub(crate) const SETTINGS: &str = "usage";

/// Measures real work, or rehearsals, whose usage counts apart.
pub struct LedgerMeter {
    store: Arc<dyn Store>,
    runner: RunnerKind,
    learned: Mutex<Option<(Instant, Arc<Estimates>)>>,
}

impl LedgerMeter {
    /// The meter for agents that `runner` drives.
    #[must_use]
    pub fn new(store: Arc<dyn Store>, runner: RunnerKind) -> Self {
        Self { store, runner, learned: Mutex::default() }
    }
}

/// When a budget resets that never does.
const NEVER: Timestamp = Timestamp(i64::MAX);

/// How long estimates are used before they are learned anew.
const LEARN_EVERY: Duration = Duration::from_secs(60);

/// What limits a piece of work.
#[derive(Clone, Copy, Debug)]
struct Limit {
    /// What is left of it in basis points.
    left_bp: u32,
    /// When it resets.
    resets: Option<Timestamp>,
    /// What is left of it in input and output, where it counts these, and whose work takes from it; none: all projects'.
    tokens: Option<TokensLeft>,
}

#[derive(Clone, Copy, Debug)]
struct TokensLeft {
    left: u64,
    limit: u64,
    whose: Option<ProjectId>,
}

impl TokensLeft {
    /// Without the last part, from which nothing new is started.
    fn usable(self, critical_bp: u32) -> Left {
        let floor = u128::from(self.limit) * u128::from(critical_bp) / 10_000;
        Left { left: self.left, floor: u64::try_from(floor).unwrap_or(u64::MAX) }
    }
}

impl LedgerMeter {
    async fn read(&self, project: ProjectId, agent: Option<&AgentId>) -> Out<UsageLevel> {
        let ledger = self.store.ledger();
        let settings = read_settings(ledger).await?;
        let [critical_bp, low_bp, moderate_bp] = settings.thresholds();
        let mut limits = self.limits_of_budgets(project, agent).await?;
        limits.extend(self.limit_of_settings(&settings, project).await?);
        let now = ledger.now().await?;
        limits.extend(self.limits_of_provider(critical_bp, now).await?);
        let tightest =
            limits.iter().min_by_key(|limit| (limit.left_bp, Reverse(limit.resets.unwrap_or(NEVER)))).copied();
        let available_bp = tightest.map(|limit| limit.left_bp);
        let thresholds = BandThresholds { critical_bp, low_bp, moderate_bp };
        let (affordable, payable_tasks) = match Band::of(available_bp, &thresholds) {
            Band::Normal | Band::Critical => (None, None),
            Band::Moderate | Band::Low => self.affordable(project, &limits, critical_bp).await?,
        };
        let schedules = self.store.accounting().schedules(project).await?;
        let refusal = provider::refusal(ledger, self.runner).await?;
        Ok(UsageLevel {
            available_bp,
            thresholds,
            resets_at: tightest.and_then(|limit| limit.resets),
            affordable,
            payable_tasks,
            blocked_until: refusal.and_then(|refusal| refusal.blocks_until(now)),
            held: refusal.is_some() && !settings.auto_resume,
            closed_until: self.closed_until(&schedules, now).await?,
        })
    }

    /// Rehearsals cost nothing, so no window is too dear for them.
    async fn closed_until(&self, schedules: &[Schedule], now: Timestamp) -> Out<Option<Timestamp>> {
        let mut spent = Vec::new();
        for schedule in schedules.iter().filter(|_| !self.is_rehearsal()) {
            let Some(most) = schedule.max_cost_nusd else { continue };
            if let Some(from) = open_since(schedule, now).map_err(|error| unreadable(&error))? {
                let sum = UsageSum { project: Some(schedule.project), from: Some(from), ..UsageSum::default() };
                if self.store.accounting().cost(&sum).await? >= most {
                    spent.push(schedule.id);
                }
            }
        }
        closed_until(schedules, &spent, now).map_err(|error| unreadable(&error))
    }

    /// What is left of the provider's windows. They slow work down but never stop it: the provider does that itself.
    async fn limits_of_provider(&self, critical_bp: u32, now: Timestamp) -> Out<Vec<Limit>> {
        if self.is_rehearsal() {
            return Ok(Vec::new());
        }
        let mut windows = provider::windows(self.store.ledger(), self.runner).await?;
        windows.retain(|window| window.is_fresh(now));
        let left = |window: &ProviderWindow| 10_000_u32.saturating_sub(window.used_bp).max(critical_bp + 1);
        let limit = |window| Limit { left_bp: left(window), resets: window.resets_at, tokens: None };
        Ok(windows.iter().map(limit).collect())
    }

    /// The largest complexity that every limit can still pay, and how many tasks.
    async fn affordable(
        &self,
        project: ProjectId,
        limits: &[Limit],
        critical_bp: u32,
    ) -> Out<(Option<u8>, Option<u32>)> {
        let (mut complexities, mut tasks) = (Vec::new(), Vec::new());
        let estimates = self.estimates().await?;
        for tokens in limits.iter().filter_map(|limit| limit.tokens) {
            let in_flight = self.store.accounting().in_flight(tokens.whose).await?;
            let purse = tokens.usable(critical_bp);
            complexities.extend(affordable(purse, &estimates, project, &in_flight));
            tasks.extend(payable_tasks(purse, &estimates, project));
        }
        Ok((complexities.into_iter().min(), tasks.into_iter().min()))
    }

    /// What finished tasks took, learned at most once a minute.
    async fn estimates(&self) -> Out<Arc<Estimates>> {
        let known = self.learned.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((_, estimates)) = known.filter(|(at, _)| at.elapsed() < LEARN_EVERY) {
            return Ok(estimates);
        }
        let estimates = Arc::new(read_estimates(&*self.store, self.is_rehearsal()).await?);
        let learned = (Instant::now(), Arc::clone(&estimates));
        *self.learned.lock().unwrap_or_else(PoisonError::into_inner) = Some(learned);
        Ok(estimates)
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
        let gauge = gauge_of(&*self.store, settings, project, self.is_rehearsal()).await?;
        let whose = (settings.track_by == TrackBy::Project).then_some(project);
        let tokens = gauge.available.zip(gauge.limit).filter(|_| settings.measure == Measure::TotalTokens);
        let tokens = tokens.map(|(left, limit)| TokensLeft { left, limit, whose });
        Ok(gauge.available_bp.map(|left_bp| Limit { left_bp, resets: gauge.window.end, tokens }))
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
            let (limit, whose) = (gauge.budget.amount, gauge.budget.scope.project());
            let left = TokensLeft { left: limit.saturating_sub(gauge.used), limit, whose };
            let tokens = Some(left).filter(|_| gauge.budget.measure == BudgetMeasure::Tokens);
            limits.push(Limit { left_bp: gauge.available_bp(), resets: gauge.window.end, tokens });
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

    async fn go_on(&self) -> Out<()> {
        provider::forget_past_refusals(self.store.ledger()).await
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
pub async fn read_gauge(store: &dyn Store, project: ProjectId, rehearsal: bool) -> Out<Gauge> {
    gauge_of(store, &read_settings(store.ledger()).await?, project, rehearsal).await
}

pub(crate) async fn gauge_of(
    store: &dyn Store,
    settings: &UsageSettings,
    project: ProjectId,
    rehearsal: bool,
) -> Out<Gauge> {
    let now = store.ledger().now().await?;
    let window = settings.period().window(now).map_err(|error| unreadable(&error))?;
    let project = (settings.track_by == TrackBy::Project).then_some(project);
    let sum = UsageSum { project, from: window.start, until: window.end, rehearsal, ..UsageSum::default() };
    let used = counted(store, settings.measure, &sum).await?;
    let read = if rehearsal { rehearsal_gauge } else { gauge };
    read(settings, used, now).map_err(|error| unreadable(&error))
}

pub(crate) fn unreadable(error: &dyn std::fmt::Display) -> StoreError {
    StoreError::Failed { step: "reading the usage settings", detail: error.to_string() }
}

/// What counts of the usage that matches.
pub(crate) async fn counted(store: &dyn Store, measure: Measure, sum: &UsageSum) -> Out<u64> {
    let cost = match measure {
        Measure::WeightedTokens => store.accounting().cost(sum).await?,
        Measure::TotalTokens | Measure::AllTokens => 0,
    };
    Ok(measure.of(&store.ledger().used(sum).await?, cost))
}
