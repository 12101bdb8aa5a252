//! Rows of budgets.

use autocoder_core::budget::{Budget, BudgetScope, BudgetScopeKind};
use autocoder_core::ids::{AgentId, BudgetId, FeatureId, PhaseId, ProjectId};
use autocoder_core::ports::{Out, StoreError};
use autocoder_core::time::Timestamp;
use sea_orm::entity::prelude::*;

use super::value::{count, from_json, narrow, to_json, word};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "budgets")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    pub scope: String,
    pub project_id: Option<i64>,
    pub phase_id: Option<i64>,
    pub feature_id: Option<i64>,
    pub agent_id: Option<String>,
    pub measure: String,
    pub amount: i64,
    pub period: String,
    pub mode: String,
    pub created_at: i64,
    pub version: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl From<Budget> for Model {
    fn from(budget: Budget) -> Self {
        let (mut phase_id, mut feature_id, mut agent_id) = (None, None, None);
        match &budget.scope {
            BudgetScope::Global | BudgetScope::Project(_) => {}
            BudgetScope::Phase(_, id) => phase_id = Some(id.0),
            BudgetScope::Feature(_, id) => feature_id = Some(id.0),
            BudgetScope::Agent(_, id) => agent_id = Some(id.0.clone()),
        }
        Self {
            id: budget.id.0,
            scope: budget.scope.kind().to_string(),
            project_id: budget.scope.project().map(|id| id.0),
            phase_id,
            feature_id,
            agent_id,
            measure: budget.measure.to_string(),
            amount: count(budget.amount),
            period: to_json(&budget.period),
            mode: budget.mode.to_string(),
            created_at: budget.created_at.0,
            version: budget.version,
        }
    }
}

impl TryFrom<Model> for Budget {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: BudgetId(row.id),
            scope: scope(&row)?,
            measure: word(&row.measure)?,
            amount: narrow(row.amount)?,
            period: from_json(&row.period)?,
            mode: word(&row.mode)?,
            created_at: Timestamp(row.created_at),
            version: row.version,
        })
    }
}

fn scope(row: &Model) -> Out<BudgetScope> {
    let incomplete = || StoreError::Failed { step: "reading a row", detail: format!("budget {} has no scope", row.id) };
    let project = row.project_id.map(ProjectId).ok_or_else(incomplete);
    Ok(match word(&row.scope)? {
        BudgetScopeKind::Global => BudgetScope::Global,
        BudgetScopeKind::Project => BudgetScope::Project(project?),
        BudgetScopeKind::Phase => BudgetScope::Phase(project?, PhaseId(row.phase_id.ok_or_else(incomplete)?)),
        BudgetScopeKind::Feature => BudgetScope::Feature(project?, FeatureId(row.feature_id.ok_or_else(incomplete)?)),
        BudgetScopeKind::Agent => BudgetScope::Agent(project?, AgentId(row.agent_id.clone().ok_or_else(incomplete)?)),
    })
}
