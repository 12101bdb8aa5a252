//! When the limit of a project is reached, and when its plan is finished.

use autocoder_core::time::Timestamp;
use serde::Serialize;

use crate::forecast::{Confidence, Exceeds};
use crate::settings::Measure;
use crate::simulate::Simulation;

/// What happens when things go on as in the last days.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ForecastView {
    /// The project.
    pub project_name: String,
    /// When this was calculated.
    pub as_of: Timestamp,
    /// Which tokens count against the limit.
    pub measure: Measure,
    /// The limit of the period; null: none.
    pub limit: Option<u64>,
    /// What counts against it so far.
    pub used: u64,
    /// What is left; null: no limit.
    pub remaining: Option<u64>,
    /// When the period ends.
    pub resets_at: Option<Timestamp>,
    /// From how many complete days the rate is taken, at most 14.
    pub days_counted: u64,
    /// The average a day, where a day counts half as much as one three days later.
    pub average_daily_tokens: u64,
    /// How much the forecast can be relied on.
    pub confidence: Confidence,
    /// In how many days the limit is reached at that rate; null: never, or no limit.
    pub days_until_limit: Option<f64>,
    /// The near end of the 80 % range.
    pub days_until_limit_earliest: Option<f64>,
    /// The far end; null: perhaps never.
    pub days_until_limit_latest: Option<f64>,
    /// When the limit is reached at that rate.
    pub limit_reached_at: Option<Timestamp>,
    /// Whether it is reached before the reset; null: no limit, or no rate.
    pub will_exceed: Option<Exceeds>,
    /// Tasks that do not pass yet.
    pub tasks_open: u64,
    /// Tasks that were finished in the last 14 days.
    pub tasks_finished: u64,
    /// Finished tasks a day, over at most 14 days of the project's life.
    pub tasks_per_day: f64,
    /// In how many days every task passes at that rate; null: never.
    pub days_until_done: Option<f64>,
    /// When every task passes at that rate.
    pub done_at: Option<Timestamp>,
    /// What the budget will finish of the plan, played many times; null: every task passes, there are over 5,000 open ones,
    /// or it was not played.
    pub plan: Option<PlanForecast>,
}

/// What the budget will finish of a plan.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlanForecast {
    /// How far the plan comes in the middle of all plays.
    #[cfg_attr(feature = "openapi", schema(example = "this month: phases 1–2 and 3 of 7 features of phase 3"))]
    pub summary: String,
    /// How far it comes in 80 % of the plays; null: just as far.
    #[cfg_attr(feature = "openapi", schema(example = "from phase 1 to phases 1–2 and 5 of 7 features of phase 3"))]
    pub range: Option<String>,
    /// The plays, with everything counted.
    pub simulation: Simulation,
}
