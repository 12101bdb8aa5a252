//! The forecast of a project.

mod show;

use crate::operations::{Operations, operations};

pub(super) fn add(list: &mut Operations) {
    operations!(list, "usage"; Viewer show);
}
