//! Shapes of a claim: the task an agent is given, or why there is none.

use serde::Serialize;

use crate::ids::{Attempt, FeatureId, PhaseId, TaskId};
use crate::scheduler::{Advice, Claim, Idle, IdleReason, PhaseTally};
use crate::time::Timestamp;

/// The answer to "give me a task".
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ClaimView {
    /// The task, or none.
    pub task: Option<ClaimedTask>,
    /// Why there is none.
    #[serde(flatten)]
    pub idle: IdleView,
}

/// Why there is no task; empty words when there is one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct IdleView {
    /// The reason.
    pub reason: Option<IdleReason>,
    /// What to do.
    pub advice: Advice,
    /// When asking again may help.
    pub retry_at: Option<Timestamp>,
    /// The counts behind the reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub counts: Option<Box<PhaseTally>>,
}

/// A task as an agent needs it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ClaimedTask {
    /// Its id.
    pub id: TaskId,
    /// Its name.
    pub name: String,
    /// What sort of work it is.
    pub category: String,
    /// What is to be done.
    pub description: String,
    /// How to see that it is done.
    pub steps: Vec<String>,
    /// From 1 to 5.
    pub estimated_complexity: u8,
    /// The number of this claim.
    pub attempt: Attempt,
    /// Why its last try failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_failure: Option<String>,
    /// What the agent asked before, and a person's answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
    /// Its feature.
    pub feature_id: FeatureId,
    /// Its feature's name; `feature_get_spec` has the spec.
    pub feature_name: String,
    /// Its phase.
    pub phase_id: PhaseId,
    /// Its phase's name.
    pub phase_name: String,
    /// Until when it is held unless the lease is renewed.
    pub lease_expires: Option<Timestamp>,
}

impl From<Claim> for ClaimView {
    fn from(claim: Claim) -> Self {
        let Claim { task, feature, phase } = claim;
        let task = ClaimedTask {
            id: task.id,
            name: task.name,
            category: task.category,
            description: task.description,
            steps: task.steps,
            estimated_complexity: task.complexity,
            attempt: task.attempt,
            last_failure: task.blocked_reason,
            answer: task.answer,
            feature_id: feature.id,
            feature_name: feature.name,
            phase_id: phase.id,
            phase_name: phase.name,
            lease_expires: task.lease.map(|lease| lease.expires),
        };
        let idle = IdleView { reason: None, advice: Advice::Continue, retry_at: None, counts: None };
        Self { task: Some(task), idle }
    }
}

impl From<Idle> for ClaimView {
    fn from(idle: Idle) -> Self {
        let Idle { reason, advice, retry_at, counts } = idle;
        Self { task: None, idle: IdleView { reason: Some(reason), advice, retry_at, counts } }
    }
}
