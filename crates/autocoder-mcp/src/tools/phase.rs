//! Tools on phases: where the project stands, what is unfinished, and the hand-over to a person.

use autocoder_core::feature::FeatureStatus;
use autocoder_core::ids::PhaseId;
use autocoder_core::phase::{NewPhase, PhaseStatus};
use autocoder_core::view::{FeatureView, PhaseView};
use autocoder_core::workflow::{add_phase, submit_phase};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Caller, Tool};
use crate::arguments::Id;
use crate::reply::{Reply, ToolError};

/// How many unfinished features an answer names.
const NAMED: usize = 50;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct GetCurrent {}

impl Tool for GetCurrent {
    const NAME: &'static str = "phase_get_current";
    const ABOUT: &'static str = "The active phase with its counts; null when all are approved.";
    const READS: bool = true;

    async fn call(self, caller: &Caller) -> Reply {
        Ok(json!({ "phase": caller.active_phase().await? }))
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Create {
    name: String,
    description: Option<String>,
}

impl Tool for Create {
    const NAME: &'static str = "phase_create";
    const ABOUT: &'static str = "Add a phase behind the last one.";

    async fn call(self, caller: &Caller) -> Reply {
        let new =
            NewPhase { name: self.name, description: self.description.unwrap_or_default(), ..NewPhase::default() };
        let made = add_phase(&caller.context(), caller.project(), new).await?;
        Ok(json!({ "phase": caller.phase(made.id).await? }))
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct MarkComplete {
    phase_id: Id,
}

impl Tool for MarkComplete {
    const NAME: &'static str = "phase_mark_complete";
    const ABOUT: &'static str = "Hand a finished phase to a person for approval.";

    async fn call(self, caller: &Caller) -> Reply {
        let id = PhaseId(self.phase_id.0);
        submit_phase(&caller.context(), caller.project(), id).await?;
        Ok(json!({ "phase": caller.phase(id).await?, "message": "a person decides now; end your session" }))
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CheckStatus {
    phase_id: Id,
}

impl Tool for CheckStatus {
    const NAME: &'static str = "phase_check_status";
    const ABOUT: &'static str = "Whether all features of a phase are complete, and which are not.";
    const READS: bool = true;

    async fn call(self, caller: &Caller) -> Reply {
        let phase = caller.phase(PhaseId(self.phase_id.0)).await?;
        let features = caller.queries().features(caller.project(), Some(phase.id)).await?;
        let open: Vec<_> = features.iter().filter(|feature| feature.status != FeatureStatus::Completed).collect();
        Ok(json!({
            "complete": open.is_empty() && phase.task_count > 0,
            "unfinished_count": open.len(),
            "unfinished": open.into_iter().take(NAMED).map(unfinished).collect::<Vec<_>>(),
            "phase": phase,
        }))
    }
}

fn unfinished(feature: &FeatureView) -> Value {
    json!({
        "id": feature.id,
        "name": feature.name,
        "status": feature.status,
        "task_count": feature.task_count,
        "tasks_completed": feature.tasks_completed,
        "tasks_in_progress": feature.tasks_in_progress,
    })
}

impl Caller {
    async fn phase(&self, id: PhaseId) -> Result<PhaseView, ToolError> {
        let phases = self.queries().phases(self.project()).await?;
        phases.into_iter().find(|phase| phase.id == id).ok_or_else(|| ToolError::missing("phase", id))
    }

    pub(super) async fn active_phase(&self) -> Result<Option<PhaseView>, ToolError> {
        let phases = self.queries().phases(self.project()).await?;
        Ok(phases.into_iter().find(|phase| phase.status != PhaseStatus::Completed))
    }
}
