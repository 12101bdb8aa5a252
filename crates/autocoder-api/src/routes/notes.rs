//! Notes: what agents tell those who work on the same phase after them.

mod list;

use crate::operations::{Operations, operations};

pub(super) fn add(list: &mut Operations) {
    operations!(list, "notes"; Viewer list);
}
