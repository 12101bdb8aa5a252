//! Looks across plans: what needs a person, what has a name, what waits for what.

mod graph;
mod inbox;
mod search;

use crate::operations::{Operations, operations};

pub(super) fn add(list: &mut Operations) {
    operations!(list, "overview"; Viewer inbox, Viewer search, Viewer graph);
}
