//! A task as a person at the gate of its phase looks at it.

use serde::Serialize;

use super::{EvidenceView, TaskCard};

/// A task with what speaks for it, and against it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReviewedTask {
    /// The task in short.
    #[serde(flatten)]
    pub card: TaskCard,
    /// How often it failed since it was made or reopened.
    pub failures: u32,
    /// How often it was skipped.
    pub skip_count: u32,
    /// Why it cannot go on, why its last try failed, or why it was reopened.
    pub blocked_reason: Option<String>,
    /// What its last verification gave.
    pub evidence: Option<EvidenceView>,
}
