//! What needs a person: gates, questions, blocked tasks and features without a spec.

use autocoder_core::event::EventKind;
use autocoder_core::feature::FeatureStatus;
use autocoder_core::ids::ProjectId;
use autocoder_core::phase::PhaseStatus;
use autocoder_core::ports::{Out, StoreError};
use autocoder_core::project::ProjectStatus;
use autocoder_core::task::{Question, TaskStatus};
use autocoder_core::time::Timestamp;
use autocoder_core::view::{InboxItem, InboxKind};
use sea_orm::QueryResult;

use crate::entity::field;
use crate::link::Link;

pub(super) async fn inbox(link: &Link, project: Option<ProjectId>) -> Out<Vec<InboxItem>> {
    let mut items = Vec::new();
    for (kind, sql) in sources() {
        let sql = format!("{sql} AND ($1 = 0 OR x.project_id = $1)");
        let rows = link.all("loading the inbox", &sql, [project.map_or(0, |id| id.0).into()]).await?;
        for row in &rows {
            items.push(item(kind, row)?);
        }
    }
    items.sort_by_key(|item| (item.since, item.id));
    Ok(items)
}

/// One query a kind; what waits has waited since the last thing that happened to it.
fn sources() -> [(InboxKind, String); 4] {
    let last = |subject: &str, kind: &str| {
        format!(
            "COALESCE((SELECT e.at FROM events e WHERE e.subject = '{subject}:' || x.id {kind} \
             ORDER BY e.id DESC LIMIT 1), x.created_at)"
        )
    };
    let from = |table: &str, status: &str, since: &str, text: &str| {
        format!(
            "SELECT p.name AS project_name, x.id, x.name, {since} AS since, {text} AS text \
             FROM {table} x JOIN projects p ON p.id = x.project_id WHERE x.status = '{status}' AND p.status <> '{}'",
            ProjectStatus::Archived.as_str()
        )
    };
    let submitted = format!("AND e.kind = '{}'", EventKind::PhaseAwaitingApproval.as_str());
    let (gate, touched) = (last("phase", &submitted), last("task", ""));
    let none = "CAST(NULL AS TEXT)";
    let specs = from("features", FeatureStatus::Pending.as_str(), "x.spec_requested_at", none);
    [
        (InboxKind::Gate, from("phases", PhaseStatus::AwaitingApproval.as_str(), &gate, none)),
        (InboxKind::Question, from("tasks", TaskStatus::NeedsInput.as_str(), &touched, "x.question")),
        (InboxKind::Blocked, from("tasks", TaskStatus::Blocked.as_str(), &touched, "x.blocked_reason")),
        (InboxKind::Spec, format!("{specs} AND x.spec_requested_at IS NOT NULL")),
    ]
}

fn item(kind: InboxKind, row: &QueryResult) -> Out<InboxItem> {
    let text: Option<String> = field(row, "text")?;
    let item = InboxItem {
        kind,
        project_name: field(row, "project_name")?,
        id: field(row, "id")?,
        name: field(row, "name")?,
        since: Timestamp(field(row, "since")?),
        text: text.clone().filter(|_| kind == InboxKind::Blocked),
        choices: Vec::new(),
        recommendation: kind.recommendation().map(str::to_owned),
    };
    match text.filter(|_| kind == InboxKind::Question) {
        Some(text) => Ok(item.asking(question(&text)?)),
        None => Ok(item),
    }
}

fn question(text: &str) -> Out<Question> {
    serde_json::from_str(text)
        .map_err(|error| StoreError::Failed { step: "reading a question", detail: error.to_string() })
}
