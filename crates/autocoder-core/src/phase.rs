//! A phase: a milestone of a project that ends at an approval gate.

mod status;

pub use status::{PhaseAction, PhaseStatus};

use crate::ids::{PhaseId, ProjectId};
use crate::limits::{Checks, InvalidField, TEXT_BYTES};
use crate::time::Timestamp;

/// A milestone, ordered inside its project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phase {
    /// Its id.
    pub id: PhaseId,
    /// Its project.
    pub project: ProjectId,
    /// What identifies it in a plan file.
    pub key: String,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Its place among the phases; ties go by id.
    pub order: i32,
    /// Where it stands.
    pub status: PhaseStatus,
    /// When it was made.
    pub created_at: Timestamp,
    /// When work on it began.
    pub started_at: Option<Timestamp>,
    /// When it was approved.
    pub completed_at: Option<Timestamp>,
    /// The last decision of a person at its gate.
    pub decision: Option<Decision>,
    /// Counts edits and status changes.
    pub version: i64,
}

/// What a person decided at the gate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Who decided.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// The note of an approval or the reason of a rejection.
    pub note: String,
}

impl Phase {
    /// Where it stands among the phases of its project.
    #[must_use]
    pub const fn place(&self) -> (i32, PhaseId) {
        (self.order, self.id)
    }
}

/// What a new phase is made from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewPhase {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Its place; absent: behind the last one.
    pub order: Option<i32>,
}

impl NewPhase {
    /// Every field that breaks a rule.
    ///
    /// # Errors
    /// The fields and their rules.
    pub fn check(&self) -> Result<(), Vec<InvalidField>> {
        let mut checks = Checks::default();
        checks.name("name", &self.name);
        checks.text("description", &self.description, TEXT_BYTES);
        checks.range("order", self.order.unwrap_or(0).into(), 0..=1_000_000);
        checks.finish()
    }
}

/// An edit of a phase; what is absent stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PhasePatch {
    /// Its name.
    pub name: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// Its place.
    pub order: Option<i32>,
}

impl PhasePatch {
    /// The phase after the edit.
    ///
    /// # Errors
    /// Every field that breaks a rule.
    pub fn apply(self, mut phase: Phase) -> Result<Phase, Vec<InvalidField>> {
        phase.name = self.name.unwrap_or(phase.name);
        phase.description = self.description.unwrap_or(phase.description);
        phase.order = self.order.unwrap_or(phase.order);
        let edited =
            NewPhase { name: phase.name.clone(), description: phase.description.clone(), order: Some(phase.order) };
        edited.check().map(|()| phase)
    }
}
