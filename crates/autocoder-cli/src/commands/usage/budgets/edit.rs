//! `autocoder usage budgets edit`.

use autocoder_core::budget::{BudgetMeasure, BudgetMode, BudgetPatch};
use autocoder_core::ids::BudgetId;
use autocoder_core::workflow;
use autocoder_usage::report::budget_view;
use clap::Args;

use super::{Amount, PeriodArguments, amount};
use crate::arguments::id;
use crate::commands::usage::show::budget_line;
use crate::exit::Failure;
use crate::root::Root;

/// Change the amount, period or mode of a budget
#[derive(Args)]
pub(crate) struct Edit {
    /// Its id
    #[arg(value_parser = id)]
    id: i64,
    /// Tokens, or dollars such as $12.50
    #[arg(long, value_parser = amount)]
    amount: Option<Amount>,
    /// What counts: tokens (input and output), all_tokens (with cache) or weighted_tokens (by price)
    #[arg(long)]
    measure: Option<BudgetMeasure>,
    /// What happens at its end: enforce or warn
    #[arg(long)]
    mode: Option<BudgetMode>,
    #[command(flatten)]
    period: PeriodArguments,
}

impl Edit {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        let installation = root.open().await?;
        let (amount, measure) = self.amount.map(|amount| amount.with(self.measure)).unzip();
        let measure = measure.unwrap_or(self.measure);
        let patch = BudgetPatch { measure, amount, period: self.period.period(), mode: self.mode };
        let budget = workflow::edit_budget(&installation.context(), BudgetId(self.id), patch).await?;
        let view = budget_view(&*installation.store, budget).await?;
        root.output.done(&view, &format!("budget {}", budget_line(&view)))
    }
}
