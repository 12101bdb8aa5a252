//! What people want of the agents and the project, followed while the crew works.

use std::sync::Arc;

use autocoder_core::agent::{Agent, AgentStatus, Wanted};
use autocoder_core::error::{ErrorKind, Refused};
use autocoder_core::event::{Actor, EventKind};
use autocoder_core::ids::AgentId;
use autocoder_core::scheduler::{Idle, IdleReason};
use autocoder_core::workflow::{self, AgentPatch};

use super::Driver;
use crate::crew::step::Slot;
use crate::crew::wanted::is_wanted;
use crate::crew::{Stay, holder};

const ONE_AT_A_TIME: &str = "another agent works in the project's folder; without git one works there at a time";

impl Driver<'_> {
    /// Takes members on and lets them go as the roster says. An agent that is wanted stopped is stopped at once.
    pub(super) async fn follow_wishes(&mut self) -> Result<(), Refused> {
        let agents = self.crew.store.queries().agents(self.crew.id()).await?;
        let members = self.crew.roster.members(&agents).into_iter();
        self.members = members.map(|member| (member.id.clone(), Arc::new(member))).collect();
        self.follow_project(&agents).await?;
        let stopped = |id: &AgentId| agents.iter().any(|agent| agent.id == *id && agent.wanted == Wanted::Stopped);
        for (id, stop) in &self.stops {
            if stopped(id) || !self.members.contains_key(id) {
                stop.send_replace(true);
            }
        }
        let (joined, left) = self.slots.follow(&self.members);
        for agent in joined {
            self.noted.remove(&agent);
            self.note(&agent, AgentStatus::Idle, "").await;
        }
        for agent in left {
            self.note(&agent, AgentStatus::Stopped, "").await;
        }
        Ok(())
    }

    async fn follow_project(&mut self, agents: &[Agent]) -> Result<(), Refused> {
        let project = self.crew.store.queries().project(&self.crew.project.name).await?;
        if let Some(project) = &project {
            self.pace.follow(&project.settings);
        }
        if self.crew.stay == Stay::WhileWanted {
            self.gone = project.is_none();
            self.wanted = project.is_some_and(|project| is_wanted(project.status, agents));
        }
        Ok(())
    }

    pub(super) async fn note(&mut self, agent: &AgentId, status: AgentStatus, detail: &str) {
        // What an agent does is shown, never relied on; the store may be what failed, or the agent be deleted.
        let cx = self.crew.context(&Actor::System);
        let _ = workflow::note_agent(&cx, self.crew.id(), agent, (status, None), (&*holder::host(), detail)).await;
    }

    /// Nothing for the agent now. That it waits is noted once a reason; a plain idle one keeps what its last run said.
    pub(super) async fn waits(&mut self, agent: &AgentId, idle: Idle) {
        let status = match idle.reason {
            IdleReason::Paused => Some(AgentStatus::Paused),
            _ => idle.retry_at.map(|_| AgentStatus::Waiting),
        };
        if let Some(status) = status
            && self.noted.insert(agent.clone(), idle.reason) != Some(idle.reason)
        {
            self.note(agent, status, idle.reason.as_str()).await;
        }
        self.slots.idle(agent, idle);
    }

    /// Notes who waits for its turn in the project's folder.
    pub(super) async fn note_turns(&mut self) {
        let writers = self.writers();
        let turn = |slot: &&Slot| writers.contains(slot.agent());
        if !self.slots.all().iter().filter(turn).any(Slot::works) {
            return;
        }
        let waiting = self.slots.all().iter().filter(turn).filter(|slot| matches!(slot, Slot::Fresh(_)));
        let waiting: Vec<AgentId> = waiting.map(|slot| slot.agent().clone()).collect();
        for agent in waiting {
            if self.noted.insert(agent.clone(), IdleReason::AllClaimed) != Some(IdleReason::AllClaimed) {
                self.note(&agent, AgentStatus::Waiting, ONE_AT_A_TIME).await;
            }
        }
    }

    /// Stops a member that cannot work as set up until a person starts it again. It is written down, so that no crew
    /// tries it again and again, also after a restart.
    pub(super) async fn bench(&mut self, agent: &AgentId, reason: &str) -> Result<(), Refused> {
        let system = Actor::System;
        let cx = self.crew.context(&system);
        let patch = AgentPatch { wanted: Some(Wanted::Stopped), ..AgentPatch::default() };
        match workflow::edit_agent(&cx, self.crew.id(), agent, patch).await {
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(error),
        }
        self.members.remove(agent);
        self.slots.ended(agent, None);
        self.note(agent, AgentStatus::Crashed, reason).await;
        self.follow_wishes().await
    }
}

/// Whether other agents may be wanted after this.
pub(super) const fn may_change_wishes(kind: EventKind) -> bool {
    matches!(
        kind,
        EventKind::AgentRegistered
            | EventKind::AgentUpdated
            | EventKind::AgentDeleted
            | EventKind::ProjectUpdated
            | EventKind::ProjectPaused
            | EventKind::ProjectResumed
            | EventKind::ProjectArchived
            | EventKind::ProjectCompleted
            | EventKind::ProjectReopened
            | EventKind::ProjectDeleted
    )
}
