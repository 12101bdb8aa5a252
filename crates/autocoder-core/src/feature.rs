//! A feature: a larger work item of a phase, with a spec and tasks.

mod status;

pub use status::{FeatureAction, FeatureStatus};

use crate::ids::{AgentId, FeatureId, PhaseId, ProjectId};
use crate::limits::{Checks, InvalidField, SPEC_BYTES, TEXT_BYTES};
use crate::scheduler::rank;
use crate::task::TaskStatus;
use crate::time::Timestamp;

/// The priority of whoever does not say; lower runs first.
pub const DEFAULT_PRIORITY: i32 = 500;

/// A larger work item inside a phase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feature {
    /// Its id.
    pub id: FeatureId,
    /// Its project.
    pub project: ProjectId,
    /// Its phase.
    pub phase: PhaseId,
    /// What identifies it in a plan file.
    pub key: String,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// What is wanted, as Markdown.
    pub spec: Option<String>,
    /// Since when a spec is asked for.
    pub spec_requested_at: Option<Timestamp>,
    /// Where it stands.
    pub status: FeatureStatus,
    /// Lower runs first.
    pub priority: i32,
    /// Since when it could be worked on; a day of waiting is worth 50 of priority.
    pub eligible_since: Timestamp,
    /// The agent it is assigned to; never set by a claim.
    pub agent: Option<AgentId>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When its last task passed.
    pub completed_at: Option<Timestamp>,
    /// How many tasks it has, and how they stand.
    pub tally: Tally,
    /// No task of it has a higher priority number; `skip` goes one further.
    pub last_priority: i32,
    /// Counts edits and status changes.
    pub version: i64,
}

impl Feature {
    /// The place in the scheduler's order; see [`rank`].
    #[must_use]
    pub fn rank(&self) -> i64 {
        rank::rank(self.eligible_since, self.priority)
    }

    /// Whether none of its tasks was ever claimed; started features go first.
    #[must_use]
    pub fn is_fresh(&self) -> bool {
        self.status != FeatureStatus::InProgress
    }

    /// Whether its tasks may be handed out.
    #[must_use]
    pub fn is_workable(&self) -> bool {
        matches!(self.status, FeatureStatus::Ready | FeatureStatus::InProgress)
    }
}

/// How many tasks a feature has and how they stand; also the difference between two such counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// All tasks.
    pub tasks: i32,
    /// Pending tasks whose prerequisites all pass.
    pub ready: i32,
    /// Tasks that an agent holds.
    pub in_progress: i32,
    /// Passing tasks.
    pub passing: i32,
}

impl Tally {
    /// What one task adds. The one place that decides when a task is ready: pending, and everything it waits for passes.
    #[must_use]
    pub fn of(status: TaskStatus, open_prerequisites: i32) -> Self {
        Self {
            tasks: 1,
            ready: i32::from(status == TaskStatus::Pending && open_prerequisites == 0),
            in_progress: i32::from(status == TaskStatus::InProgress),
            passing: i32::from(status == TaskStatus::Passing),
        }
    }

    /// The sum, count by count.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self {
            tasks: self.tasks + other.tasks,
            ready: self.ready + other.ready,
            in_progress: self.in_progress + other.in_progress,
            passing: self.passing + other.passing,
        }
    }

    /// The difference, count by count.
    #[must_use]
    pub const fn minus(self, other: Self) -> Self {
        Self {
            tasks: self.tasks - other.tasks,
            ready: self.ready - other.ready,
            in_progress: self.in_progress - other.in_progress,
            passing: self.passing - other.passing,
        }
    }

    /// Tasks that do not pass yet.
    #[must_use]
    pub const fn open(self) -> i32 {
        self.tasks - self.passing
    }
}

/// What a new feature is made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewFeature {
    /// Its phase; absent: the active one.
    pub phase: Option<PhaseId>,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// What is wanted.
    pub spec: Option<String>,
    /// Lower runs first.
    pub priority: i32,
}

impl Default for NewFeature {
    fn default() -> Self {
        Self { phase: None, name: String::new(), description: String::new(), spec: None, priority: DEFAULT_PRIORITY }
    }
}

impl NewFeature {
    /// Every field that breaks a rule.
    ///
    /// # Errors
    /// The fields and their rules.
    pub fn check(&self) -> Result<(), Vec<InvalidField>> {
        let mut checks = Checks::default();
        checks.name("name", &self.name);
        checks.text("description", &self.description, TEXT_BYTES);
        checks.text("spec", self.spec.as_deref().unwrap_or(""), SPEC_BYTES);
        checks.priority(self.priority);
        checks.finish()
    }
}

/// An edit of a feature; what is absent stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FeaturePatch {
    /// Its name.
    pub name: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// What is wanted; empty: no spec.
    pub spec: Option<String>,
    /// Lower runs first.
    pub priority: Option<i32>,
}

impl FeaturePatch {
    /// The feature after the edit.
    ///
    /// # Errors
    /// Every field that breaks a rule.
    pub fn apply(self, mut feature: Feature) -> Result<Feature, Vec<InvalidField>> {
        feature.name = self.name.unwrap_or(feature.name);
        feature.description = self.description.unwrap_or(feature.description);
        feature.priority = self.priority.unwrap_or(feature.priority);
        if let Some(spec) = self.spec {
            feature.spec = Some(spec).filter(|spec| !spec.is_empty());
        }
        let edited = NewFeature {
            phase: None,
            name: feature.name.clone(),
            description: feature.description.clone(),
            spec: feature.spec.clone(),
            priority: feature.priority,
        };
        edited.check().map(|()| feature)
    }
}
