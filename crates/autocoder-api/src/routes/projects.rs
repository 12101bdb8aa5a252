//! Projects: code bases with their plans.

mod archive;
mod create;
mod delete;
mod edit;
mod list;
mod pause;
mod resume;
mod show;
mod start;

use crate::operations::{Operations, operations};

pub(super) fn add(list: &mut Operations) {
    operations!(list, "projects";
        Viewer list, Admin create, Viewer show, Editor edit, Admin delete,
        Editor start, Editor pause, Editor resume, Editor archive,
    );
}
