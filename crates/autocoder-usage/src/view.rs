//! The shapes of usage that HTTP and `--json` print.

mod budget;
mod forecast;
mod history;
mod stats;

pub use budget::{BudgetView, ScheduleView};
pub use forecast::ForecastView;
pub use history::{UsageHistory, UsageHistoryItem, history};
pub use stats::{ProjectUsage, UsageStats};

/// Basis points as per cent.
pub(crate) fn percent(bp: u64) -> f64 {
    bp as f64 / 100.0
}
