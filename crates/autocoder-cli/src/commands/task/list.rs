//! `autocoder task list`.

use autocoder_core::ids::{FeatureId, TaskId};
use autocoder_core::ports::{Queries, TaskFilter};
use autocoder_core::task::TaskStatus;
use autocoder_core::view::{Page, ProjectView, TaskCard};
use clap::Args;

use crate::arguments::{InProject, id};
use crate::exit::Failure;
use crate::output::table;
use crate::root::Root;

/// The most tasks of one page.
const PAGE: u64 = 1_000;

/// List tasks
#[derive(Args)]
#[command(after_help = "\
Examples:
  autocoder task list --status blocked
  autocoder task list --feature 7 --all")]
pub(crate) struct List {
    /// Only this status: pending, in_progress, passing, needs_input, blocked, or all
    #[arg(long, value_parser = status, default_value = "all", hide_default_value = true)]
    status: Wanted,
    /// Only those of this feature
    #[arg(long, value_name = "ID", value_parser = id, allow_negative_numbers = true)]
    feature: Option<i64>,
    /// Only names that contain this
    #[arg(long, value_name = "TEXT")]
    search: Option<String>,
    /// At most so many
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u64).range(1..=PAGE))]
    limit: u64,
    /// Everything
    #[arg(long, conflicts_with_all = ["limit", "cursor"])]
    all: bool,
    /// Go on where another list ended (its next_cursor)
    #[arg(long, value_parser = id)]
    cursor: Option<i64>,
    #[command(flatten)]
    in_project: InProject,
}

#[derive(Clone, Copy, Debug)]
struct Wanted(Option<TaskStatus>);

fn status(word: &str) -> Result<Wanted, String> {
    match word {
        "all" => Ok(Wanted(None)),
        word => word.parse().map(|status| Wanted(Some(status))).map_err(|unknown| format!("{unknown}, `all`")),
    }
}

impl List {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        let installation = root.open().await?;
        let project = installation.project(&self.in_project).await?;
        if let Some(id) = self.feature {
            installation.feature(&project, id).await?;
        }
        let filter = TaskFilter {
            status: self.status.0,
            feature: self.feature.map(FeatureId),
            text: self.search,
            after: self.cursor.map(TaskId),
            limit: if self.all { PAGE } else { self.limit },
        };
        let page = pages(installation.queries(), &project, filter, self.all).await?;
        root.output.show(&page, |page| text(root, page))
    }
}

/// One page, or all of them as one.
async fn pages(
    queries: &dyn Queries,
    project: &ProjectView,
    mut filter: TaskFilter,
    all: bool,
) -> Result<Page<TaskCard>, Failure> {
    let mut page = queries.tasks(project.id, &filter).await?;
    while all && page.next_cursor.is_some() {
        filter.after = page.items.last().map(|task| task.id);
        let more = queries.tasks(project.id, &filter).await?;
        page.items.extend(more.items);
        page.next_cursor = more.next_cursor;
    }
    Ok(page)
}

fn text(root: &Root, page: &Page<TaskCard>) -> String {
    if page.items.is_empty() {
        return "no task matches".to_owned();
    }
    let rows = page.items.iter().map(|task| {
        let waits = if task.is_blocked && task.status == TaskStatus::Pending { " (waits)" } else { "" };
        vec![
            task.id.to_string(),
            task.feature_id.to_string(),
            task.name.clone(),
            format!("{}{waits}", task.status),
            task.estimated_complexity.to_string(),
            task.priority.to_string(),
            task.category.clone(),
            task.agent_id.as_ref().map(ToString::to_string).unwrap_or_default(),
        ]
    });
    let header = ["id", "feature", "name", "status", "complexity", "priority", "category", "agent"];
    let table = table(root.output.width(), &header, rows);
    match &page.next_cursor {
        Some(cursor) => format!("{table}\nmore: --cursor {cursor}, or --all"),
        None => table,
    }
}
