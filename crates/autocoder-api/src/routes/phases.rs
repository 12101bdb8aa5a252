//! Phases: the milestones of a project and their approval gates.

mod approve;
mod create;
mod delete;
mod edit;
mod list;
mod reject;
mod reopen;
mod replace;
mod review;
mod show;
mod start;
mod submit;

use crate::operations::{Operations, operations};

pub(super) fn add(list: &mut Operations) {
    operations!(list, "phases";
        Viewer list, Editor create, Viewer show, Editor edit, Editor replace, Editor delete,
        Editor start, Editor submit, Editor approve, Editor reject, Editor reopen, Viewer review,
    );
}
