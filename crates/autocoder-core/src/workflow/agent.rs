//! What is done with agents: register, edit, tell to work, pause or stop, delete.

use super::Context;
use crate::agent::{Agent, AgentOptions, AgentStatus, Role, RunnerKind, Wanted, agent_id};
use crate::changes::Row;
use crate::error::Refused;
use crate::event::EventKind;
use crate::feature::Feature;
use crate::ids::{AgentId, ProjectId, TaskId};
use crate::limits::{Checks, NAME_CHARS};
use crate::token::Token;

/// What is edited of an agent; what is absent stays.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AgentPatch {
    /// What it is for.
    pub role: Option<Role>,
    /// What drives it.
    pub runner: Option<RunnerKind>,
    /// The model it asks for; empty: the runner's own choice.
    pub model: Option<String>,
    /// What drives it beside that, as a whole; only a person changes its command.
    pub options: Option<AgentOptions>,
    /// What it should do.
    pub wanted: Option<Wanted>,
}

/// Adds an agent to a project, or edits it when it is there. A new one that we would start processes for is stopped
/// until somebody wants it running: no paid agent starts unasked.
///
/// # Errors
/// A bad name, model or option; a command that is not a person's.
pub async fn register_agent(
    cx: &Context<'_>,
    project: ProjectId,
    id: &AgentId,
    patch: AgentPatch,
) -> Result<Agent, Refused> {
    agent_id(&id.0)?;
    change(cx, project, id, patch, true).await
}

/// Edits an agent, or tells it to work, pause or stop.
///
/// # Errors
/// A missing agent, a bad model or option; a command that is not a person's.
pub async fn edit_agent(
    cx: &Context<'_>,
    project: ProjectId,
    id: &AgentId,
    patch: AgentPatch,
) -> Result<Agent, Refused> {
    change(cx, project, id, patch, false).await
}

async fn change(
    cx: &Context<'_>,
    project: ProjectId,
    id: &AgentId,
    patch: AgentPatch,
    may_add: bool,
) -> Result<Agent, Refused> {
    let mut checks = Checks::default();
    if let Some(model) = patch.model.as_deref().filter(|model| !model.is_empty()) {
        checks.one_line("model", model, NAME_CHARS);
    }
    checks.finish()?;
    if let Some(options) = &patch.options {
        options.check()?;
    }
    let (mut unit, mut changes) = cx.begin(project).await?;
    let known = unit.standing(Some(id)).await?.agent;
    let kind = if known.is_some() { EventKind::AgentUpdated } else { EventKind::AgentRegistered };
    let agent = match known {
        Some(agent) => agent,
        None if may_add => new_agent(Agent::unknown(project, id.clone(), unit.now()), &patch),
        None => return Err(Refused::missing("agent", id)),
    };
    if patch.options.as_ref().is_some_and(|options| options.decides_otherwise(&agent.options)) {
        cx.person("set the command or the isolation of an agent")?;
    }
    if patch.wanted == Some(Wanted::Running) && cx.actor.is_person() {
        cx.usage.go_on().await?;
    }
    let agent = patched(agent, patch);
    changes.agent(agent.clone(), Some(kind));
    unit.commit(changes).await?;
    Ok(agent)
}

/// Before the patch: `wanted` as it is when the patch does not say.
fn new_agent(unknown: Agent, patch: &AgentPatch) -> Agent {
    match patch.runner {
        None | Some(RunnerKind::External) => unknown,
        Some(_) => Agent { wanted: Wanted::Stopped, status: AgentStatus::Stopped, heartbeat_at: None, ..unknown },
    }
}

fn patched(agent: Agent, patch: AgentPatch) -> Agent {
    let model = match patch.model {
        Some(model) => Some(model).filter(|model| !model.is_empty()),
        None => agent.model,
    };
    Agent {
        role: patch.role.unwrap_or(agent.role),
        runner: patch.runner.unwrap_or(agent.runner),
        options: patch.options.unwrap_or(agent.options),
        wanted: patch.wanted.unwrap_or(agent.wanted),
        model,
        ..agent
    }
}

/// The crew notes what an agent does; only a crash is an event.
///
/// # Errors
/// A missing agent.
pub async fn note_agent(
    cx: &Context<'_>,
    project: ProjectId,
    id: &AgentId,
    (status, task): (AgentStatus, Option<TaskId>),
    (host, detail): (&str, &str),
) -> Result<(), Refused> {
    let (mut unit, mut changes) = cx.begin(project).await?;
    let agent = unit.standing(Some(id)).await?.agent.ok_or_else(|| Refused::missing("agent", id))?;
    let kind = (status == AgentStatus::Crashed).then_some(EventKind::AgentCrashed);
    let heartbeat_at = Some(unit.now());
    let (host, detail) = (host.to_owned(), detail.to_owned());
    changes.agent(Agent { status, task, host, detail, heartbeat_at, ..agent }, kind);
    Ok(unit.commit(changes).await?)
}

/// Deletes an agent; its features are everyone's again, and its tokens do not count any more.
///
/// # Errors
/// Whoever is no person; a missing agent, or one that works or holds a task.
pub async fn delete_agent(cx: &Context<'_>, project: ProjectId, id: &AgentId) -> Result<(), Refused> {
    cx.person("delete an agent")?;
    let (mut unit, mut changes) = cx.begin(project).await?;
    let standing = unit.standing(Some(id)).await?;
    let agent = standing.agent.ok_or_else(|| Refused::missing("agent", id))?;
    let holds = standing.held.is_some_and(|task| task.is_held(changes.now()));
    if holds || agent.status == AgentStatus::Working {
        return Err(Refused::AgentBusy { id: id.clone() });
    }
    // The project's lock keeps the list as it is.
    let features = cx.store.queries().features(project, None).await?;
    for feature in features.into_iter().filter(|feature| feature.agent_id.as_ref() == Some(id)) {
        let feature = super::feature::find(&mut *unit, feature.id).await?;
        changes.feature(Row::Changed(Feature { agent: None, ..feature }), EventKind::FeatureAssigned);
    }
    // The list has what counts; the token of a run ended with its run.
    let theirs = |token: &Token| {
        token.project == Some(project) && token.agent.as_ref().is_some_and(|ticket| ticket.agent == *id)
    };
    for token in cx.store.queries().tokens().await?.into_iter().filter(theirs) {
        changes.token(Token { revoked_at: Some(unit.now()), ..token }, EventKind::TokenRevoked);
    }
    changes.delete_agent(&agent);
    Ok(unit.commit(changes).await?)
}
