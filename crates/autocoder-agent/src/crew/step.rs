//! What a crew does next: a pure function of what it sees.

use std::collections::BTreeSet;

use autocoder_core::ids::AgentId;
use autocoder_core::scheduler::Idle;

/// One agent of the crew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Slot {
    /// May be given a task.
    Fresh(AgentId),
    /// Was told that there is none.
    Idle(AgentId, Idle),
    /// A run of it is going on.
    Working(AgentId),
}

impl Slot {
    /// Its name.
    pub(super) fn agent(&self) -> &AgentId {
        let (Self::Fresh(agent) | Self::Idle(agent, _) | Self::Working(agent)) = self;
        agent
    }

    /// Whether a run of it goes on.
    pub(super) const fn works(&self) -> bool {
        matches!(self, Self::Working(_))
    }
}

/// What the crew sees.
#[derive(Clone, Debug)]
pub(super) struct Observed<'a> {
    /// Whether it was told to stop, or has to.
    pub(super) stopping: bool,
    /// Whether anybody wants it to work.
    pub(super) wanted: bool,
    /// Its agents.
    pub(super) slots: &'a [Slot],
    /// Those of them of whom only one may work at a time.
    pub(super) writers: &'a BTreeSet<AgentId>,
    /// Whether no other run may begin now.
    pub(super) held_back: bool,
    /// Whether it goes on waiting where only a person can help.
    pub(super) wait: bool,
}

/// What to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Ask for a task for this agent.
    Ask(AgentId),
    /// Tell every run to stop.
    StopRuns,
    /// Wait for something to happen; when nobody works, this is why.
    Wait(Option<Idle>),
    /// End; with the reason when it was not told to.
    End(Option<Idle>),
}

/// Stops when told to, ends when nobody wants it and no run goes on, else gives out what there is, else waits for those
/// who work, else waits or ends by the advice.
pub(super) fn next_step(seen: &Observed<'_>) -> Step {
    let works = seen.slots.iter().any(Slot::works);
    if seen.stopping {
        return if works { Step::StopRuns } else { Step::End(None) };
    }
    if !seen.wanted {
        return if works { Step::Wait(None) } else { Step::End(None) };
    }
    let writes = seen.slots.iter().any(|slot| slot.works() && seen.writers.contains(slot.agent()));
    let mut idle: Option<&Idle> = None;
    for slot in seen.slots {
        match slot {
            Slot::Fresh(_) if seen.held_back => return Step::Wait(None),
            Slot::Fresh(agent) if writes && seen.writers.contains(agent) => {}
            Slot::Fresh(agent) => return Step::Ask(agent.clone()),
            Slot::Working(_) => {}
            // One that can wait for something decides over one that cannot.
            Slot::Idle(_, why) => idle = Some(idle.filter(|known| !known.waits_for_person()).unwrap_or(why)),
        }
    }
    match idle {
        _ if works => Step::Wait(None),
        Some(why) if why.waits_for_person() && !seen.wait => Step::End(Some(why.clone())),
        Some(why) => Step::Wait(Some(why.clone())),
        None => Step::End(None),
    }
}

#[cfg(test)]
mod tests {
    use autocoder_core::scheduler::{Advice, IdleReason};

    use super::*;

    #[test]
    fn the_table_of_steps() {
        let agent = |n: u8| AgentId(format!("coder-{n}"));
        let gate = Idle::plain(IdleReason::PhaseAwaitingApproval, Advice::Stop);
        let later = Idle::plain(IdleReason::Backoff, Advice::Wait);
        let (fresh, works) = (Slot::Fresh(agent(1)), Slot::Working(agent(2)));
        let at_gate = Slot::Idle(agent(1), gate.clone());
        let waits = Slot::Idle(agent(2), later.clone());
        let (writer, writes) = (Slot::Fresh(agent(8)), Slot::Working(agent(9)));
        let writers = BTreeSet::from([agent(8), agent(9)]);
        for (stopping, wanted, wait, slots, step) in [
            (false, true, false, vec![works.clone(), fresh.clone()], Step::Ask(agent(1))),
            (false, true, false, vec![at_gate.clone(), works.clone()], Step::Wait(None)),
            (false, true, false, vec![at_gate.clone()], Step::End(Some(gate.clone()))),
            (false, true, true, vec![at_gate.clone()], Step::Wait(Some(gate))),
            (false, true, false, vec![at_gate.clone(), waits.clone()], Step::Wait(Some(later.clone()))),
            (false, true, false, vec![waits, at_gate.clone()], Step::Wait(Some(later))),
            (true, true, true, vec![fresh.clone(), works.clone()], Step::StopRuns),
            (true, true, true, vec![fresh.clone()], Step::End(None)),
            (true, false, true, vec![works.clone()], Step::StopRuns),
            (false, false, true, vec![works, fresh.clone()], Step::Wait(None)),
            (false, false, true, vec![at_gate, fresh.clone()], Step::End(None)),
            (false, true, false, vec![writer.clone(), writes.clone()], Step::Wait(None)),
            (false, true, false, vec![writer.clone(), writes, fresh], Step::Ask(agent(1))),
            (false, true, false, vec![writer], Step::Ask(agent(8))),
            (false, true, false, vec![], Step::End(None)),
        ] {
            let seen = Observed { stopping, wanted, slots: &slots, writers: &writers, held_back: false, wait };
            assert_eq!(next_step(&seen), step, "{seen:?}");
            let held_back = Observed { held_back: true, ..seen };
            let step = if matches!(step, Step::Ask(_)) { Step::Wait(None) } else { step };
            assert_eq!(next_step(&held_back), step, "{held_back:?}");
        }
    }
}
