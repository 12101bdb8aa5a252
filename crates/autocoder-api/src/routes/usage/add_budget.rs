//! `POST /usage/budgets`.

use autocoder_core::budget::{BudgetMeasure, BudgetMode, BudgetScope, BudgetScopeKind, NewBudget, Period};
use autocoder_core::workflow;
use autocoder_usage::report::budget_view;
use autocoder_usage::view::BudgetView;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::body::{Body, told};
use crate::call::Call;
use crate::problem::Problem;
use crate::reply::{Answer, created};

/// What a new budget is made from.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CreateBudget {
    /// Whose usage counts.
    scope: BudgetScopeKind,
    /// The project, for every scope but `global`.
    #[serde(default, deserialize_with = "told")]
    #[schema(nullable = false)]
    project: Option<String>,
    /// The id of the phase or feature, or the name of the agent.
    #[serde(default, deserialize_with = "told")]
    #[schema(nullable = false)]
    subject: Option<String>,
    /// What is counted; left out: tokens.
    #[serde(default, deserialize_with = "told")]
    #[schema(nullable = false)]
    measure: Option<BudgetMeasure>,
    /// How much may be used in one period: tokens, or nano-USD.
    #[schema(maximum = 9_007_199_254_740_991_u64, example = 200_000)]
    amount: u64,
    /// When it starts from 0 again.
    period: Period,
    /// What happens at its end; left out: enforce.
    #[serde(default, deserialize_with = "told")]
    #[schema(nullable = false)]
    mode: Option<BudgetMode>,
}

/// Add a budget
#[utoipa::path(
    post, path = "/usage/budgets", operation_id = "createBudget",
    request_body = CreateBudget,
    responses((status = 201, description = "The new budget", body = BudgetView)),
)]
pub(super) async fn handle(call: Call, body: Body<CreateBudget>) -> Answer {
    call.must_see_all()?;
    let CreateBudget { scope, project, subject, measure, amount, period, mode } = body.0;
    let project = match project {
        Some(name) => {
            let missing = |_| Problem::field("project", "there is no such project");
            Some(call.project_id(&name).await.map_err(missing)?)
        }
        None => None,
    };
    let scope = BudgetScope::named(scope, project, subject.as_deref())?;
    let (measure, mode) = (measure.unwrap_or(BudgetMeasure::Tokens), mode.unwrap_or(BudgetMode::Enforce));
    let new = NewBudget { scope, measure, amount, period, mode };
    let budget = workflow::add_budget(&call.context(), new).await?;
    let place = format!("/api/usage/budgets/{}", budget.id);
    created(&budget_view(call.store(), budget).await?, place)
}
