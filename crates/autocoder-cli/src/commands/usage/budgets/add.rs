//! `autocoder usage budgets add`.

use autocoder_core::budget::{BudgetMeasure, BudgetMode, BudgetScope, BudgetScopeKind, NewBudget, Period};
use autocoder_core::error::Refused;
use autocoder_core::workflow;
use autocoder_usage::report::budget_view;
use clap::Args;

use super::{Amount, PeriodArguments, amount};
use crate::commands::usage::show::budget_line;
use crate::exit::Failure;
use crate::root::Root;

/// Add a budget
#[derive(Args)]
#[command(after_help = "\
Examples:
  autocoder usage budgets add 200000 --period 5h
  autocoder usage budgets add '$20' --project shop --period weekly
  autocoder usage budgets add 500000 --project shop --scope phase --subject 3")]
pub(crate) struct Add {
    /// Tokens, or dollars such as $12.50
    #[arg(value_parser = amount)]
    amount: Amount,
    /// Whose usage counts: global, project, phase, feature or agent; left out: the project when one is named, else all
    #[arg(long)]
    scope: Option<BudgetScopeKind>,
    /// The project
    #[arg(long, value_name = "NAME")]
    project: Option<String>,
    /// The id of the phase or feature, or the name of the agent
    #[arg(long, value_name = "ID")]
    subject: Option<String>,
    /// What counts: tokens (input and output), all_tokens (with cache) or weighted_tokens (by price)
    #[arg(long)]
    measure: Option<BudgetMeasure>,
    /// What happens at its end: enforce or warn
    #[arg(long, default_value = "enforce")]
    mode: BudgetMode,
    #[command(flatten)]
    period: PeriodArguments,
}

impl Add {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        let installation = root.open().await?;
        let project = match &self.project {
            Some(name) => Some(installation.project_named(name).await?.id),
            None => None,
        };
        let alone = if project.is_some() { BudgetScopeKind::Project } else { BudgetScopeKind::Global };
        let scope = BudgetScope::named(self.scope.unwrap_or(alone), project, self.subject.as_deref());
        let scope = scope.map_err(Refused::Invalid)?;
        let (amount, measure) = self.amount.with(self.measure);
        let (measure, period) = (measure.unwrap_or(BudgetMeasure::Tokens), self.period.period());
        let period = period.unwrap_or(Period::Lifetime);
        let new = NewBudget { scope, measure, amount, period, mode: self.mode };
        let budget = workflow::add_budget(&installation.context(), new).await?;
        let view = budget_view(&*installation.store, budget).await?;
        root.output.done(&view, &format!("budget {}", budget_line(&view)))
    }
}
