//! Views of tasks: cards, one whole task, counts and what regression looks at.

use std::sync::LazyLock;

use autocoder_core::ids::{AgentId, FeatureId, PhaseId, ProjectId, TaskId};
use autocoder_core::ports::{Out, StoreError, TaskFilter};
use autocoder_core::task::{Evidence, TaskStatus};
use autocoder_core::view::{Page, TaskCard, TaskCounts, TaskLink, TaskView};
use sea_orm::{DbBackend, QueryResult, Statement, Value};

use crate::entity::{columns, evidence, field, task};
use crate::link::Link;
use crate::read;

/// The size of a page nobody limits, and the largest one.
const PAGE: (u64, u64) = (100, 1_000);

pub(super) async fn cards(link: &Link, project: ProjectId, filter: &TaskFilter) -> Out<Page<TaskCard>> {
    let limit = if filter.limit == 0 { PAGE.0 } else { filter.limit.min(PAGE.1) } as usize;
    let rows = link.rows("loading tasks", cards_statement(link.backend(), project, filter, limit + 1)).await?;
    let more = rows.len() > limit;
    let items = rows.iter().take(limit).map(card).collect::<Out<Vec<_>>>()?;
    let next_cursor = items.last().filter(|_| more).map(|last| last.id.to_string());
    Ok(Page { items, next_cursor })
}

fn cards_statement(backend: DbBackend, project: ProjectId, filter: &TaskFilter, limit: usize) -> Statement {
    let mut only = Only::of(backend, project, filter);
    if let Some(status) = filter.status {
        only.add("status =", status.as_str().into());
    }
    if let Some(after) = filter.after {
        only.add("id >", after.0.into());
    }
    let sql = format!("SELECT {} FROM tasks WHERE {} ORDER BY id LIMIT {limit}", card_columns(backend), only.sql);
    Statement::from_sql_and_values(backend, sql, only.values)
}

/// The conditions of a statement over tasks.
struct Only {
    sql: String,
    values: Vec<Value>,
}

impl Only {
    /// The tasks of the filter's feature and text.
    fn of(backend: DbBackend, project: ProjectId, filter: &TaskFilter) -> Self {
        let mut only = Self { sql: "project_id = $1".to_owned(), values: vec![project.0.into()] };
        if let Some(feature) = filter.feature {
            only.add("feature_id =", feature.0.into());
        }
        if let Some(text) = filter.text.as_deref().filter(|text| !text.is_empty()) {
            only.add(&format!("{} LIKE", lowered(backend, "name")), containing(text).into());
            only.sql.push_str(" ESCAPE '\\'");
        }
        only
    }

    fn add(&mut self, condition: &str, value: Value) {
        self.values.push(value);
        self.sql.push_str(&format!(" AND {condition} ${}", self.values.len()));
    }
}

/// What [`card`] reads.
pub(super) fn card_columns(backend: DbBackend) -> String {
    let steps = match backend {
        DbBackend::Sqlite => "json_array_length(steps)",
        _ => "json_array_length(CAST(steps AS JSON))",
    };
    format!(
        "id, feature_id, name, category, priority, status, complexity, lease_agent, open_prerequisites, \
         CAST({steps} AS BIGINT) AS steps_count"
    )
}

/// A column with its ASCII letters in lower case.
pub(super) fn lowered(backend: DbBackend, column: &str) -> String {
    match backend {
        DbBackend::Sqlite => format!("LOWER({column})"),
        // This collation changes the case of ASCII letters only, as SQLite does.
        _ => format!("LOWER({column} COLLATE \"C\")"),
    }
}

/// The pattern for names that contain `text`.
pub(super) fn containing(text: &str) -> String {
    let escaped = text.to_ascii_lowercase().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    format!("%{escaped}%")
}

pub(super) fn card(row: &QueryResult) -> Out<TaskCard> {
    let status = status(row)?;
    let waits = field::<i32>(row, "open_prerequisites")? > 0;
    Ok(TaskCard {
        id: TaskId(field(row, "id")?),
        feature_id: FeatureId(field(row, "feature_id")?),
        name: field(row, "name")?,
        category: field(row, "category")?,
        priority: field(row, "priority")?,
        status,
        passes: status == TaskStatus::Passing,
        in_progress: status == TaskStatus::InProgress,
        estimated_complexity: u8::try_from(field::<i32>(row, "complexity")?).unwrap_or(u8::MAX),
        steps_count: usize::try_from(field::<i64>(row, "steps_count")?).unwrap_or(0),
        agent_id: field::<Option<String>>(row, "lease_agent")?.map(AgentId),
        is_blocked: status == TaskStatus::Blocked || (status == TaskStatus::Pending && waits),
    })
}

/// A task with the names around it and its neighbours in the graph, all in one statement: it is what is asked most.
fn task_sql(backend: DbBackend) -> String {
    let links = |end: &str, other: &str| {
        let list = match backend {
            DbBackend::Sqlite => "json_group_array(json_array(x.id, x.name, x.status) ORDER BY x.id)",
            _ => "CAST(json_agg(json_build_array(x.id, x.name, x.status) ORDER BY x.id) AS TEXT)",
        };
        format!("(SELECT {list} FROM task_dependencies d JOIN tasks x ON x.id = d.{other} WHERE d.{end} = t.id)")
    };
    format!(
        "SELECT {}, p.name AS project_name, f.phase_id AS phase_id, f.name AS feature_name, {} AS depends_on, \
         {} AS blocks FROM tasks t JOIN features f ON f.id = t.feature_id JOIN projects p ON p.id = t.project_id \
         WHERE t.id = $1 AND t.project_id = $2",
        *read::TASK,
        links("task_id", "depends_on_id"),
        links("depends_on_id", "task_id"),
    )
}

static TASK_SQLITE: LazyLock<String> = LazyLock::new(|| task_sql(DbBackend::Sqlite));
static TASK_POSTGRES: LazyLock<String> = LazyLock::new(|| task_sql(DbBackend::Postgres));

pub(super) async fn task(link: &Link, project: ProjectId, id: TaskId) -> Out<Option<TaskView>> {
    let sql = if link.is_sqlite() { &TASK_SQLITE } else { &TASK_POSTGRES };
    let row = link.one("loading a task", sql, [id.0.into(), project.0.into()]).await?;
    row.as_ref().map(task_view).transpose()
}

fn task_view(row: &QueryResult) -> Out<TaskView> {
    let feature = (PhaseId(field(row, "phase_id")?), field(row, "feature_name")?);
    let task = read::first::<task::Model, _>(Some(row), "t_")?;
    let task = task.ok_or_else(|| unread("a task without columns"))?;
    Ok(TaskView::of(task, field(row, "project_name")?, feature, links(row, "depends_on")?, links(row, "blocks")?))
}

/// A JSON list of `[id, name, status]`; nothing at all where PostgreSQL found none.
fn links(row: &QueryResult, column: &str) -> Out<Vec<TaskLink>> {
    let Some(list) = field::<Option<String>>(row, column)? else { return Ok(Vec::new()) };
    let list: Vec<(i64, String, TaskStatus)> = serde_json::from_str(&list).map_err(unread)?;
    Ok(list.into_iter().map(|(id, name, status)| TaskLink { id: TaskId(id), name, status }).collect())
}

pub(super) async fn project_of(link: &Link, id: TaskId) -> Out<Option<String>> {
    let sql = "SELECT p.name FROM tasks t JOIN projects p ON p.id = t.project_id WHERE t.id = $1";
    let row = link.one("loading a project", sql, [id.0.into()]).await?;
    row.map(|row| field(&row, "name")).transpose()
}

pub(super) async fn counts(link: &Link, project: ProjectId, filter: &TaskFilter) -> Out<TaskCounts> {
    let Only { sql, values } = Only::of(link.backend(), project, filter);
    let sql = format!("SELECT status, COUNT(*) AS number FROM tasks WHERE {sql} GROUP BY status");
    let statement = Statement::from_sql_and_values(link.backend(), sql, values);
    let mut counts = TaskCounts::default();
    for row in link.rows("counting tasks", statement).await? {
        let number = field(&row, "number")?;
        match status(&row)? {
            TaskStatus::Pending => counts.pending = number,
            TaskStatus::InProgress => counts.in_progress = number,
            TaskStatus::Passing => counts.passing = number,
            TaskStatus::NeedsInput => counts.needs_input = number,
            TaskStatus::Blocked => counts.blocked = number,
        }
    }
    Ok(counts)
}

pub(super) async fn least_verified(link: &Link, project: ProjectId, limit: u64) -> Out<Vec<TaskId>> {
    let sql = format!(
        "SELECT id FROM tasks WHERE project_id = $1 AND status = '{}' ORDER BY verified_at NULLS FIRST, id LIMIT $2",
        TaskStatus::Passing.as_str()
    );
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = link.all("loading passing tasks", &sql, [project.0.into(), limit.into()]).await?;
    rows.iter().map(|row| field(row, "id").map(TaskId)).collect()
}

pub(super) async fn evidence(link: &Link, project: ProjectId, task: TaskId) -> Out<Vec<Evidence>> {
    let sql = format!(
        "SELECT {} FROM evidence e JOIN tasks t ON t.id = e.task_id \
         WHERE e.task_id = $1 AND t.project_id = $2 ORDER BY e.id DESC LIMIT 50",
        columns::<evidence::Entity>("e", "e_")
    );
    let rows = link.all("loading evidence", &sql, [task.0.into(), project.0.into()]).await?;
    read::every::<evidence::Model, _>(&rows, "e_")
}

fn status(row: &QueryResult) -> Out<TaskStatus> {
    let word: String = field(row, "status")?;
    word.parse().map_err(unread)
}

fn unread(error: impl std::fmt::Display) -> StoreError {
    StoreError::Failed { step: "reading a row", detail: error.to_string() }
}
