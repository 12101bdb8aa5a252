//! What is done with agents: register, edit, tell to work, pause or stop.

use super::Context;
use crate::agent::{Agent, AgentStatus, Role, RunnerKind, Wanted, agent_id};
use crate::error::Refused;
use crate::event::EventKind;
use crate::ids::{AgentId, ProjectId, TaskId};
use crate::limits::{Checks, NAME_CHARS};

/// What is edited of an agent; what is absent stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AgentPatch {
    /// What it is for.
    pub role: Option<Role>,
    /// What drives it.
    pub runner: Option<RunnerKind>,
    /// The model it asks for; empty: the runner's own choice.
    pub model: Option<String>,
    /// What it should do.
    pub wanted: Option<Wanted>,
}

/// Adds an agent to a project, or edits it when it is there.
///
/// # Errors
/// A bad name or model.
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
/// A missing agent, or a bad model.
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
    let (mut unit, mut changes) = cx.begin(project).await?;
    let known = unit.standing(Some(id)).await?.agent;
    let kind = if known.is_some() { EventKind::AgentUpdated } else { EventKind::AgentRegistered };
    let mut agent = match known {
        Some(agent) => agent,
        None if may_add => Agent::unknown(project, id.clone(), unit.now()),
        None => return Err(Refused::missing("agent", id)),
    };
    agent.role = patch.role.unwrap_or(agent.role);
    agent.runner = patch.runner.unwrap_or(agent.runner);
    agent.wanted = patch.wanted.unwrap_or(agent.wanted);
    if let Some(model) = patch.model {
        agent.model = Some(model).filter(|model| !model.is_empty());
    }
    changes.agent(agent.clone(), Some(kind));
    unit.commit(changes).await?;
    Ok(agent)
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
