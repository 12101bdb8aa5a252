//! Tokens: what programs and people show instead of a password.

mod create;
mod list;
mod revoke;

use crate::operations::{Operations, operations};

pub(super) fn add(operations: &mut Operations) {
    operations!(operations, "tokens"; Admin list, Admin create, Admin revoke);
}
