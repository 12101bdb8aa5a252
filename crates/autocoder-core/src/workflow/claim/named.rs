//! Handing out the task that an agent names, under the rules by which the scheduler hands out any.

use super::super::Context;
use super::super::task::branch;
use super::{Claiming, held_again, look, must_count};
use crate::error::Refused;
use crate::ids::{AgentId, ProjectId, RunId, TaskId};
use crate::ports::{Counting, UnitOfWork};
use crate::scheduler::{self, Claim, WorkQuery};
use crate::task::Branch;

/// Gives the agent the task `id` when the scheduler could give it to this agent now; none: it could not, and
/// [`super::super::why_task`] tells what is in its way. An agent that holds a task already gets that one again, whatever
/// it names.
///
/// # Errors
/// A missing task, or what the store refuses.
pub async fn claim_named_task(
    cx: &Context<'_>,
    project: ProjectId,
    agent: &AgentId,
    run: Option<RunId>,
    id: TaskId,
) -> Result<Option<Claim>, Refused> {
    let level = cx.usage.level_for(project, agent).await?;
    let (mut unit, mut changes, standing) = look(cx, project, agent).await?;
    if let Some(Claiming::Task(held)) = held_again(&mut *unit, &standing).await? {
        return Ok(Some(*held));
    }
    let named = branch(&mut *unit, id).await?;
    let Ok(query) = scheduler::admit(&standing, agent, &level, unit.now()) else { return Ok(None) };
    if !admits(&mut *unit, &query, &named).await? {
        return Ok(None);
    }
    let claim = scheduler::claimed(&mut changes, &standing, (named.feature, named.task), agent, run)?;
    unit.commit(changes).await?;
    Ok(Some(claim))
}

async fn admits(unit: &mut dyn UnitOfWork, query: &WorkQuery, named: &Branch) -> Result<bool, Refused> {
    let Branch { feature, task, .. } = named;
    if !scheduler::admits_feature(query, feature) || !scheduler::admits_task(query, task) {
        return Ok(false);
    }
    if !must_count(query, feature) {
        return Ok(true);
    }
    let tally = unit.tally(query.phase, Counting::Features).await?;
    Ok(scheduler::may_begin(query, feature, &tally))
}
