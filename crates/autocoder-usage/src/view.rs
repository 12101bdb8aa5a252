//! The shapes of usage that HTTP and `--json` print.

mod budget;
mod forecast;
mod history;
mod prices;
mod report;
mod stats;

pub use budget::{BudgetView, ScheduleView};
pub use forecast::{ForecastView, PlanForecast};
pub use history::{UsageHistory, UsageHistoryItem, history};
pub use prices::{PriceSource, PriceView, PricesView};
pub use report::{EstimateView, UsageReport};
pub use stats::{ProjectUsage, ProviderWindowView, UsageStats};

/// Basis points as per cent.
pub(crate) fn percent(bp: u64) -> f64 {
    bp as f64 / 100.0
}
