//! The plan as a person wrote it: owned types without ids or statuses.

use std::collections::HashMap;

use crate::dependency::critical_path;
use crate::ids::TaskId;
use crate::task::{Edge, Question};

/// The priority of a feature or task that names none; lower numbers run first.
pub const DEFAULT_PRIORITY: i32 = 500;
/// The complexity of a task that names none.
pub const DEFAULT_COMPLEXITY: u8 = 3;
/// The category of a task that names none.
pub const DEFAULT_CATEGORY: &str = "functional";

/// A whole plan file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlanDocument {
    /// What the plan says about its project.
    pub project: PlanProject,
    /// The phases in the order in which they run.
    pub phases: Vec<PlanPhase>,
}

/// The project of a plan file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlanProject {
    /// The unique name, if the file fixes one.
    pub name: Option<String>,
    /// The name for people.
    pub title: Option<String>,
    /// One paragraph; may be empty.
    pub description: String,
    /// Markdown; never `Some` of an empty text.
    pub spec: Option<String>,
}

/// A milestone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlanPhase {
    /// The key, unique among the phases.
    pub key: Option<String>,
    /// The name for people.
    pub name: String,
    /// May be empty.
    pub description: String,
    /// The features in file order.
    pub features: Vec<PlanFeature>,
    /// Whether work on it had begun in the tool that it comes from; a plan file has no statuses.
    pub begun: bool,
    /// The line on which it starts, from 1; 0 when it was not read from a file.
    pub line: u32,
}

/// A larger work item of a phase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanFeature {
    /// The key, unique inside the phase.
    pub key: Option<String>,
    /// The name for people.
    pub name: String,
    /// May be empty.
    pub description: String,
    /// Markdown; never `Some` of an empty text.
    pub spec: Option<String>,
    /// Lower numbers run first.
    pub priority: i32,
    /// The tasks in file order.
    pub tasks: Vec<PlanTask>,
    /// The line on which it starts, from 1; 0 when it was not read from a file.
    pub line: u32,
}

/// The smallest work item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanTask {
    /// The key, unique in the whole file.
    pub key: Option<String>,
    /// The name for people.
    pub name: String,
    /// For example `functional` or `style`.
    pub category: String,
    /// May be empty.
    pub description: String,
    /// How to see that the task is done.
    pub steps: Vec<String>,
    /// From 1 to 5.
    pub complexity: u8,
    /// Lower numbers run first.
    pub priority: i32,
    /// The keys (or names, where there is no key) of the tasks that come before, each with its line.
    pub depends_on: Vec<(String, u32)>,
    /// Where it stood in the tool that it comes from.
    pub stood: Stood,
    /// What was asked there, and a person's answer.
    pub answered: Option<Answered>,
    /// The line on which it starts, from 1; 0 when it was not read from a file.
    pub line: u32,
}

/// Where a task stood in another tool. A plan file has no statuses: there every task is open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Stood {
    /// Still to be done.
    #[default]
    Open,
    /// Done and checked.
    Passing,
    /// It waits for a person's answer.
    Asking(Question),
}

/// A question of a task that a person has answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// The question.
    pub question: Question,
    /// The answer.
    pub answer: String,
}

impl PlanDocument {
    /// The number of tasks in all phases.
    pub fn task_count(&self) -> usize {
        self.phases.iter().flat_map(|phase| &phase.features).map(|feature| feature.tasks.len()).sum()
    }
}

impl PlanPhase {
    /// The chain of dependent tasks of this phase with the largest sum of complexity, in the order of work.
    pub fn critical_path(&self) -> Vec<&PlanTask> {
        let tasks: Vec<&PlanTask> = self.features.iter().flat_map(|feature| &feature.tasks).collect();
        let places: HashMap<&str, usize> =
            tasks.iter().enumerate().map(|(place, task)| (task.identity(), place)).collect();
        let id = |place: usize| TaskId(place as i64);
        let edges: Vec<Edge> = tasks
            .iter()
            .enumerate()
            .flat_map(|(place, task)| task.depends_on.iter().map(move |(name, _)| (place, name)))
            .filter_map(|(place, name)| Some(Edge { task: id(place), depends_on: id(*places.get(name.as_str())?) }))
            .collect();
        let weights = tasks.iter().enumerate().map(|(place, task)| (id(place), task.complexity.into())).collect();
        critical_path(&weights, &edges).into_iter().filter_map(|id| tasks.get(id.0 as usize).copied()).collect()
    }

    /// The key, or the name where there is none: what names the phase inside its project.
    pub fn identity(&self) -> &str {
        self.key.as_deref().unwrap_or(&self.name)
    }
}

impl PlanFeature {
    /// The key, or the name where there is none: what names the feature inside its phase.
    pub fn identity(&self) -> &str {
        self.key.as_deref().unwrap_or(&self.name)
    }
}

impl PlanTask {
    /// The key, or the name where there is none: what names the task inside its feature.
    pub fn identity(&self) -> &str {
        self.key.as_deref().unwrap_or(&self.name)
    }
}

impl Default for PlanFeature {
    fn default() -> Self {
        Self {
            key: None,
            name: String::new(),
            description: String::new(),
            spec: None,
            priority: DEFAULT_PRIORITY,
            tasks: Vec::new(),
            line: 0,
        }
    }
}

impl Default for PlanTask {
    fn default() -> Self {
        Self {
            key: None,
            name: String::new(),
            category: DEFAULT_CATEGORY.to_owned(),
            description: String::new(),
            steps: Vec::new(),
            complexity: DEFAULT_COMPLEXITY,
            priority: DEFAULT_PRIORITY,
            depends_on: Vec::new(),
            stood: Stood::Open,
            answered: None,
            line: 0,
        }
    }
}
