//! `DELETE /usage/budgets/{id}`.

use actix_web::HttpResponse;
use actix_web::web::Path;
use autocoder_core::changes::Node;
use autocoder_core::ids::BudgetId;
use autocoder_core::workflow;

use crate::call::Call;
use crate::reply::Answer;

/// Delete a budget
#[utoipa::path(
    delete, path = "/usage/budgets/{id}", operation_id = "deleteBudget",
    params(("id" = i64, Path, description = "The budget")),
    responses((status = 204, description = "It is gone")),
)]
pub(super) async fn handle(mut call: Call, path: Path<i64>) -> Answer {
    call.must_see_all()?;
    let id = BudgetId(*path);
    workflow::delete_budget(&call.changing(Node::Budget(id))?, id).await?;
    Ok(HttpResponse::NoContent().finish())
}
