//! How a spec comes about: the conversation about a feature, and the tasks proposed for it.

use serde::{Deserialize, Serialize};

use crate::ids::{FeatureId, MessageId, ProposalId};
use crate::limits::{Checks, InvalidField, TEXT_BYTES};
use crate::time::Timestamp;
use crate::vocabulary::closed_enum;

/// One message of the conversation about a feature's spec.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpecMessage {
    /// Its id.
    pub id: MessageId,
    /// The feature.
    pub feature: FeatureId,
    /// When it was written.
    pub at: Timestamp,
    /// Who wrote it: `person:NAME` or `agent:ID`.
    pub author: String,
    /// What it says, as Markdown.
    pub text: String,
}

/// Whether a spec writer has to say something: it was asked for the spec, or spoken to, since it last did.
#[must_use]
pub fn awaits_turn(requested_at: Option<Timestamp>, messages: &[SpecMessage]) -> bool {
    let Some(requested_at) = requested_at else { return false };
    messages.last().is_none_or(|last| last.is_of_person() || last.at < requested_at)
}

impl SpecMessage {
    /// Whether a person wrote it.
    #[must_use]
    pub fn is_of_person(&self) -> bool {
        self.author.starts_with("person:")
    }
}

/// Checks the text of a message.
///
/// # Errors
/// The rule it breaks.
pub fn check_message(text: &str) -> Result<(), Vec<InvalidField>> {
    let mut checks = Checks::default();
    checks.required_text("text", text, TEXT_BYTES);
    checks.finish()
}

closed_enum! {
    /// Where a proposal stands.
    ProposalStatus, "proposal status" {
        /// Waits for a person.
        Open = "open",
        /// Became a task.
        Accepted = "accepted",
        /// Was turned down.
        Declined = "declined",
    }
}

/// A task proposed for a feature; it becomes one when a person accepts it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// Its id.
    pub id: ProposalId,
    /// The feature.
    pub feature: FeatureId,
    /// When it was made.
    pub at: Timestamp,
    /// Who made it.
    pub author: String,
    /// Where it stands.
    pub status: ProposalStatus,
    /// What is proposed.
    pub task: ProposedTask,
}

/// What a proposed task would be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProposedTask {
    /// Its name.
    pub name: String,
    /// Its category.
    pub category: String,
    /// What is wanted.
    pub description: String,
    /// How to do it.
    pub steps: Vec<String>,
    /// How hard it is, 1 to 5.
    pub estimated_complexity: u8,
    /// Lower runs first.
    pub priority: i32,
    /// Proposals of the same feature, and existing tasks, that must pass first.
    pub depends_on: Vec<ProposedDependency>,
}

/// What a proposed task waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ProposedDependency {
    /// Another proposal.
    Proposal(i64),
    /// A task that exists.
    Task(i64),
}
