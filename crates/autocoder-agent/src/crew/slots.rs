//! The agents of a crew and what each of them does at the moment.

use autocoder_core::agent::{Agent, AgentStatus, Role, Wanted};
use autocoder_core::error::Refused;
use autocoder_core::event::Actor;
use autocoder_core::ids::AgentId;
use autocoder_core::scheduler::Idle;
use autocoder_core::time::Timestamp;
use autocoder_core::workflow::{AgentPatch, note_agent, register_agent};

use super::Crew;
use super::step::Slot;

/// The agents of a crew.
pub(super) struct Slots(Vec<Slot>);

impl Slots {
    pub(super) fn all(&self) -> &[Slot] {
        &self.0
    }

    pub(super) fn none_works(&self) -> bool {
        !self.0.iter().any(|slot| matches!(slot, Slot::Working(_)))
    }

    pub(super) fn idle(&mut self, agent: &AgentId, why: Idle) {
        self.put(agent, |agent| Slot::Idle(agent, why));
    }

    pub(super) fn working(&mut self, agent: &AgentId) {
        self.put(agent, Slot::Working);
    }

    pub(super) fn fresh(&mut self, agent: &AgentId) {
        self.put(agent, Slot::Fresh);
    }

    /// Something changed: whoever was idle asks again.
    pub(super) fn refresh_idle(&mut self) {
        self.refresh(|_| true);
    }

    /// Whoever was told to ask again by now does.
    pub(super) fn refresh_due(&mut self, now: Timestamp) {
        self.refresh(|idle| idle.retry_at.is_some_and(|at| at <= now));
    }

    fn refresh(&mut self, asks_again: impl Fn(&Idle) -> bool) {
        for slot in &mut self.0 {
            if let Slot::Idle(agent, idle) = slot
                && asks_again(idle)
            {
                *slot = Slot::Fresh(agent.clone());
            }
        }
    }

    fn put(&mut self, agent: &AgentId, make: impl FnOnce(AgentId) -> Slot) {
        if let Some(slot) = self.0.iter_mut().find(|slot| name(slot) == agent) {
            *slot = make(agent.clone());
        }
    }
}

fn name(slot: &Slot) -> &AgentId {
    let (Slot::Fresh(agent) | Slot::Idle(agent, _) | Slot::Working(agent)) = slot;
    agent
}

/// Names as many agents as the crew has, registers new ones, and takes stopped ones on again; a paused agent stays so.
pub(super) async fn enlist(crew: &Crew) -> Result<Slots, Refused> {
    let known = crew.store.queries().agents(crew.id()).await?;
    let mut slots = Vec::new();
    for number in 1..=crew.agents {
        let id = AgentId(format!("{}-{number}", crew.prefix));
        let wanted = match known.iter().find(|agent| agent.id == id) {
            Some(Agent { wanted: Wanted::Paused, .. }) => Wanted::Paused,
            Some(_) | None => Wanted::Running,
        };
        let patch = AgentPatch {
            role: Some(Role::Coder),
            runner: Some(crew.kind()),
            model: crew.model.clone(),
            wanted: Some(wanted),
        };
        register_agent(&crew.context(&Actor::System), crew.id(), &id, patch).await?;
        slots.push(Slot::Fresh(id));
    }
    Ok(Slots(slots))
}

/// Notes that the agents are not driven any more.
pub(super) async fn dismiss(crew: &Crew, slots: &Slots) {
    for slot in slots.all() {
        let (state, about) = ((AgentStatus::Stopped, None), ("", ""));
        // The store may be what failed; the next crew enlists them anew.
        let _ = note_agent(&crew.context(&Actor::System), crew.id(), name(slot), state, about).await;
    }
}
