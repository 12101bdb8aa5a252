//! `autocoder usage budgets list`.

use autocoder_core::budget::Period;
use autocoder_usage::report::budget_views;
use autocoder_usage::view::BudgetView;
use clap::Args;

use crate::commands::usage::amount;
use crate::exit::Failure;
use crate::output::table;
use crate::root::Root;
use crate::views::whole;

/// List the budgets with what is used of them
#[derive(Args)]
pub(crate) struct List {
    /// Only those of this project
    #[arg(long, value_name = "NAME")]
    project: Option<String>,
}

impl List {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        let installation = root.open().await?;
        let project = match &self.project {
            Some(name) => Some(installation.project_named(name).await?.id),
            None => None,
        };
        let page = whole(budget_views(&*installation.store, project).await?);
        root.output.show(&page, |page| {
            let header = ["id", "scope", "used", "amount", "%", "period", "mode"];
            table(root.output.width(), &header, page.items.iter().map(row))
        })
    }
}

fn row(budget: &BudgetView) -> Vec<String> {
    let names = [budget.project_name.as_deref(), budget.subject.as_deref()];
    let scope = names.into_iter().flatten().fold(budget.scope.to_string(), |scope, name| format!("{scope} {name}"));
    vec![
        budget.id.to_string(),
        scope,
        amount(budget.measure, budget.used),
        amount(budget.measure, budget.amount),
        format!("{:.1}", budget.percentage_used),
        period(&budget.period),
        budget.mode.to_string(),
    ]
}

fn period(period: &Period) -> String {
    match period {
        Period::Monthly { reset_day, time_zone } => format!("monthly, day {reset_day} ({time_zone})"),
        Period::Weekly { weekday, time_zone } => format!("weekly, {weekday} ({time_zone})"),
        Period::Daily { time_zone } => format!("daily ({time_zone})"),
        Period::Rolling { hours } => format!("{hours} h"),
        Period::Lifetime => "lifetime".to_owned(),
    }
}
