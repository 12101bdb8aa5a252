//! The agents of a crew and what each of them does at the moment.

use std::collections::BTreeMap;
use std::sync::Arc;

use autocoder_core::ids::AgentId;
use autocoder_core::scheduler::Idle;
use autocoder_core::time::Timestamp;

use super::roster::Member;
use super::step::Slot;

/// The agents of a crew.
#[derive(Default)]
pub(super) struct Slots(Vec<Slot>);

impl Slots {
    pub(super) fn all(&self) -> &[Slot] {
        &self.0
    }

    pub(super) fn agents(&self) -> impl Iterator<Item = &AgentId> {
        self.0.iter().map(Slot::agent)
    }

    pub(super) fn none_works(&self) -> bool {
        !self.0.iter().any(Slot::works)
    }

    pub(super) fn idle(&mut self, agent: &AgentId, why: Idle) {
        self.put(agent, |agent| Slot::Idle(agent, why));
    }

    pub(super) fn working(&mut self, agent: &AgentId) {
        self.put(agent, Slot::Working);
    }

    /// A run has ended: a member may ask again, behind the others when only one of them may work at a time; another
    /// leaves. Answers whether it stays.
    pub(super) fn ended(&mut self, agent: &AgentId, member: Option<&Member>) -> bool {
        self.put(agent, Slot::Fresh);
        match member {
            Some(member) if member.writes() => {
                self.0.sort_by_key(|slot| slot.agent() == agent);
                true
            }
            Some(_) => true,
            None => {
                self.0.retain(|slot| slot.agent() != agent);
                false
            }
        }
    }

    /// New members join; who is none any more leaves, unless a run of it goes on. Answers who joined and who left.
    pub(super) fn follow(&mut self, members: &BTreeMap<AgentId, Arc<Member>>) -> (Vec<AgentId>, Vec<AgentId>) {
        let stays = |slot: &Slot| slot.works() || members.contains_key(slot.agent());
        let left = self.0.iter().filter(|slot| !stays(slot)).map(|slot| slot.agent().clone()).collect();
        self.0.retain(stays);
        let joined: Vec<AgentId> =
            members.keys().filter(|id| self.agents().all(|known| known != *id)).cloned().collect();
        self.0.extend(joined.iter().cloned().map(Slot::Fresh));
        (joined, left)
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
        if let Some(slot) = self.0.iter_mut().find(|slot| slot.agent() == agent) {
            *slot = make(agent.clone());
        }
    }
}
