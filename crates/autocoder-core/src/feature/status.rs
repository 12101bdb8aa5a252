//! The status machine of a feature.

use crate::status::status_machine;
use crate::vocabulary::closed_enum;

closed_enum! {
    /// Where a feature stands.
    FeatureStatus, "feature status" {
        /// It has neither tasks nor a spec writer.
        Pending = "pending",
        /// Its spec is being written.
        Speccing = "speccing",
        /// It has tasks, none was started.
        Ready = "ready",
        /// Its tasks are worked on.
        InProgress = "in_progress",
        /// Every task passes.
        Completed = "completed",
    }
}

closed_enum! {
    /// What can happen to a feature.
    FeatureAction, "feature action" {
        /// A spec writer starts.
        StartSpec = "start_spec",
        /// The spec writer is stopped before there are tasks.
        CancelSpec = "cancel_spec",
        /// It gets its first task.
        Prepare = "prepare",
        /// Its first task is claimed.
        Start = "start",
        /// Its last open task passes or goes away.
        Complete = "complete",
        /// A task is added or reopened.
        Reopen = "reopen",
        /// Its last task is deleted or moved away.
        Empty = "empty",
    }
}

status_machine!(FeatureStatus, FeatureAction, "feature");

impl FeatureStatus {
    const fn next(self, action: FeatureAction) -> Option<Self> {
        use FeatureAction::{CancelSpec, Complete, Empty, Prepare, Reopen, Start, StartSpec};
        match (self, action) {
            (Self::Pending, StartSpec) => Some(Self::Speccing),
            (Self::Speccing, CancelSpec) | (Self::Ready | Self::InProgress | Self::Completed, Empty) => {
                Some(Self::Pending)
            }
            (Self::Pending | Self::Speccing, Prepare) => Some(Self::Ready),
            (Self::Ready, Start) | (Self::Completed, Reopen) => Some(Self::InProgress),
            (Self::Ready | Self::InProgress, Complete) => Some(Self::Completed),
            (Self::Pending, CancelSpec | Start | Complete | Reopen | Empty)
            | (Self::Speccing, StartSpec | Start | Complete | Reopen | Empty)
            | (Self::Ready, StartSpec | CancelSpec | Prepare | Reopen)
            | (Self::InProgress, StartSpec | CancelSpec | Prepare | Start | Reopen)
            | (Self::Completed, StartSpec | CancelSpec | Prepare | Start | Complete) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pair_of_status_and_action_is_decided() {
        let table = "
            pending     start_spec→speccing prepare→ready
            speccing    cancel_spec→pending prepare→ready
            ready       start→in_progress complete→completed empty→pending
            in_progress complete→completed empty→pending
            completed   reopen→in_progress empty→pending";
        crate::status_table::check(table, FeatureStatus::ALL, FeatureAction::ALL, |s, a| s.apply(a).ok());
    }
}
