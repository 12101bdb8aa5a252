//! What a crew does next: a pure function of what it sees.

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

/// What the crew sees.
#[derive(Clone, Debug)]
pub(super) struct Observed<'a> {
    /// Whether it was told to stop, or has to.
    pub(super) stopping: bool,
    /// Its agents.
    pub(super) slots: &'a [Slot],
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

/// Stops when told to, else gives out what there is, else waits for those who work, else waits or ends by the advice.
pub(super) fn next_step(seen: &Observed<'_>) -> Step {
    let works = seen.slots.iter().any(|slot| matches!(slot, Slot::Working(_)));
    if seen.stopping {
        return if works { Step::StopRuns } else { Step::End(None) };
    }
    let mut idle: Option<&Idle> = None;
    for slot in seen.slots {
        match slot {
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
        for (stopping, wait, slots, step) in [
            (false, false, vec![works.clone(), fresh.clone()], Step::Ask(agent(1))),
            (false, false, vec![at_gate.clone(), works.clone()], Step::Wait(None)),
            (false, false, vec![at_gate.clone()], Step::End(Some(gate.clone()))),
            (false, true, vec![at_gate.clone()], Step::Wait(Some(gate))),
            (false, false, vec![at_gate.clone(), waits.clone()], Step::Wait(Some(later.clone()))),
            (false, false, vec![waits, at_gate], Step::Wait(Some(later))),
            (true, true, vec![fresh.clone(), works], Step::StopRuns),
            (true, true, vec![fresh], Step::End(None)),
            (false, false, vec![], Step::End(None)),
        ] {
            assert_eq!(next_step(&Observed { stopping, slots: &slots, wait }), step, "{slots:?}");
        }
    }
}
