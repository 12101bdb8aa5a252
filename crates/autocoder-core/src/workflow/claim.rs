//! Handing out tasks: the claim, its renewal, and what becomes of claims that lapse.

mod named;

pub use named::claim_named_task;

use super::Context;
use super::finish::{Fence, holding};
use crate::changes::{Changes, Renewal};
use crate::error::Refused;
use crate::event::{Actor, EventKind};
use crate::feature::Feature;
use crate::ids::{AgentId, ProjectId, RunId, TaskId};
use crate::ports::{Counting, UnitOfWork};
use crate::scheduler::{self, Claim, Idle, Standing, UsageLevel, WorkQuery};
use crate::task::{Branch, LEASE_TTL_S, Task, TaskAction};
use crate::time::Timestamp;

/// What asking for a task gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claiming {
    /// A task, held from now on.
    Task(Box<Claim>),
    /// None, and why.
    None(Box<Idle>),
}

/// Gives the agent its next task. An agent that holds one already gets the same one again.
/// Claims that have lapsed count as free first, whoever held them; an agent's own lapsed task goes first.
///
/// # Errors
/// Only what the store refuses.
pub async fn claim_task(
    cx: &Context<'_>,
    project: ProjectId,
    agent: &AgentId,
    run: Option<RunId>,
) -> Result<Claiming, Refused> {
    let level = cx.usage.level_for(project, agent).await?;
    let (mut unit, mut changes, standing) = look(cx, project, agent).await?;
    if let Some(again) = held_again(&mut *unit, &standing).await? {
        return Ok(again);
    }
    match find(&mut *unit, &standing, agent, &level).await? {
        Err(idle) => Ok(Claiming::None(Box::new(idle))),
        Ok(found) => {
            let claim = scheduler::claimed(&mut changes, &standing, found, agent, run)?;
            unit.commit(changes).await?;
            Ok(Claiming::Task(Box::new(claim)))
        }
    }
}

/// What [`claim_task`] would give, without taking it. Claims that have lapsed are freed here too.
///
/// # Errors
/// Only what the store refuses.
pub async fn peek_task(cx: &Context<'_>, project: ProjectId, agent: &AgentId) -> Result<Claiming, Refused> {
    let level = cx.usage.level_for(project, agent).await?;
    let (mut unit, _, standing) = look(cx, project, agent).await?;
    if let Some(again) = held_again(&mut *unit, &standing).await? {
        return Ok(again);
    }
    Ok(match find(&mut *unit, &standing, agent, &level).await? {
        Err(idle) => Claiming::None(Box::new(idle)),
        Ok((feature, task)) => {
            let phase = standing.active.expect("work is found only in an active phase");
            Claiming::Task(Box::new(Claim { task, feature, phase }))
        }
    })
}

/// Keeps a claim alive for another [`LEASE_TTL_S`] seconds and answers when it lapses then.
///
/// # Errors
/// `LeaseLost` when the claim is not live any more.
pub async fn renew_claim(
    cx: &Context<'_>,
    project: ProjectId,
    task: TaskId,
    fence: &Fence,
) -> Result<Timestamp, Refused> {
    let (mut unit, mut changes) = cx.begin(project).await?;
    let branch = holding(&mut *unit, task, fence).await?;
    let expires = unit.now().plus_seconds(LEASE_TTL_S);
    changes.renewal(Renewal { task: branch.task.id, attempt: branch.task.attempt, expires });
    unit.commit(changes).await?;
    Ok(expires)
}

/// The task the agent holds, or held until its lease lapsed.
///
/// # Errors
/// Only what the store refuses.
pub async fn held_task(cx: &Context<'_>, project: ProjectId, agent: &AgentId) -> Result<Option<Task>, Refused> {
    let (mut unit, _) = cx.begin(project).await?;
    Ok(unit.standing(Some(agent)).await?.held)
}

/// Frees every task whose lease has lapsed, without a penalty, and answers how many.
///
/// # Errors
/// Only what the store refuses.
pub async fn reap_lapsed(cx: &Context<'_>, project: ProjectId) -> Result<usize, Refused> {
    let system = Context { actor: &Actor::System, ..*cx };
    let (mut unit, mut changes) = system.begin(project).await?;
    let lapsed = unit.lapsed().await?;
    let freed = lapsed.len();
    for Branch { task, .. } in lapsed {
        let after = Task { status: task.status.apply(TaskAction::Release)?, lease: None, ..task.clone() };
        changes.task(&task, after, EventKind::TaskLapsed);
    }
    if freed > 0 {
        unit.commit(changes).await?;
    }
    Ok(freed)
}

/// Where the project and the agent stand once lapsed claims are free; the agent's own lapsed task is remembered.
async fn look(
    cx: &Context<'_>,
    project: ProjectId,
    agent: &AgentId,
) -> Result<(Box<dyn UnitOfWork>, Changes, Standing), Refused> {
    let (mut unit, changes) = cx.begin(project).await?;
    let before = unit.standing(Some(agent)).await?;
    if !before.has_lapsed || before.held.as_ref().is_some_and(|task| task.is_held(unit.now())) {
        return Ok((unit, changes, before));
    }
    drop(unit);
    reap_lapsed(cx, project).await?;
    let (mut unit, changes) = cx.begin(project).await?;
    let after = unit.standing(Some(agent)).await?;
    let held = after.held.or(before.held);
    Ok((unit, changes, Standing { held, ..after }))
}

async fn held_again(unit: &mut dyn UnitOfWork, standing: &Standing) -> Result<Option<Claiming>, Refused> {
    let Some(held) = standing.held.as_ref().filter(|task| task.is_held(unit.now())) else { return Ok(None) };
    let branch = unit.branch(held.id).await?;
    Ok(branch.map(|Branch { phase, feature, task }| Claiming::Task(Box::new(Claim { task, feature, phase }))))
}

async fn find(
    unit: &mut dyn UnitOfWork,
    standing: &Standing,
    agent: &AgentId,
    level: &UsageLevel,
) -> Result<Result<(Feature, Task), Idle>, Refused> {
    let query = match scheduler::admit(standing, agent, level, unit.now()) {
        Ok(query) => query,
        Err(idle) => return Ok(Err(idle)),
    };
    if let Some(mine) = interrupted(unit, standing, &query).await? {
        return Ok(Ok(mine));
    }
    let (mut seen, mut counted) = (0, None);
    loop {
        let features = unit.features_with_work(&query, seen).await?;
        if features.is_empty() {
            return Ok(Err(scheduler::explain(&query, unit.tally(query.phase, Counting::Tasks).await?)));
        }
        seen += features.len() as u64;
        for feature in features {
            if let Some(task) = unit.ready_task(feature.id, &query).await? {
                if must_count(&query, &feature) && counted.is_none() {
                    counted = Some(unit.tally(query.phase, Counting::Features).await?);
                }
                if counted.as_ref().is_none_or(|tally| scheduler::may_begin(&query, &feature, tally)) {
                    return Ok(Ok((feature, task)));
                }
                // Features go by their open tasks here, so that the next one takes no less.
                return Ok(Err(scheduler::too_dear()));
            }
        }
    }
}

/// Whether the counts of the phase decide if the feature is begun.
fn must_count(query: &WorkQuery, feature: &Feature) -> bool {
    query.payable_tasks.is_some() && feature.is_fresh()
}

/// The task that the agent held until its lease lapsed, when it may still be handed out.
async fn interrupted(
    unit: &mut dyn UnitOfWork,
    standing: &Standing,
    query: &WorkQuery,
) -> Result<Option<(Feature, Task)>, Refused> {
    let Some(held) = &standing.held else { return Ok(None) };
    let branch = unit.branch(held.id).await?;
    Ok(branch
        .filter(|branch| {
            scheduler::admits_feature(query, &branch.feature) && scheduler::admits_task(query, &branch.task)
        })
        .map(|branch| (branch.feature, branch.task)))
}
