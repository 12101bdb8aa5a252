//! `autocoder usage budgets delete`.

use autocoder_core::ids::BudgetId;
use autocoder_core::workflow;
use clap::Args;

use crate::arguments::id;
use crate::exit::Failure;
use crate::root::Root;
use crate::views::deleted;

/// Delete a budget
#[derive(Args)]
pub(crate) struct Delete {
    /// Its id
    #[arg(value_parser = id)]
    id: i64,
}

impl Delete {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        let installation = root.open().await?;
        let id = BudgetId(self.id);
        workflow::delete_budget(&installation.context(), id).await?;
        root.output.done(&deleted("budget", id, 0), &format!("budget {id} deleted"))
    }
}
