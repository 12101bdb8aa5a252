//! Features: larger work items of a phase, how their spec comes about, and who works on them.

mod assign;
mod create;
mod decide;
mod delete;
mod edit;
mod list;
mod messages;
mod of_phase;
mod proposals;
mod replace;
mod request_spec;
mod say;
mod show;
mod stop_spec;

use crate::operations::{Operations, operations};

pub(super) fn add(list: &mut Operations) {
    operations!(list, "features";
        Viewer list, Viewer of_phase, Editor create, Viewer show, Editor edit, Editor replace, Editor delete,
        Editor assign, Editor request_spec, Editor stop_spec, Viewer messages, Editor say,
        Viewer proposals, Editor decide,
    );
}
