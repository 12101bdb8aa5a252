//! The status machine of a task.

use crate::status::status_machine;
use crate::vocabulary::closed_enum;

closed_enum! {
    /// Where a task stands.
    TaskStatus, "task status" {
        /// Waits for an agent.
        Pending = "pending",
        /// An agent holds it under a lease.
        InProgress = "in_progress",
        /// Done.
        Passing = "passing",
        /// Waits for a person's answer.
        NeedsInput = "needs_input",
        /// Failed too often; waits for a person.
        Blocked = "blocked",
    }
}

closed_enum! {
    /// What can happen to a task.
    TaskAction, "task action" {
        /// An agent takes it.
        Claim = "claim",
        /// The agent that holds it has finished it.
        Pass = "pass",
        /// Handed back without a penalty.
        Release = "release",
        /// A run or its verification failed.
        Fail = "fail",
        /// It failed for the last time.
        Exhaust = "exhaust",
        /// Put behind every other task of its feature.
        Skip = "skip",
        /// The agent needs a person's answer.
        Ask = "ask",
        /// A person answers.
        Answer = "answer",
        /// Has to be done again.
        Reopen = "reopen",
    }
}

status_machine!(TaskStatus, TaskAction, "task");

impl TaskStatus {
    const fn next(self, action: TaskAction) -> Option<Self> {
        use TaskAction::{Answer, Ask, Claim, Exhaust, Fail, Pass, Release, Reopen, Skip};
        match (self, action) {
            (Self::Pending, Claim) => Some(Self::InProgress),
            (Self::InProgress, Pass) => Some(Self::Passing),
            (Self::InProgress, Release | Fail)
            | (Self::Pending | Self::InProgress, Skip)
            | (Self::NeedsInput, Answer)
            | (Self::Passing | Self::Blocked, Reopen) => Some(Self::Pending),
            (Self::InProgress, Exhaust) => Some(Self::Blocked),
            (Self::InProgress, Ask) => Some(Self::NeedsInput),
            (Self::Pending, Pass | Release | Fail | Exhaust | Ask | Answer | Reopen)
            | (Self::InProgress, Claim | Answer | Reopen)
            | (Self::Passing | Self::Blocked, Claim | Pass | Release | Fail | Exhaust | Skip | Ask | Answer)
            | (Self::NeedsInput, Claim | Pass | Release | Fail | Exhaust | Skip | Ask | Reopen) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pair_of_status_and_action_is_decided() {
        let table = "
            pending     claim→in_progress skip→pending
            in_progress pass→passing release→pending fail→pending exhaust→blocked skip→pending ask→needs_input
            passing     reopen→pending
            needs_input answer→pending
            blocked     reopen→pending";
        crate::status_table::check(table, TaskStatus::ALL, TaskAction::ALL, |s, a| s.apply(a).ok());
    }
}
