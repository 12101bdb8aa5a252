//! How a spec comes about, as people see it.

use serde::Serialize;

use crate::ids::{FeatureId, MessageId, ProposalId};
use crate::spec::{Proposal, ProposalStatus, ProposedTask, SpecMessage};
use crate::time::Timestamp;

/// One message of the conversation about a feature's spec.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SpecMessageView {
    /// Its id.
    pub id: MessageId,
    /// The feature.
    pub feature_id: FeatureId,
    /// When it was written.
    pub at: Timestamp,
    /// Who wrote it: `person:NAME` or `agent:ID`.
    pub author: String,
    /// What it says, as Markdown.
    pub text: String,
}

impl From<SpecMessage> for SpecMessageView {
    fn from(message: SpecMessage) -> Self {
        let SpecMessage { id, feature, at, author, text } = message;
        Self { id, feature_id: feature, at, author, text }
    }
}

/// A task proposed for a feature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProposalView {
    /// Its id.
    pub id: ProposalId,
    /// The feature.
    pub feature_id: FeatureId,
    /// When it was made.
    pub at: Timestamp,
    /// Who made it.
    pub author: String,
    /// Where it stands.
    pub status: ProposalStatus,
    /// What is proposed.
    pub task: ProposedTask,
}

impl From<Proposal> for ProposalView {
    fn from(proposal: Proposal) -> Self {
        let Proposal { id, feature, at, author, status, task } = proposal;
        Self { id, feature_id: feature, at, author, status, task }
    }
}
