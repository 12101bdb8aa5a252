//! `autocoder usage`: tokens used, and the budget they count against.

mod budgets;
mod history;
mod import;
mod prices;
mod report;
mod settings;
mod show;

use autocoder_core::budget::BudgetMeasure;
use clap::Subcommand;

use crate::exit::Failure;
use crate::root::Root;
use autocoder_usage::render::{grouped, usd};

/// Show and limit the tokens that agents use
#[derive(Subcommand)]
pub(crate) enum Usage {
    Show(show::Show),
    History(history::History),
    Report(report::Report),
    Import(import::Import),
    Prices(prices::Prices),
    Settings(settings::Settings),
    #[command(subcommand)]
    Budgets(budgets::Budgets),
}

impl Usage {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        match self {
            Self::Show(verb) => verb.run(root).await,
            Self::History(verb) => verb.run(root).await,
            Self::Report(verb) => verb.run(root).await,
            Self::Import(verb) => verb.run(root).await,
            Self::Prices(verb) => verb.run(root).await,
            Self::Settings(verb) => verb.run(root).await,
            Self::Budgets(noun) => noun.run(root).await,
        }
    }
}

/// "12,345 of 1,000,000 tokens used, 98.8 % left".
pub(crate) fn gauge_line(gauge: &autocoder_usage::gauge::Gauge) -> String {
    let used = grouped(gauge.used);
    match (gauge.limit, gauge.available_bp) {
        (Some(limit), Some(left)) => {
            let resets = gauge.window.end.map(|end| format!(", resets {end}")).unwrap_or_default();
            format!("{used} of {} tokens used, {:.1} % left{resets}", grouped(limit), f64::from(left) / 100.0)
        }
        _ => format!("{used} tokens used, no limit"),
    }
}

/// "1,000 tokens", or "12.50 USD".
fn amount(measure: BudgetMeasure, amount: u64) -> String {
    match measure {
        BudgetMeasure::Tokens => format!("{} tokens", grouped(amount)),
        BudgetMeasure::AllTokens => format!("{} tokens with cache", grouped(amount)),
        BudgetMeasure::WeightedTokens => format!("{} weighted tokens", grouped(amount)),
        BudgetMeasure::CostNusd => format!("{} USD", usd(amount)),
    }
}
