//! Why there is no task: one reason, the counts behind it, when to ask again and what to do meanwhile.

use serde::Serialize;

use super::claim::SMALL;
use super::{PhaseTally, WorkQuery};
use crate::time::Timestamp;
use crate::vocabulary::closed_enum;

closed_enum! {
    /// Why there is no task.
    IdleReason, "reason" {
        /// Every phase is approved.
        ProjectComplete = "project_complete",
        /// A person has to approve the phase.
        PhaseAwaitingApproval = "phase_awaiting_approval",
        /// There is no phase to work in.
        PhaseNotStarted = "phase_not_started",
        /// Features have neither spec nor tasks.
        NoSpec = "no_spec",
        /// Other agents hold all there is.
        AllClaimed = "all_claimed",
        /// What is left waits for tasks that do not pass.
        BlockedByDependencies = "blocked_by_dependencies",
        /// The agent's own features, or its role, have nothing to do.
        ScopeEmpty = "scope_empty",
        /// Tasks wait for a person's answer.
        NeedsInput = "needs_input",
        /// The budget is all but gone.
        UsageCritical = "usage_critical",
        /// What is left of the budget allows or pays only smaller tasks, and there is none.
        UsageLowNoSmallTask = "usage_low_no_small_task",
        /// The provider refuses until its limit resets.
        LimitRejected = "limit_rejected",
        /// A person paused the project or the agent, or the project's schedule does.
        Paused = "paused",
        /// Failed tasks wait for their next try.
        Backoff = "backoff",
        /// What is left failed too often.
        MaxAttempts = "max_attempts",
    }
}

closed_enum! {
    /// What an agent without a task does.
    Advice, "advice" {
        /// End the session.
        Stop = "stop",
        /// Ask again at `retry_at`.
        Wait = "wait",
        /// Go on with the task at hand.
        Continue = "continue",
    }
}

/// Why there is no task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Idle {
    /// The reason.
    pub reason: IdleReason,
    /// What to do meanwhile.
    pub advice: Advice,
    /// When asking again may help.
    pub retry_at: Option<Timestamp>,
    /// The counts behind the reason, when the plan was looked at.
    pub counts: Option<Box<PhaseTally>>,
}

impl Idle {
    /// A reason that needs no counts.
    #[must_use]
    pub const fn plain(reason: IdleReason, advice: Advice) -> Self {
        Self { reason, advice, retry_at: None, counts: None }
    }

    /// Whether a crew may end: nothing will change unless a person acts.
    #[must_use]
    pub fn waits_for_person(&self) -> bool {
        self.advice == Advice::Stop
    }
}

/// Why the active phase, with these counts, has nothing for the query.
#[must_use]
pub fn explain(query: &WorkQuery, tally: PhaseTally) -> Idle {
    let others_work = tally.in_progress > 0;
    let or_wait = if others_work { Advice::Wait } else { Advice::Stop };
    let (reason, advice, retry_at) = if tally.ready > tally.backing_off {
        if query.max_complexity < SMALL || tally.ready_small == 0 && query.max_complexity < u8::MAX {
            (IdleReason::UsageLowNoSmallTask, or_wait, None)
        } else if query.scoped {
            (IdleReason::ScopeEmpty, or_wait, None)
        } else {
            (IdleReason::AllClaimed, or_wait, tally.next_lapse)
        }
    } else if tally.backing_off > 0 {
        (IdleReason::Backoff, Advice::Wait, tally.next_retry)
    } else if others_work {
        (IdleReason::AllClaimed, Advice::Wait, tally.next_lapse)
    } else if tally.needs_input > 0 {
        (IdleReason::NeedsInput, Advice::Stop, None)
    } else if tally.blocked > 0 {
        (IdleReason::MaxAttempts, Advice::Stop, None)
    } else if tally.passing < tally.tasks {
        (IdleReason::BlockedByDependencies, Advice::Stop, None)
    } else {
        (IdleReason::NoSpec, Advice::Stop, None)
    };
    Idle { reason, advice, retry_at, counts: Some(Box::new(tally)) }
}

/// What is left pays for the features that others work on, and for no new one.
#[must_use]
pub const fn too_dear() -> Idle {
    Idle::plain(IdleReason::UsageLowNoSmallTask, Advice::Wait)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{AgentId, PhaseId};
    use crate::scheduler::Order;

    #[test]
    fn the_reason_is_the_first_that_a_person_or_agent_can_act_on() {
        let base = PhaseTally { features: 2, open_features: 2, tasks: 10, passing: 2, ..PhaseTally::default() };
        let at = Some(Timestamp(7));
        let cases = [
            ("ready=1 held", PhaseTally { ready: 1, in_progress: 1, ..base.clone() }, 9, false, "all_claimed wait"),
            ("assigned away", PhaseTally { ready: 1, ..base.clone() }, 9, false, "all_claimed stop"),
            ("only large", PhaseTally { ready: 1, ..base.clone() }, 2, false, "usage_low_no_small_task stop"),
            (
                "not one can be paid",
                PhaseTally { ready: 1, ready_small: 1, ..base.clone() },
                0,
                false,
                "usage_low_no_small_task stop",
            ),
            ("scoped", PhaseTally { ready: 1, ready_small: 1, ..base.clone() }, 9, true, "scope_empty stop"),
            (
                "back-off",
                PhaseTally { ready: 1, backing_off: 1, next_retry: at, ..base.clone() },
                9,
                false,
                "backoff wait at",
            ),
            (
                "in progress",
                PhaseTally { in_progress: 3, needs_input: 1, ..base.clone() },
                9,
                false,
                "all_claimed wait",
            ),
            ("asked", PhaseTally { needs_input: 1, blocked: 1, ..base.clone() }, 9, false, "needs_input stop"),
            ("blocked", PhaseTally { blocked: 1, ..base.clone() }, 9, false, "max_attempts stop"),
            ("dependencies", base.clone(), 9, false, "blocked_by_dependencies stop"),
            ("no tasks", PhaseTally { tasks: 2, ..base }, 9, false, "no_spec stop"),
        ];
        for (name, tally, complexity, scoped, expected) in cases {
            let query = WorkQuery {
                phase: PhaseId(1),
                agent: AgentId("a".into()),
                scoped,
                order: Order::Priority,
                max_complexity: if complexity == 9 { u8::MAX } else { complexity },
                writers_per_feature: 1,
                payable_tasks: None,
                now: Timestamp(0),
            };
            let idle = explain(&query, tally);
            let at = if idle.retry_at.is_some() { " at" } else { "" };
            assert_eq!(format!("{} {}{at}", idle.reason, idle.advice), expected, "{name}");
        }
    }
}
