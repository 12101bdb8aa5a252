//! What is used and left in the current period.

use autocoder_core::agent::RunnerKind;
use autocoder_core::scheduler::Band;
use autocoder_core::time::Timestamp;
use serde::Serialize;

use super::BudgetView;
use crate::settings::{Measure, TrackBy};

/// Usage in the current period, of one project or of all. Rehearsals are only in the `rehearsal_…` fields.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UsageStats {
    /// The project; null: all.
    pub project_name: Option<String>,
    /// Input and output.
    pub total_tokens: u64,
    /// Input that was not cached.
    pub input_tokens: u64,
    /// Output, reasoning included.
    pub output_tokens: u64,
    /// Read from the cache.
    pub cache_read_tokens: u64,
    /// Written to the cache.
    pub cache_write_tokens: u64,
    /// All of these.
    pub all_tokens: u64,
    /// The cost in nano-USD of what has a price.
    pub cost_nusd: u64,
    /// Models without a price; their cost is not known.
    pub unpriced_models: Vec<String>,
    /// The monthly limit; null: none. For all projects: only when they share one.
    pub limit: Option<u64>,
    /// What counts against the limit: by `measure`, of all projects when they share it.
    pub used: u64,
    /// What is left of the limit, never below 0; null: no limit.
    pub remaining: Option<u64>,
    /// How much of the limit is used in per cent, over 100 when overdrawn; null: no limit.
    pub percentage_used: Option<f64>,
    /// When the period began.
    pub period_start: Option<Timestamp>,
    /// When usage starts from 0 again.
    pub reset_date: Option<Timestamp>,
    /// Which tokens count against the limit.
    pub measure: Measure,
    /// Whether each project has the limit for itself.
    pub track_by: TrackBy,
    /// How work goes on, by what is left of the tightest limit or budget.
    pub band: Band,
    /// Whether a person should be warned.
    pub warn: bool,
    /// Input and output today, in the time zone of the settings.
    pub today_tokens: u64,
    /// The average of input and output a day, over at most 14 complete days; later days count more.
    pub average_daily_tokens: u64,
    /// Until when the provider refuses, by its own word.
    pub blocked_until: Option<Timestamp>,
    /// When the project's next window opens, while none is open.
    pub closed_until: Option<Timestamp>,
    /// What providers said of their own windows: not those past their reset or told six hours ago.
    pub provider_windows: Vec<ProviderWindowView>,
    /// The budgets that count this usage.
    pub budgets: Vec<BudgetView>,
    /// Input and output of rehearsals in this period.
    pub rehearsal_tokens: u64,
    /// The monthly limit of rehearsals; null: none.
    pub rehearsal_limit: Option<u64>,
    /// What is left of it; null: no limit.
    pub rehearsal_remaining: Option<u64>,
    /// Each project's part, the greatest first; empty for one project.
    pub projects: Vec<ProjectUsage>,
}

/// The part of one project.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProjectUsage {
    /// The project.
    pub project_name: String,
    /// Input and output in this period.
    pub total_tokens: u64,
    /// Its share of the usage of all projects in per cent.
    pub share_percentage: f64,
    /// Its own limit; null: none.
    pub limit: Option<u64>,
    /// What is left of it.
    pub remaining: Option<u64>,
    /// How much of it is used in per cent.
    pub percentage_used: Option<f64>,
}

/// A window of a provider, as an agent was told last.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProviderWindowView {
    /// The kind of agent that was told.
    pub runner: RunnerKind,
    /// The provider's name of it.
    #[cfg_attr(feature = "openapi", schema(example = "five_hour"))]
    pub window: String,
    /// How much of it is used in per cent, by all programs of its owner.
    pub percentage_used: f64,
    /// When it starts anew; null: the provider did not say.
    pub resets_at: Option<Timestamp>,
    /// When the agent was told.
    pub observed_at: Timestamp,
}
