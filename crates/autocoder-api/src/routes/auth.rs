//! Logging in.

mod exchange;

use crate::operations::{Operations, Permission};

pub(super) fn add(list: &mut Operations) {
    list.add::<exchange::__path_handle, _, _>("auth", Permission::Public, exchange::handle);
}
