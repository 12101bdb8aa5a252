//! The flat feature list of the legacy tool as a plan: one phase, everything kept, what cannot be kept told.

mod asked;
mod fields;
mod order;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::Serialize;

use super::{DEFAULT_CATEGORY, PlanDocument, PlanFeature, PlanPhase, PlanTask, Stood};
use crate::limits::{CATEGORY_CHARS, NAME_CHARS};

/// The key of the imported phase: a project that has it was moved in before.
pub const PHASE_KEY: &str = "legacy";
const PHASE_NAME: &str = "Phase 1: Initial Development";
/// The feature that everything is in, unless each category has its own.
pub const FEATURE_NAME: &str = "Core Features";

/// A row of the legacy list. Versions differ in their columns; what one does not have is `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LegacyRow {
    /// Its id, kept as the task's key.
    pub id: i64,
    /// Lower runs first: a number, or what stands in its place.
    pub priority: Option<String>,
    /// For example `functional`.
    pub category: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// What it is.
    pub description: Option<String>,
    /// A JSON list of texts.
    pub steps: Option<String>,
    /// Whether it passes.
    pub passes: bool,
    /// Whether an agent had it; such a task is open again.
    pub in_progress: bool,
    /// A JSON list of ids.
    pub dependencies: Option<String>,
    /// Whether it waits for a person.
    pub needs_input: bool,
    /// What it asks, as JSON with `prompt` and `fields`.
    pub request: Option<String>,
    /// What a person answered, as JSON.
    pub response: Option<String>,
    /// Which of the fields that are yes or no hold something else; they count as no.
    pub unclear: Vec<&'static str>,
}

/// What a legacy list becomes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LegacyPlan {
    /// The plan, with where each task stood.
    pub document: PlanDocument,
    /// How much of what is in it.
    pub counts: LegacyCounts,
    /// What was left out or changed, one sentence each.
    pub notices: Vec<String>,
}

/// How many tasks of each sort there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct LegacyCounts {
    /// All tasks.
    pub tasks: usize,
    /// Those that pass.
    pub passing: usize,
    /// Those that wait for an answer.
    pub asking: usize,
    /// Those whose question a person has answered.
    pub answered: usize,
    /// Those that an agent had; they are pending again.
    pub interrupted: usize,
    /// Dependencies that are kept.
    pub dependencies: usize,
}

/// The plan of a legacy list: one phase with the feature "Core Features", or with one feature a category.
#[must_use]
pub fn legacy_plan(rows: &[LegacyRow], by_category: bool) -> LegacyPlan {
    let mut reading = Reading::default();
    let edges = reading.edges(rows);
    let mut features: Vec<PlanFeature> = Vec::new();
    for row in rows {
        let task = reading.task(row, &edges);
        let name = if by_category { task.category.clone() } else { FEATURE_NAME.to_owned() };
        match features.iter_mut().find(|feature| feature.name == name) {
            Some(feature) => feature.tasks.push(task),
            None => features.push(PlanFeature { name, tasks: vec![task], ..PlanFeature::default() }),
        }
    }
    let phase = PlanPhase {
        key: Some(PHASE_KEY.to_owned()),
        name: PHASE_NAME.to_owned(),
        features,
        begun: true,
        ..PlanPhase::default()
    };
    reading.sum_up();
    let document = PlanDocument { phases: vec![phase], ..PlanDocument::default() };
    LegacyPlan { document, counts: reading.counts, notices: reading.notices }
}

#[derive(Default)]
struct Reading {
    counts: LegacyCounts,
    notices: Vec<String>,
    /// How many tasks have no category.
    uncategorised: usize,
}

impl Reading {
    fn tell(&mut self, id: i64, what: impl std::fmt::Display) {
        self.notices.push(format!("task {id}: {what}"));
    }

    fn task(&mut self, row: &LegacyRow, edges: &BTreeMap<i64, Vec<i64>>) -> PlanTask {
        for field in &row.unclear {
            self.tell(row.id, format!("its {field} is neither yes nor no and is taken as no"));
        }
        let name = self.line(row, "name", row.name.as_deref(), NAME_CHARS);
        let category = self.line(row, "category", row.category.as_deref(), CATEGORY_CHARS);
        let (stood, answered) = self.stood(row);
        self.counts.tasks += 1;
        self.counts.passing += usize::from(stood == Stood::Passing);
        self.counts.asking += usize::from(matches!(stood, Stood::Asking(_)));
        self.counts.answered += usize::from(answered.is_some());
        self.counts.interrupted += usize::from(row.in_progress && stood == Stood::Open);
        PlanTask {
            key: Some(row.id.to_string()),
            name: if name.is_empty() { self.unnamed(row) } else { name },
            category: if category.is_empty() { self.uncategorised() } else { category },
            description: self.text(row, "description", row.description.as_deref().unwrap_or_default()),
            steps: self.steps(row),
            priority: self.priority(row),
            depends_on: edges.get(&row.id).into_iter().flatten().map(|on| (on.to_string(), 0)).collect(),
            stood,
            answered,
            ..PlanTask::default()
        }
    }

    fn unnamed(&mut self, row: &LegacyRow) -> String {
        let name = format!("Task {}", row.id);
        self.tell(row.id, format!("it has no name and is called `{name}`"));
        name
    }

    fn uncategorised(&mut self) -> String {
        self.uncategorised += 1;
        DEFAULT_CATEGORY.to_owned()
    }

    /// What concerns many tasks is told once.
    fn sum_up(&mut self) {
        if self.uncategorised > 0 {
            let many = self.uncategorised;
            self.notices.push(format!("tasks without a category are `{DEFAULT_CATEGORY}` now: {many}"));
        }
    }
}
