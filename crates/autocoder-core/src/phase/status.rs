//! The status machine of a phase.

use crate::status::status_machine;
use crate::vocabulary::closed_enum;

closed_enum! {
    /// Where a phase stands.
    PhaseStatus, "phase status" {
        /// Not started.
        Pending = "pending",
        /// Its tasks are worked on.
        InProgress = "in_progress",
        /// Every task passes; a person decides.
        AwaitingApproval = "awaiting_approval",
        /// A person approved it.
        Completed = "completed",
    }
}

closed_enum! {
    /// What can be done to a phase.
    PhaseAction, "phase action" {
        /// Begin to work on it.
        Start = "start",
        /// Hand it to a person.
        Submit = "submit",
        /// A person accepts it.
        Approve = "approve",
        /// A person sends it back.
        Reject = "reject",
        /// A person takes the approval back.
        Reopen = "reopen",
    }
}

status_machine!(PhaseStatus, PhaseAction, "phase");

impl PhaseStatus {
    const fn next(self, action: PhaseAction) -> Option<Self> {
        use PhaseAction::{Approve, Reject, Reopen, Start, Submit};
        match (self, action) {
            (Self::Pending, Start) | (Self::AwaitingApproval, Reject) | (Self::Completed, Reopen) => {
                Some(Self::InProgress)
            }
            (Self::InProgress, Submit) => Some(Self::AwaitingApproval),
            (Self::AwaitingApproval, Approve) => Some(Self::Completed),
            (Self::Pending, Submit | Approve | Reject | Reopen)
            | (Self::InProgress, Start | Approve | Reject | Reopen)
            | (Self::AwaitingApproval, Start | Submit | Reopen)
            | (Self::Completed, Start | Submit | Approve | Reject) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pair_of_status_and_action_is_decided() {
        let table = "
            pending           start→in_progress
            in_progress       submit→awaiting_approval
            awaiting_approval approve→completed reject→in_progress
            completed         reopen→in_progress";
        crate::status_table::check(table, PhaseStatus::ALL, PhaseAction::ALL, |s, a| s.apply(a).ok());
    }

    #[test]
    fn a_refusal_names_what_was_found_asked_and_allowed() {
        let refused = PhaseStatus::InProgress.apply(PhaseAction::Approve).unwrap_err();
        assert_eq!(refused.to_string(), "a phase that is `in_progress` cannot `approve`; it can `submit`");
    }
}
