//! Tasks proposed for a feature: made by whoever writes its spec, decided on by a person.

use std::collections::{BTreeMap, BTreeSet};

use super::dependency::check_prerequisites;
use super::feature::{check_tasks, with_phase};
use super::task::{checked_siblings, insert_tasks};
use super::{Context, must_be_open};
use crate::changes::{Node, Row};
use crate::error::Refused;
use crate::event::EventKind;
use crate::ids::{FeatureId, ProjectId, ProposalId, TaskId};
use crate::limits::{Checks, TASKS_AT_ONCE};
use crate::ports::UnitOfWork;
use crate::spec::{Proposal, ProposalStatus, ProposedDependency, ProposedTask};
use crate::task::{NewTask, Prerequisite, Task};

/// Proposes tasks for a feature. They may wait for each other and for tasks that exist.
///
/// # Errors
/// The fields that break a rule, all of them; a circle; a missing feature or prerequisite; a phase that is closed or at
/// its gate.
pub async fn propose_tasks(
    cx: &Context<'_>,
    project: ProjectId,
    id: FeatureId,
    new: Vec<NewTask>,
) -> Result<Vec<Proposal>, Refused> {
    check_tasks(&new)?;
    let (mut unit, mut changes) = cx.begin(project).await?;
    let (phase, feature) = with_phase(&mut *unit, id).await?;
    must_be_open(&phase)?;
    let first = unit.new_ids(u32::try_from(new.len()).unwrap_or(u32::MAX)).await?;
    checked_siblings(&new, first)?;
    let known: BTreeSet<TaskId> =
        new.iter().flat_map(|task| &task.depends_on).filter_map(Prerequisite::known).collect();
    check_prerequisites(&mut *unit, &phase, &known.into_iter().collect::<Vec<_>>()).await?;
    let (at, author) = (changes.now(), cx.actor.to_string());
    let propose = |(index, task): (usize, NewTask)| Proposal {
        id: ProposalId(first + index as i64),
        feature: feature.id,
        at,
        author: author.clone(),
        status: ProposalStatus::Open,
        task: proposed(task, first),
    };
    let made: Vec<Proposal> = new.into_iter().enumerate().map(propose).collect();
    let rows = made.iter().cloned().map(Row::New).collect();
    changes.proposals(feature.id, rows, EventKind::TasksProposed);
    unit.commit(changes).await?;
    Ok(made)
}

fn proposed(task: NewTask, first: i64) -> ProposedTask {
    let depends_on = task.depends_on.into_iter().map(|on| match on {
        Prerequisite::Task(id) => ProposedDependency::Task(id.0),
        Prerequisite::Sibling(place) => ProposedDependency::Proposal(first + place as i64),
    });
    ProposedTask {
        name: task.name,
        category: task.category,
        description: task.description,
        steps: task.steps,
        estimated_complexity: task.complexity,
        priority: task.priority,
        depends_on: depends_on.collect(),
    }
}

/// A person turns proposals into tasks of their feature, and turns others down; all of it, or nothing. Answers the new
/// tasks in the order of their proposals.
///
/// # Errors
/// Whoever is no person; ids that name no open proposal of the feature, all of them; one that depends on a proposal that
/// is not accepted; a missing feature; a phase that is closed or at its gate.
pub async fn decide_proposals(
    cx: &Context<'_>,
    project: ProjectId,
    id: FeatureId,
    accept: Vec<ProposalId>,
    decline: Vec<ProposalId>,
) -> Result<Vec<Task>, Refused> {
    cx.person("decide on proposed tasks")?;
    let (mut unit, mut changes) = cx.begin(project).await?;
    let (phase, feature) = with_phase(&mut *unit, id).await?;
    must_be_open(&phase)?;
    changes.check_version(Node::Feature(id), feature.version);
    let proposals: BTreeMap<ProposalId, Proposal> =
        unit.proposals(id).await?.into_iter().map(|proposal| (proposal.id, proposal)).collect();
    check_decision(&proposals, &accept, &decline)?;
    let accepted: BTreeSet<ProposalId> = accept.into_iter().collect();
    let mut new = Vec::new();
    for proposal in proposals.values().filter(|proposal| accepted.contains(&proposal.id)) {
        new.push(accepted_task(&mut *unit, &proposal.task, &accepted).await?);
    }
    let made = match new.is_empty() {
        true => Vec::new(),
        false => insert_tasks(&mut *unit, &mut changes, &phase, feature, new).await?,
    };
    let tasks = accepted.iter().copied().zip(made.iter().map(|task| task.id)).collect();
    let rows = proposals.into_values().filter_map(|proposal| decided(proposal, &tasks, &decline)).collect();
    changes.proposals(id, rows, EventKind::ProposalsDecided);
    if !made.is_empty() {
        super::project::reopen_if_completed(&mut *unit, &mut changes).await?;
    }
    unit.commit(changes).await?;
    Ok(made)
}

fn check_decision(
    proposals: &BTreeMap<ProposalId, Proposal>,
    accept: &[ProposalId],
    decline: &[ProposalId],
) -> Result<(), Refused> {
    let mut checks = Checks::default();
    let named = (accept.len() + decline.len()) as i64;
    checks.range("accept", named, 1..=TASKS_AT_ONCE as i64);
    let mut seen = BTreeSet::new();
    for (list, ids) in [("accept", accept), ("decline", decline)] {
        for (index, id) in ids.iter().enumerate() {
            let field = format!("{list}[{index}]");
            match proposals.get(id) {
                None => checks.refuse(&field, format!("names `{id}`, which is no proposal of this feature")),
                Some(found) if found.status != ProposalStatus::Open => {
                    checks.refuse(&field, format!("names proposal `{id}`, which is {} already", found.status));
                }
                Some(_) if !seen.insert(*id) => checks.refuse(&field, format!("names proposal `{id}` a second time")),
                Some(found) if list == "accept" => {
                    for missing in missing_prerequisites(found, accept) {
                        let rule = format!("depends on proposal `{missing}`, which is not accepted; accept it too");
                        checks.refuse(&field, rule);
                    }
                }
                Some(_) => {}
            }
        }
    }
    Ok(checks.finish()?)
}

/// Dependencies on proposals accepted earlier were turned into dependencies on their tasks at that time.
fn missing_prerequisites(proposal: &Proposal, accept: &[ProposalId]) -> Vec<i64> {
    let missing = |on: &ProposedDependency| match on {
        ProposedDependency::Proposal(id) if !accept.contains(&ProposalId(*id)) => Some(*id),
        ProposedDependency::Proposal(_) | ProposedDependency::Task(_) => None,
    };
    proposal.task.depends_on.iter().filter_map(missing).collect()
}

/// What the proposal becomes; a task that was deleted since is waited for no more.
async fn accepted_task(
    unit: &mut dyn UnitOfWork,
    task: &ProposedTask,
    accepted: &BTreeSet<ProposalId>,
) -> Result<NewTask, Refused> {
    let mut depends_on = Vec::new();
    for on in &task.depends_on {
        match on {
            ProposedDependency::Proposal(id) => {
                depends_on.extend(accepted.iter().position(|other| other.0 == *id).map(Prerequisite::Sibling));
            }
            ProposedDependency::Task(id) => {
                depends_on.extend(unit.branch(TaskId(*id)).await?.map(|branch| Prerequisite::Task(branch.task.id)));
            }
        }
    }
    let ProposedTask { name, category, description, steps, estimated_complexity, priority, .. } = task.clone();
    Ok(NewTask { name, category, description, steps, complexity: estimated_complexity, priority, depends_on })
}

/// The proposal after the decision, when it changes: an open one waits for the tasks that others became.
fn decided(
    mut proposal: Proposal,
    tasks: &BTreeMap<ProposalId, TaskId>,
    decline: &[ProposalId],
) -> Option<Row<Proposal>> {
    let before = proposal.clone();
    if tasks.contains_key(&proposal.id) {
        proposal.status = ProposalStatus::Accepted;
    } else if decline.contains(&proposal.id) {
        proposal.status = ProposalStatus::Declined;
    }
    for on in &mut proposal.task.depends_on {
        if let ProposedDependency::Proposal(id) = *on
            && let Some(task) = tasks.get(&ProposalId(id))
        {
            *on = ProposedDependency::Task(task.0);
        }
    }
    (proposal != before).then_some(Row::Changed(proposal))
}
