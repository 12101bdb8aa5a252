//! `GET /projects/{name}/tasks`.

use actix_web::web::Path;
use autocoder_core::ids::{FeatureId, ProjectId, TaskId};
use autocoder_core::ports::TaskFilter;
use autocoder_core::task::TaskStatus;
use autocoder_core::view::{FeatureView, Page, TaskCard};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Shown, looked_for};
use crate::body::Params;
use crate::call::Call;
use crate::problem::Problem;
use crate::reply::{self, Answer, plain};

/// The statuses of the first column; the others have one each.
const WAITING: [TaskStatus; 3] = [TaskStatus::Pending, TaskStatus::NeedsInput, TaskStatus::Blocked];

/// Which tasks are wanted.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Wanted {
    /// Left out: three columns. Given: one list of this status, or of all.
    #[param(nullable = false, inline)]
    status: Option<Shown>,
    /// Only tasks of this feature.
    #[param(nullable = false)]
    feature_id: Option<i64>,
    /// Only tasks whose name contains this, whatever the case of ASCII letters.
    #[param(nullable = false, max_length = 255)]
    q: Option<String>,
    /// At most so many in the list or in each column, 1 to 1000.
    #[param(minimum = 1, maximum = 1000, default = 100, nullable = false)]
    limit: Option<u64>,
    /// Where the list goes on: the `next_cursor` of the part before; goes with `status`.
    #[param(nullable = false, pattern = "^[0-9]{1,18}$")]
    cursor: Option<String>,
    /// Where the column goes on, from `cursors`.
    #[param(nullable = false, pattern = "^[0-9]{1,18}$")]
    pending_cursor: Option<String>,
    /// Where the column goes on, from `cursors`.
    #[param(nullable = false, pattern = "^[0-9]{1,18}$")]
    in_progress_cursor: Option<String>,
    /// Where the column goes on, from `cursors`.
    #[param(nullable = false, pattern = "^[0-9]{1,18}$")]
    done_cursor: Option<String>,
}

/// Tasks in columns, or a part of one list.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub(super) enum TaskList {
    /// Without `status`.
    Columns(TaskColumns),
    /// With `status`.
    List(Page<TaskCard>),
}

/// Tasks in three columns, each by id.
#[derive(Serialize, ToSchema)]
pub(super) struct TaskColumns {
    /// Waiting for an agent, for an answer, or blocked: their status says which.
    pending: Vec<TaskCard>,
    /// Held by an agent.
    in_progress: Vec<TaskCard>,
    /// Passing.
    done: Vec<TaskCard>,
    /// How many tasks each column has in all.
    counts: ColumnCounts,
    /// Where each column goes on.
    cursors: ColumnCursors,
}

/// How many tasks each column has in all; they add up.
#[derive(Serialize, ToSchema)]
struct ColumnCounts {
    /// Waiting, for whatever.
    pending: i64,
    /// Held by an agent.
    in_progress: i64,
    /// Passing.
    done: i64,
}

/// Where each column goes on; null: it is all there.
#[derive(Serialize, ToSchema)]
struct ColumnCursors {
    /// For `pending_cursor`.
    pending: Option<String>,
    /// For `in_progress_cursor`.
    in_progress: Option<String>,
    /// For `done_cursor`.
    done: Option<String>,
}

/// The tasks of a project in three columns, or with `status` as one list; by id
#[utoipa::path(
    get, path = "/projects/{name}/tasks", operation_id = "listTasks",
    params(("name" = String, Path, description = "The project"), Wanted),
    responses((status = 200, description = "The columns, or a part of the list", body = TaskList)),
)]
pub(super) async fn handle(call: Call, path: Path<String>, wanted: Params<Wanted>) -> Answer {
    let project = call.project_id(&path).await?;
    let wanted = wanted.0;
    let feature = match wanted.feature_id {
        Some(id) => Some(call.feature(project, FeatureId(id)).await?),
        None => None,
    };
    let limit = reply::limit(wanted.limit)?;
    let text = looked_for(wanted.q.clone())?;
    let filter = TaskFilter { feature: feature.as_ref().map(|f| f.id), text, limit, ..TaskFilter::default() };
    let columns = [&wanted.pending_cursor, &wanted.in_progress_cursor, &wanted.done_cursor];
    if let Some(shown) = wanted.status {
        if columns.into_iter().any(Option::is_some) {
            return Err(Problem::field("status", "is one list, which goes on with `cursor`; the columns go without"));
        }
        let after = after("cursor", wanted.cursor.as_deref())?;
        let page = call.queries().tasks(project, &TaskFilter { status: shown.status(), after, ..filter }).await?;
        return plain(&TaskList::List(page));
    }
    if wanted.cursor.is_some() {
        return Err(Problem::field("cursor", "goes with `status`; each column has a cursor of its own"));
    }
    plain(&TaskList::Columns(in_columns(&call, project, feature, filter, columns).await?))
}

async fn in_columns(
    call: &Call,
    project: ProjectId,
    feature: Option<FeatureView>,
    filter: TaskFilter,
    [pending, in_progress, done]: [&Option<String>; 3],
) -> Result<TaskColumns, Problem> {
    let counts = counts(call, project, feature, &filter).await?;
    let behind = |name, cursor: &Option<String>| {
        Ok::<_, Problem>(TaskFilter { after: after(name, cursor.as_deref())?, ..filter.clone() })
    };
    let pending = column(call, project, behind("pending_cursor", pending)?, &WAITING).await?;
    let working = behind("in_progress_cursor", in_progress)?;
    let in_progress = column(call, project, working, &[TaskStatus::InProgress]).await?;
    let done = column(call, project, behind("done_cursor", done)?, &[TaskStatus::Passing]).await?;
    let cursors =
        ColumnCursors { pending: pending.next_cursor, in_progress: in_progress.next_cursor, done: done.next_cursor };
    Ok(TaskColumns { pending: pending.items, in_progress: in_progress.items, done: done.items, counts, cursors })
}

/// The tasks of these statuses in one row, by id.
async fn column(
    call: &Call,
    project: ProjectId,
    filter: TaskFilter,
    statuses: &[TaskStatus],
) -> Result<Page<TaskCard>, Problem> {
    let (mut items, mut more) = (Vec::new(), false);
    for status in statuses {
        let page = call.queries().tasks(project, &TaskFilter { status: Some(*status), ..filter.clone() }).await?;
        more |= page.next_cursor.is_some();
        items.extend(page.items);
    }
    items.sort_by_key(|card| card.id);
    let limit = usize::try_from(filter.limit).unwrap_or(usize::MAX);
    more |= items.len() > limit;
    items.truncate(limit);
    let next_cursor = items.last().filter(|_| more).map(|card| card.id.to_string());
    Ok(Page { items, next_cursor })
}

/// A feature counts its tasks itself; only a text needs a look at each.
async fn counts(
    call: &Call,
    project: ProjectId,
    feature: Option<FeatureView>,
    filter: &TaskFilter,
) -> Result<ColumnCounts, Problem> {
    let (all, in_progress, done) = match feature {
        Some(feature) if filter.text.is_none() => {
            (feature.task_count, feature.tasks_in_progress, feature.tasks_completed)
        }
        _ => {
            let counts = call.queries().counts_of(project, filter).await?;
            (counts.total(), counts.in_progress, counts.passing)
        }
    };
    Ok(ColumnCounts { pending: all - in_progress - done, in_progress, done })
}

fn after(name: &str, cursor: Option<&str>) -> Result<Option<TaskId>, Problem> {
    let wrong = |_| Problem::field(name, "must be a cursor of the part before");
    reply::cursor(cursor).map(|id| id.map(TaskId)).map_err(wrong)
}
