//! The server itself: whether it lives, what it counts, what it offers.

mod health;
mod metrics;
mod openapi;
mod ready;

use autocoder_core::token::Access;

use crate::operations::{Operations, Permission};

pub(super) fn add(list: &mut Operations) {
    let public = Permission::Public;
    list.add::<health::__path_handle, _, _>("service", public, health::handle);
    list.add::<ready::__path_handle, _, _>("service", public, ready::handle);
    list.add::<openapi::__path_handle, _, _>("service", public, openapi::handle);
    list.add::<metrics::__path_handle, _, _>("service", Permission::At(Access::Viewer), metrics::handle);
}
