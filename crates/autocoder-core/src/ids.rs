//! Identifiers as newtypes, so that a task's id never stands where a feature's belongs.

use serde::{Deserialize, Serialize};

macro_rules! numeric_ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => { $(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    )* };
}

numeric_ids! {
    /// A project.
    ProjectId,
    /// A phase; one sequence numbers phases, features and tasks.
    PhaseId,
    /// A feature; one sequence numbers phases, features and tasks.
    FeatureId,
    /// A task; one sequence numbers phases, features and tasks.
    TaskId,
    /// One process of an agent.
    RunId,
    /// A position in the feed of events.
    EventId,
    /// A webhook.
    WebhookId,
    /// A delivery to a webhook.
    DeliveryId,
    /// A token.
    TokenId,
    /// A message about a spec.
    MessageId,
    /// A proposed task.
    ProposalId,
    /// A note.
    NoteId,
    /// A budget.
    BudgetId,
    /// A schedule.
    ScheduleId,
}

impl ProjectId {
    /// No project: events and units of work above projects carry it.
    pub const INSTALLATION: Self = Self(0);
}

/// The name of an agent inside its project, for example `coder-1`; checked by [`crate::agent::agent_id`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct AgentId(pub String);

impl std::fmt::Display for AgentId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// The fencing number of a claim: it grows with every claim of a task, and a writer that holds an older one is refused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct Attempt(pub u32);
