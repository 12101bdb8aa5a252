//! Tools on the project: its counts.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::{Caller, Tool};
use crate::reply::{Reply, ToolError};

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct GetStats {}

impl Tool for GetStats {
    const NAME: &'static str = "project_get_stats";
    const ABOUT: &'static str = "The project, its counts and its active phase.";
    const READS: bool = true;

    async fn call(self, caller: &Caller) -> Reply {
        let name = &caller.connection.session.project_name;
        let project = caller.queries().project(name).await?.ok_or_else(|| ToolError::missing("project", name))?;
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
