//! A detailed report of usage.

use autocoder_core::time::Timestamp;
use serde::Serialize;

use super::{BudgetView, ForecastView, UsageHistory, UsageHistoryItem, UsageStats};

/// Usage of some days in every grouping, with budgets, forecast and estimates as they are now.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct UsageReport {
    /// The project; null: all.
    pub project_name: Option<String>,
    /// When it was made.
    pub as_of: Timestamp,
    /// The time zone of its days.
    pub time_zone: String,
    /// The sum of its days.
    pub total: UsageHistoryItem,
    /// Usage by day.
    pub days: UsageHistory,
    /// Usage by project, phase, feature, task, agent and model.
    pub groups: Vec<UsageHistory>,
    /// How many lines of a group are shown to people.
    #[serde(skip)]
    pub most: usize,
    /// What is used and left in the current period.
    pub stats: UsageStats,
    /// The budgets.
    pub budgets: Vec<BudgetView>,
    /// When the limit is reached; null: for all projects.
    pub forecast: Option<ForecastView>,
    /// What a task of each complexity takes, learned from finished tasks.
    pub estimates: Vec<EstimateView>,
}

/// What a task takes in input and output.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EstimateView {
    /// The complexity, 1 to 5.
    pub complexity: u8,
    /// Half of the tasks take at most this.
    pub p50_tokens: u64,
    /// 80 % of the tasks take at most this.
    pub p80_tokens: u64,
    /// From how many finished tasks this was learned.
    pub learned_from: u32,
}
