//! `PATCH /usage/budgets/{id}`.

use actix_web::web::Path;
use autocoder_core::budget::{BudgetMeasure, BudgetMode, BudgetPatch, Period};
use autocoder_core::changes::Node;
use autocoder_core::ids::BudgetId;
use autocoder_core::workflow;
use autocoder_usage::report::budget_view;
use autocoder_usage::view::BudgetView;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::body::{Body, told};
use crate::call::Call;
use crate::reply::{Answer, shown};

/// What is changed of a budget; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EditBudget {
    /// What is counted.
    #[serde(default, deserialize_with = "told")]
    #[schema(nullable = false)]
    measure: Option<BudgetMeasure>,
    /// How much may be used in one period: tokens, or nano-USD.
    #[serde(default, deserialize_with = "told")]
    #[schema(nullable = false, maximum = 9_007_199_254_740_991_u64)]
    amount: Option<u64>,
    /// When it starts from 0 again.
    #[serde(default, deserialize_with = "told")]
    #[schema(nullable = false)]
    period: Option<Period>,
    /// What happens at its end.
    #[serde(default, deserialize_with = "told")]
    #[schema(nullable = false)]
    mode: Option<BudgetMode>,
}

/// Change some fields of a budget
#[utoipa::path(
    patch, path = "/usage/budgets/{id}", operation_id = "editBudget",
    params(("id" = i64, Path, description = "The budget")),
    request_body = EditBudget,
    responses((status = 200, description = "The budget", body = BudgetView)),
)]
pub(super) async fn handle(mut call: Call, path: Path<i64>, body: Body<EditBudget>) -> Answer {
    call.must_see_all()?;
    let (id, EditBudget { measure, amount, period, mode }) = (BudgetId(*path), body.0);
    let patch = BudgetPatch { measure, amount, period, mode };
    let budget = workflow::edit_budget(&call.changing(Node::Budget(id))?, id, patch).await?;
    shown(&budget_view(call.store(), budget).await?)
}
