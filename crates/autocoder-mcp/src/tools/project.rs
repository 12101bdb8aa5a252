//! Tools on the project: its counts, and its spec in parts.

use autocoder_core::view::ProjectView;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::{Caller, Tool};
use crate::arguments::Whole;
use crate::reply::{Reply, ToolError};

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct GetStats {}

impl Tool for GetStats {
    const NAME: &'static str = "project_get_stats";
    const ABOUT: &'static str = "The project, its counts and its active phase.";
    const READS: bool = true;

    async fn call(self, caller: &Caller) -> Reply {
        let project = caller.own_project().await?;
        let counts = caller.queries().counts(caller.project()).await?;
        Ok(json!({
            "project_name": project.name,
            "title": project.title,
            "status": project.status,
            "phase_count": project.phase_count,
            "phases_completed": project.phases_completed,
            "feature_count": project.feature_count,
            "task_count": project.task_count,
            "tasks_completed": project.tasks_completed,
            "tasks": counts,
            "phase": caller.active_phase().await?,
        }))
    }
}

/// How much of the spec one call gives, in characters.
const PART_CHARS: usize = 20_000;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct GetSpec {
    /// From this character on.
    offset: Option<Whole<0, { i64::MAX }>>,
}

impl Tool for GetSpec {
    const NAME: &'static str = "project_get_spec";
    const ABOUT: &'static str = "The project's spec, in parts; `next_offset` is null at the end.";
    const READS: bool = true;

    async fn call(self, caller: &Caller) -> Reply {
        let spec = caller.own_project().await?.spec.unwrap_or_default();
        let offset = self.offset.map_or(0, |offset| offset.0.unsigned_abs() as usize);
        let part: String = spec.chars().skip(offset).take(PART_CHARS).collect();
        let end = offset.saturating_add(PART_CHARS);
        let next = (spec.chars().count() > end).then_some(end);
        Ok(json!({ "spec": part, "next_offset": next }))
    }
}

impl Caller {
    async fn own_project(&self) -> Result<ProjectView, ToolError> {
        let name = &self.connection.session.project_name;
        self.queries().project(name).await?.ok_or_else(|| ToolError::missing("project", name))
    }
}
