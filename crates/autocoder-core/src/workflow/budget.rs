//! Budgets: made, edited and deleted by people.

use super::Context;
use crate::agent::agent_id;
use crate::budget::{Budget, BudgetPatch, BudgetScope, NewBudget};
use crate::changes::{Changes, Row};
use crate::error::Refused;
use crate::event::EventKind;
use crate::ids::{BudgetId, ProjectId};
use crate::ports::{Scope, UnitOfWork};

/// Makes a budget.
///
/// # Errors
/// Fields that break a rule, or a phase or feature that the project does not have.
pub async fn add_budget(cx: &Context<'_>, new: NewBudget) -> Result<Budget, Refused> {
    cx.person("change budgets")?;
    new.check(|zone| cx.usage.knows_zone(zone))?;
    let (mut unit, mut changes) = begin(cx, new.scope.project()).await?;
    must_exist(&mut *unit, &new.scope).await?;
    let NewBudget { scope, measure, amount, period, mode } = new;
    let (id, created_at) = (BudgetId(unit.new_ids(1).await?), unit.now());
    let budget = Budget { id, scope, measure, amount, period, mode, created_at, version: 1 };
    changes.budget(Row::New(budget.clone()), EventKind::BudgetCreated);
    unit.commit(changes).await?;
    Ok(budget)
}

/// Changes what the patch names.
///
/// # Errors
/// A missing budget, or fields that break a rule.
pub async fn edit_budget(cx: &Context<'_>, id: BudgetId, patch: BudgetPatch) -> Result<Budget, Refused> {
    cx.person("change budgets")?;
    let (unit, mut changes, before) = load(cx, id).await?;
    let after = patch.apply(before.clone(), |zone| cx.usage.knows_zone(zone))?;
    changes.budget(Row::Changed(after.clone()), EventKind::BudgetUpdated);
    unit.commit(changes).await?;
    Ok(Budget { version: before.version + 1, ..after })
}

/// Deletes a budget.
///
/// # Errors
/// A missing budget.
pub async fn delete_budget(cx: &Context<'_>, id: BudgetId) -> Result<(), Refused> {
    cx.person("change budgets")?;
    let (unit, mut changes, budget) = load(cx, id).await?;
    changes.delete_budget(&budget);
    Ok(unit.commit(changes).await?)
}

/// The budget under the lock of what it belongs to, which never changes.
async fn load(cx: &Context<'_>, id: BudgetId) -> Result<(Box<dyn UnitOfWork>, Changes, Budget), Refused> {
    let project = find(cx, id).await?.scope.project();
    let (unit, changes) = begin(cx, project).await?;
    Ok((unit, changes, find(cx, id).await?))
}

async fn find(cx: &Context<'_>, id: BudgetId) -> Result<Budget, Refused> {
    let budgets = cx.store.accounting().budgets().await?;
    budgets.into_iter().find(|budget| budget.id == id).ok_or_else(|| Refused::missing("budget", id))
}

async fn begin(cx: &Context<'_>, project: Option<ProjectId>) -> Result<(Box<dyn UnitOfWork>, Changes), Refused> {
    match project {
        Some(project) => cx.begin(project).await,
        None => {
            let unit = cx.store.begin(Scope::Installation).await?;
            let changes = cx.changes(ProjectId::INSTALLATION, unit.now());
            Ok((unit, changes))
        }
    }
}

async fn must_exist(unit: &mut dyn UnitOfWork, scope: &BudgetScope) -> Result<(), Refused> {
    match scope {
        BudgetScope::Global => Ok(()),
        BudgetScope::Project(_) => Ok(unit.standing(None).await.map(drop)?),
        BudgetScope::Phase(_, id) => {
            let found = unit.phases().await?.iter().any(|phase| phase.id == *id);
            if found { Ok(()) } else { Err(no_subject("phase", id)) }
        }
        BudgetScope::Feature(_, id) => unit.feature(*id).await?.map(drop).ok_or_else(|| no_subject("feature", id)),
        BudgetScope::Agent(_, id) => Ok(agent_id(&id.0).map(drop)?),
    }
}

fn no_subject(noun: &str, id: impl std::fmt::Display) -> Refused {
    Refused::field("subject", format!("is `{id}`, the project has no such {noun}"))
}
