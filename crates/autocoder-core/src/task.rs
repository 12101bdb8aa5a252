//! A task: the smallest item that an agent completes, and its claim under a lease.

mod status;

pub use status::{TaskAction, TaskStatus};

use serde::{Deserialize, Serialize};

use crate::feature::{DEFAULT_PRIORITY, Feature, Tally};
use crate::ids::{AgentId, Attempt, FeatureId, ProjectId, RunId, TaskId};
use crate::limits::{CATEGORY_CHARS, Checks, DEPENDENCIES, InvalidField, STEP_CHARS, STEPS, TEXT_BYTES};
use crate::phase::Phase;
use crate::scheduler::rank;
use crate::time::Timestamp;

/// How long a claim lives unless it is renewed, in seconds.
pub const LEASE_TTL_S: i64 = 120;
/// How often a claim is renewed, in seconds.
pub const HEARTBEAT_S: u64 = 30;
/// The complexity of a task nobody has estimated.
pub const DEFAULT_COMPLEXITY: u8 = 3;
/// The category of a task nobody has sorted.
pub const DEFAULT_CATEGORY: &str = "functional";

/// The smallest item an agent completes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// Its id.
    pub id: TaskId,
    /// Its project.
    pub project: ProjectId,
    /// Its feature.
    pub feature: FeatureId,
    /// What identifies it in a plan file.
    pub key: String,
    /// Lower runs first.
    pub priority: i32,
    /// What sort of work it is.
    pub category: String,
    /// Its name.
    pub name: String,
    /// What is to be done.
    pub description: String,
    /// How to see that it is done.
    pub steps: Vec<String>,
    /// Where it stands.
    pub status: TaskStatus,
    /// From 1 (trivial) to 5.
    pub complexity: u8,
    /// Grows with every claim and fences late writers.
    pub attempt: Attempt,
    /// How often a run or its verification failed since the task was made or reopened.
    pub failures: u32,
    /// Back-off: not handed out before this.
    pub not_before: Option<Timestamp>,
    /// Since when it could be worked on.
    pub eligible_since: Timestamp,
    /// Who holds it, and until when.
    pub lease: Option<Lease>,
    /// How often it was skipped.
    pub skip_count: u32,
    /// Why it is blocked, or why its last try failed.
    pub blocked_reason: Option<String>,
    /// What its agent asked.
    pub question: Option<Question>,
    /// What a person answered.
    pub answer: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it passed.
    pub completed_at: Option<Timestamp>,
    /// When it passed or was last handed out for regression.
    pub verified_at: Option<Timestamp>,
    /// How many tasks it depends on do not pass yet.
    pub open_prerequisites: i32,
    /// Counts edits and status changes.
    pub version: i64,
}

/// A claim's hold on a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// Who holds it.
    pub agent: AgentId,
    /// The run it is held for.
    pub run: Option<RunId>,
    /// When it lapses unless it is renewed.
    pub expires: Timestamp,
}

/// What an agent asks a person.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// The question.
    pub text: String,
    /// Answers to choose from; empty: free text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<String>,
    /// What the agent would do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recommendation: Option<String>,
}

impl Question {
    /// Every field that breaks a rule.
    ///
    /// # Errors
    /// The fields and their rules.
    pub fn check(&self) -> Result<(), Vec<InvalidField>> {
        let mut checks = Checks::default();
        checks.required_text("question", &self.text, TEXT_BYTES);
        checks.range("choices", self.choices.len() as i64, 0..=20);
        for (index, choice) in self.choices.iter().enumerate() {
            checks.one_line(&format!("choices[{index}]"), choice, STEP_CHARS);
        }
        checks.text("recommendation", self.recommendation.as_deref().unwrap_or(""), TEXT_BYTES);
        checks.finish()
    }
}

impl Task {
    /// The place in the scheduler's order; see [`rank`].
    #[must_use]
    pub fn rank(&self) -> i64 {
        rank::rank(self.eligible_since, self.priority)
    }

    /// Whether it is pending and everything it depends on passes.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        Tally::of(self.status, self.open_prerequisites).ready == 1
    }

    /// Whether a lease on it is live.
    #[must_use]
    pub fn is_held(&self, now: Timestamp) -> bool {
        self.lease.as_ref().is_some_and(|lease| lease.expires > now)
    }

    /// What it adds to its feature's counts.
    #[must_use]
    pub fn tally(&self) -> Tally {
        Tally::of(self.status, self.open_prerequisites)
    }
}

/// A task with its feature and phase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Branch {
    /// The task's phase.
    pub phase: Phase,
    /// The task's feature.
    pub feature: Feature,
    /// The task.
    pub task: Task,
}

/// A task that depends on another: the first waits for the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Edge {
    /// The task that waits.
    pub task: TaskId,
    /// The task it waits for.
    pub depends_on: TaskId,
}

/// What a verification command gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// The task it was run for.
    pub task: TaskId,
    /// The attempt it was run for.
    pub attempt: Attempt,
    /// The command.
    pub command: String,
    /// Its exit code; absent when it was killed or ran out of time.
    pub exit_code: Option<i32>,
    /// The end of its output.
    pub output_end: String,
    /// The commit it ran on.
    pub commit: Option<String>,
    /// When it ended.
    pub at: Timestamp,
}

/// What a new task is made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewTask {
    /// Its name.
    pub name: String,
    /// What sort of work it is.
    pub category: String,
    /// What is to be done.
    pub description: String,
    /// How to see that it is done.
    pub steps: Vec<String>,
    /// From 1 to 5.
    pub complexity: u8,
    /// Lower runs first.
    pub priority: i32,
    /// The tasks it waits for.
    pub depends_on: Vec<Prerequisite>,
}

/// A task that another one waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prerequisite {
    /// A task there is.
    Task(TaskId),
    /// A task of the same request, counted from 0.
    Sibling(usize),
}

impl Prerequisite {
    /// The id of a task there is.
    #[must_use]
    pub const fn known(&self) -> Option<TaskId> {
        match self {
            Self::Task(id) => Some(*id),
            Self::Sibling(_) => None,
        }
    }

    /// The place of a task of the same request.
    #[must_use]
    pub const fn sibling(&self) -> Option<usize> {
        match self {
            Self::Task(_) => None,
            Self::Sibling(place) => Some(*place),
        }
    }
}

impl Default for NewTask {
    fn default() -> Self {
        Self {
            name: String::new(),
            category: DEFAULT_CATEGORY.to_owned(),
            description: String::new(),
            steps: Vec::new(),
            complexity: DEFAULT_COMPLEXITY,
            priority: DEFAULT_PRIORITY,
            depends_on: Vec::new(),
        }
    }
}

impl NewTask {
    /// Notes every field that breaks a rule.
    pub fn check(&self, checks: &mut Checks) {
        checks.name("name", &self.name);
        checks.one_line("category", &self.category, CATEGORY_CHARS);
        checks.text("description", &self.description, TEXT_BYTES);
        checks.range("steps", self.steps.len() as i64, 0..=STEPS as i64);
        for (index, step) in self.steps.iter().enumerate() {
            checks.one_line(&format!("steps[{index}]"), step, STEP_CHARS);
        }
        checks.range("estimated_complexity", self.complexity.into(), 1..=5);
        checks.priority(self.priority);
        checks.range("depends_on", self.depends_on.len() as i64, 0..=DEPENDENCIES as i64);
    }
}

/// An edit of a task; what is absent stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TaskPatch {
    /// Its name.
    pub name: Option<String>,
    /// What sort of work it is.
    pub category: Option<String>,
    /// What is to be done.
    pub description: Option<String>,
    /// How to see that it is done.
    pub steps: Option<Vec<String>>,
    /// From 1 to 5.
    pub complexity: Option<u8>,
    /// Lower runs first.
    pub priority: Option<i32>,
}

impl TaskPatch {
    /// The task after the edit.
    ///
    /// # Errors
    /// Every field that breaks a rule.
    pub fn apply(self, mut task: Task) -> Result<Task, Vec<InvalidField>> {
        let edited = NewTask {
            name: self.name.unwrap_or(task.name),
            category: self.category.unwrap_or(task.category),
            description: self.description.unwrap_or(task.description),
            steps: self.steps.unwrap_or(task.steps),
            complexity: self.complexity.unwrap_or(task.complexity),
            priority: self.priority.unwrap_or(task.priority),
            depends_on: Vec::new(),
        };
        let mut checks = Checks::default();
        edited.check(&mut checks);
        checks.finish()?;
        let NewTask { name, category, description, steps, complexity, priority, depends_on: _ } = edited;
        task.name = name;
        task.category = category;
        task.description = description;
        task.steps = steps;
        task.complexity = complexity;
        task.priority = priority;
        Ok(task)
    }
}
