//! Tools on tasks: the agent's own task in `task/own.rs`, reading and ordering here, regression in `task/regression.rs`.

mod own;
mod regression;

pub(super) use own::{Ask, GetNext, MarkPassing, Release, Skip};
pub(super) use regression::{GetForRegression, ReportRegression};

use autocoder_core::ids::{FeatureId, TaskId};
use autocoder_core::ports::TaskFilter;
use autocoder_core::task::TaskStatus;
use autocoder_core::view::TaskView;
use autocoder_core::workflow::set_dependencies;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;
use serde_json::json;

use super::{Caller, Tool};
use crate::arguments::{Id, Whole};
use crate::reply::{Reply, ToolError};

/// How many tasks a list has unless the caller says; an agent's context pays for each.
const LISTED: u64 = 50;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Get {
    task_id: Id,
}

impl Tool for Get {
    const NAME: &'static str = "task_get";
    const ABOUT: &'static str = "One task with everything.";
    const READS: bool = true;

    async fn call(self, caller: &Caller) -> Reply {
        Ok(json!({ "task": caller.task(TaskId(self.task_id.0)).await? }))
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct List {
    #[schemars(schema_with = "status_words")]
    #[serde(default)]
    status: Option<TaskStatus>,
    feature_id: Option<Id>,
    limit: Option<Whole<1, 200>>,
}

fn status_words(_: &mut SchemaGenerator) -> Schema {
    schemars::json_schema!({ "enum": TaskStatus::ALL })
}

impl Tool for List {
    const NAME: &'static str = "task_list";
    const ABOUT: &'static str = "Tasks in short, by id.";
    const READS: bool = true;

    async fn call(self, caller: &Caller) -> Reply {
        let filter = TaskFilter {
            status: self.status,
            feature: self.feature_id.map(|id| FeatureId(id.0)),
            limit: self.limit.map_or(LISTED, |limit| limit.0.unsigned_abs()),
            ..TaskFilter::default()
        };
        let page = caller.queries().tasks(caller.project(), &filter).await?;
        Ok(json!({ "tasks": page.items, "more": page.next_cursor.is_some() }))
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SetDependencies {
    task_id: Id,
    /// Ids of the tasks it waits for; replaces all.
    depends_on: Vec<Id>,
}

impl Tool for SetDependencies {
    const NAME: &'static str = "task_set_dependencies";
    const ABOUT: &'static str = "Make a task wait for exactly these others.";

    async fn call(self, caller: &Caller) -> Reply {
        let id = TaskId(self.task_id.0);
        let depends_on = self.depends_on.into_iter().map(|id| TaskId(id.0)).collect();
        set_dependencies(&caller.context(), caller.project(), id, depends_on).await?;
        Ok(json!({ "task": caller.task(id).await? }))
    }
}

impl Caller {
    async fn task(&self, id: TaskId) -> Result<TaskView, ToolError> {
        self.queries().task(self.project(), id).await?.ok_or_else(|| ToolError::missing("task", id))
    }
}
