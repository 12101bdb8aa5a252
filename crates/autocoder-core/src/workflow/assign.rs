//! Who works on a feature: an agent there is, a new one, or everyone.

use super::Context;
use super::feature::find;
use crate::agent::{Agent, AgentStatus, Role, RunnerKind, Wanted, agent_id};
use crate::changes::Row;
use crate::error::Refused;
use crate::event::EventKind;
use crate::feature::Feature;
use crate::ids::{AgentId, FeatureId, ProjectId};

/// Gives a feature to an agent, or to everyone; an agent nobody knew is registered.
///
/// # Errors
/// A bad agent name, or a missing feature.
pub async fn assign_feature(
    cx: &Context<'_>,
    project: ProjectId,
    id: FeatureId,
    agent: Option<AgentId>,
) -> Result<Feature, Refused> {
    if let Some(agent) = &agent {
        agent_id(&agent.0)?;
    }
    let (mut unit, mut changes) = cx.begin(project).await?;
    let mut feature = find(&mut *unit, id).await?;
    if let Some(agent) = &agent
        && unit.standing(Some(agent)).await?.agent.is_none()
    {
        let unknown = Agent::unknown(project, agent.clone(), changes.now());
        changes.agent(unknown, Some(EventKind::AgentRegistered));
    }
    feature.agent = agent;
    let feature = changes.feature(Row::Changed(feature), EventKind::FeatureAssigned);
    unit.commit(changes).await?;
    Ok(feature)
}

/// Makes a coder with the first free name (`coder-1`, `coder-2`, …) that is wanted running, and gives it the feature.
///
/// # Errors
/// Whoever is no person, or a missing feature.
pub async fn assign_feature_to_new(
    cx: &Context<'_>,
    project: ProjectId,
    id: FeatureId,
    runner: RunnerKind,
) -> Result<(Feature, Agent), Refused> {
    cx.person("make an agent")?;
    let (mut unit, mut changes) = cx.begin(project).await?;
    let mut feature = find(&mut *unit, id).await?;
    // The project's lock keeps the list as it is.
    let known = cx.store.queries().agents(project).await?;
    let names = (1..).map(|number| AgentId(format!("coder-{number}")));
    let name = names.take(known.len() + 1).find(|name| known.iter().all(|agent| agent.id != *name));
    let name = name.expect("of one more name than there are agents, one is free");
    let unknown = Agent::unknown(project, name.clone(), changes.now());
    let (role, wanted, status) = (Role::Coder, Wanted::Running, AgentStatus::Stopped);
    let agent = Agent { role, runner, wanted, status, heartbeat_at: None, ..unknown };
    changes.agent(agent.clone(), Some(EventKind::AgentRegistered));
    feature.agent = Some(name);
    let feature = changes.feature(Row::Changed(feature), EventKind::FeatureAssigned);
    unit.commit(changes).await?;
    Ok((feature, agent))
}
