//! Budgets with what is used of them, and schedules.

use autocoder_core::budget::{BudgetMeasure, BudgetMode, BudgetScopeKind, Period, Weekday};
use autocoder_core::ids::{BudgetId, ProjectId, ScheduleId};
use autocoder_core::schedule::{Schedule, ScheduleKind};
use autocoder_core::time::Timestamp;
use serde::Serialize;

use super::percent;
use crate::budgets::BudgetGauge;

/// A budget and what is used of it in the current period.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BudgetView {
    /// Its id.
    pub id: BudgetId,
    /// Whose usage counts.
    pub scope: BudgetScopeKind,
    /// The project it lies in; null: above projects.
    pub project_id: Option<ProjectId>,
    /// The project's name.
    pub project_name: Option<String>,
    /// The id of the phase or feature, or the name of the agent.
    pub subject: Option<String>,
    /// What is counted.
    pub measure: BudgetMeasure,
    /// How much may be used in one period.
    pub amount: u64,
    /// When it starts from 0 again.
    pub period: Period,
    /// What happens at its end.
    pub mode: BudgetMode,
    /// How much is used in this period.
    pub used: u64,
    /// What is left, never below 0.
    pub remaining: u64,
    /// How much is used in per cent, over 100 when overdrawn.
    pub percentage_used: f64,
    /// When this period began; null: it has no beginning.
    pub period_start: Option<Timestamp>,
    /// When it ends; null: it does not reset at once.
    pub resets_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Counts edits.
    pub version: i64,
}

impl BudgetView {
    /// The view; `project_name` names the project of its scope.
    #[must_use]
    pub fn new(gauge: BudgetGauge, project_name: Option<String>) -> Self {
        let (remaining, used_bp, budget) = (gauge.available(), gauge.used_bp(), gauge.budget);
        Self {
            id: budget.id,
            scope: budget.scope.kind(),
            project_id: budget.scope.project(),
            project_name,
            subject: budget.scope.subject(),
            measure: budget.measure,
            amount: budget.amount,
            period: budget.period,
            mode: budget.mode,
            used: gauge.used,
            remaining,
            percentage_used: percent(used_bp),
            period_start: gauge.window.start,
            resets_at: gauge.window.end,
            created_at: budget.created_at,
            version: budget.version,
        }
    }
}

/// A window in which the agents of a project are given new tasks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ScheduleView {
    /// Its id.
    pub id: ScheduleId,
    /// Whether new tasks are handed out in its window, or nothing new is.
    pub kind: ScheduleKind,
    /// The most that may be used in one window, in nano-USD.
    pub max_cost_nusd: Option<u64>,
    /// The days on which the window begins.
    pub days: Vec<Weekday>,
    /// When it begins.
    #[cfg_attr(feature = "openapi", schema(example = "22:00"))]
    pub starts: String,
    /// When it ends: on the next day unless it is later than the beginning.
    #[cfg_attr(feature = "openapi", schema(example = "06:00"))]
    pub ends: String,
    /// The IANA time zone of both.
    #[cfg_attr(feature = "openapi", schema(example = "Europe/Berlin"))]
    pub time_zone: String,
    /// Whether it counts.
    pub enabled: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// Counts edits.
    pub version: i64,
}

impl From<Schedule> for ScheduleView {
    fn from(schedule: Schedule) -> Self {
        Self {
            id: schedule.id,
            kind: schedule.kind,
            max_cost_nusd: schedule.max_cost_nusd,
            days: schedule.days,
            starts: schedule.starts.to_string(),
            ends: schedule.ends.to_string(),
            time_zone: schedule.time_zone,
            enabled: schedule.enabled,
            created_at: schedule.created_at,
            version: schedule.version,
        }
    }
}
