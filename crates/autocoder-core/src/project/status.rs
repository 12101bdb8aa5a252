//! The status machine of a project.

use crate::status::status_machine;
use crate::vocabulary::closed_enum;

closed_enum! {
    /// Where a project stands.
    ProjectStatus, "project status" {
        /// Agents may work on it.
        Active = "active",
        /// No new task is handed out.
        Paused = "paused",
        /// Every phase is approved.
        Completed = "completed",
        /// Put away.
        Archived = "archived",
    }
}

closed_enum! {
    /// What can be done to a project.
    ProjectAction, "project action" {
        /// Hand out no new task.
        Pause = "pause",
        /// Go on after a pause, or take it out of the archive.
        Resume = "resume",
        /// Its last phase is approved.
        Complete = "complete",
        /// There is work again.
        Reopen = "reopen",
        /// Put it away.
        Archive = "archive",
    }
}

status_machine!(ProjectStatus, ProjectAction, "project");

impl ProjectStatus {
    const fn next(self, action: ProjectAction) -> Option<Self> {
        use ProjectAction::{Archive, Complete, Pause, Reopen, Resume};
        match (self, action) {
            (Self::Active, Pause) => Some(Self::Paused),
            (Self::Paused | Self::Archived, Resume) | (Self::Completed, Reopen) => Some(Self::Active),
            (Self::Active | Self::Paused, Complete) => Some(Self::Completed),
            (Self::Active | Self::Paused | Self::Completed, Archive) => Some(Self::Archived),
            (Self::Active, Resume | Reopen)
            | (Self::Paused, Pause | Reopen)
            | (Self::Completed, Pause | Resume | Complete)
            | (Self::Archived, Pause | Complete | Reopen | Archive) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pair_of_status_and_action_is_decided() {
        let table = "
            active    pause→paused complete→completed archive→archived
            paused    resume→active complete→completed archive→archived
            completed reopen→active archive→archived
            archived  resume→active";
        crate::status_table::check(table, ProjectStatus::ALL, ProjectAction::ALL, |s, a| s.apply(a).ok());
    }
}
