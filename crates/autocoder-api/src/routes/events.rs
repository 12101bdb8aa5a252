//! What happened: live, and as the timeline of a project.

mod follow;
mod timeline;

use crate::operations::{Operations, operations};

pub(super) fn add(list: &mut Operations) {
    operations!(list, "events"; Viewer follow, Viewer timeline);
}
