//! `autocoder usage`: tokens used, and the budget they count against.

mod budgets;
mod history;
mod import;
mod prices;
mod report;
mod settings;
mod show;

use autocoder_core::budget::BudgetMeasure;
use autocoder_core::time::Timestamp;
use autocoder_usage::gauge::available_bp;
use autocoder_usage::render::{grouped, usd};
use clap::{Args, Subcommand};

use crate::exit::Failure;
use crate::root::Root;

/// Show and limit the tokens that agents use
#[derive(Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Usage {
    #[command(subcommand)]
    verb: Option<Verb>,
    #[command(flatten)]
    show: show::Show,
}

#[derive(Subcommand)]
enum Verb {
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
        match self.verb.unwrap_or(Verb::Show(self.show)) {
            Verb::Show(verb) => verb.run(root).await,
            Verb::History(verb) => verb.run(root).await,
            Verb::Report(verb) => verb.run(root).await,
            Verb::Import(verb) => verb.run(root).await,
            Verb::Prices(verb) => verb.run(root).await,
            Verb::Settings(verb) => verb.run(root).await,
            Verb::Budgets(noun) => noun.run(root).await,
        }
    }
}

/// "12,345 of 1,000,000 tokens used, 98.8 % left, resets 2026-12-01T00:00:00Z".
pub(crate) fn used_line(used: u64, limit: Option<u64>, resets_at: Option<Timestamp>) -> String {
    let Some(limit) = limit else { return format!("{} tokens used, no limit", grouped(used)) };
    let left = f64::from(available_bp(used, Some(limit)).unwrap_or_default()) / 100.0;
    let resets = resets_at.map(|end| format!(", resets {end}")).unwrap_or_default();
    format!("{} of {} tokens used, {left:.1} % left{resets}", grouped(used), grouped(limit))
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
