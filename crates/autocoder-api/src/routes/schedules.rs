//! Schedules: the windows in which the agents of a project are given new tasks.

mod create;
mod delete;
mod edit;
mod list;

use crate::operations::{Operations, operations};

pub(super) fn add(list: &mut Operations) {
    operations!(list, "schedules"; Viewer list, Editor create, Editor edit, Editor delete);
}
