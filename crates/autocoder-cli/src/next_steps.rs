//! What a person can type next, as exact commands.

use autocoder_core::view::{InboxItem, InboxKind};

/// The commands that answer an item of the inbox; `command` stands in front of each verb.
pub(crate) fn answers(item: &InboxItem, command: &str) -> Vec<String> {
    let InboxItem { id, project_name: project, .. } = item;
    match item.kind {
        InboxKind::Gate => vec![
            format!("{command} phase approve {id} --project {project}"),
            format!("{command} phase reject {id} --project {project} --reason '…'"),
        ],
        InboxKind::Question => vec![format!("{command} task answer {id} '…'")],
        InboxKind::Blocked => vec![format!("{command} task show {id}"), format!("{command} task reopen {id}")],
        InboxKind::Spec => vec![
            format!("{command} run --project {project} --role spec_writer"),
            format!("{command} feature spec {id} --project {project} --file SPEC.md"),
            format!("{command} task add NAME --project {project} --feature {id}"),
        ],
        InboxKind::Budget => {
            vec![format!("{command} usage show"), format!("{command} usage settings --monthly-limit N")]
        }
    }
}

/// What an item of the inbox is, in words.
pub(crate) fn headline(item: &InboxItem) -> String {
    let InboxItem { id, name, project_name: project, .. } = item;
    match item.kind {
        InboxKind::Gate => format!("phase {id} \"{name}\" waits for approval"),
        InboxKind::Question => format!("task {id} \"{name}\" asks: {}", item.text.as_deref().unwrap_or_default()),
        InboxKind::Blocked => format!("task {id} \"{name}\" is blocked: {}", item.text.as_deref().unwrap_or_default()),
        InboxKind::Spec => format!("feature {id} \"{name}\" waits for its spec and tasks"),
        InboxKind::Budget => format!("project \"{project}\": {}", item.text.as_deref().unwrap_or_default()),
    }
}
