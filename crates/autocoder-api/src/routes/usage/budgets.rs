//! `GET /usage/budgets`.

use autocoder_core::view::Page;
use autocoder_usage::report::budget_views;
use autocoder_usage::view::BudgetView;

use crate::body::Params;
use crate::call::Call;
use crate::reply::{Answer, Part, plain};

/// The budgets with what is used of them, by id
#[utoipa::path(
    get, path = "/usage/budgets", operation_id = "listBudgets",
    params(Part),
    responses((status = 200, description = "A part of the budgets", body = Page<BudgetView>)),
)]
pub(super) async fn handle(call: Call, part: Params<Part>) -> Answer {
    let budgets = budget_views(call.store(), call.caller.project).await?;
    plain(&part.0.of(budgets, |budget| budget.id.to_string())?)
}
