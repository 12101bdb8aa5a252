//! Finds what a plan file names: among the rows of the store, and among its own tasks.

use std::collections::{HashMap, VecDeque};

use crate::feature::Feature;
use crate::ids::{FeatureId, PhaseId, TaskId};
use crate::phase::Phase;
use crate::plan::{PlanDocument, PlanTask};
use crate::ports::PlanRows;
use crate::task::{Task, TaskStatus};

/// The rows of the store by what identifies them: the key, or the name where there is no key.
pub(super) struct Known<'a> {
    phases: HashMap<&'a str, &'a Phase>,
    features: HashMap<(PhaseId, &'a str), &'a Feature>,
    features_by_id: HashMap<FeatureId, &'a Feature>,
    tasks_by_key: HashMap<&'a str, &'a Task>,
    /// Tasks without a key; several of one name in their order.
    tasks_by_name: HashMap<(FeatureId, String), VecDeque<&'a Task>>,
    tasks_by_id: HashMap<TaskId, &'a Task>,
}

impl<'a> Known<'a> {
    pub(super) fn of(rows: &'a PlanRows) -> Self {
        let keyless = |task: &&'a Task| task.key.is_empty();
        let mut tasks_by_name: HashMap<_, VecDeque<_>> = HashMap::new();
        for task in rows.tasks.iter().filter(keyless) {
            tasks_by_name.entry((task.feature, task.name.clone())).or_default().push_back(task);
        }
        Self {
            phases: rows.phases.iter().map(|phase| (identity(&phase.key, &phase.name), phase)).collect(),
            features: rows.features.iter().map(|f| ((f.phase, identity(&f.key, &f.name)), f)).collect(),
            features_by_id: rows.features.iter().map(|feature| (feature.id, feature)).collect(),
            tasks_by_key: rows
                .tasks
                .iter()
                .filter(|task| !keyless(task))
                .map(|task| (task.key.as_str(), task))
                .collect(),
            tasks_by_name,
            tasks_by_id: rows.tasks.iter().map(|task| (task.id, task)).collect(),
        }
    }

    pub(super) fn phase(&self, identity: &str) -> Option<&'a Phase> {
        self.phases.get(identity).copied()
    }

    pub(super) fn feature(&self, phase: PhaseId, identity: &str) -> Option<&'a Feature> {
        self.features.get(&(phase, identity)).copied()
    }

    pub(super) fn feature_by_id(&self, id: FeatureId) -> Option<&'a Feature> {
        self.features_by_id.get(&id).copied()
    }

    /// By key wherever it stands, else by name in the same feature: a task that has just been given a key is found too.
    /// Each task is found by its name once.
    pub(super) fn task(&mut self, feature: FeatureId, wanted: &PlanTask) -> Option<&'a Task> {
        let by_key = wanted.key.as_deref().and_then(|key| self.tasks_by_key.get(key));
        by_key.copied().or_else(|| self.tasks_by_name.get_mut(&(feature, wanted.name.clone()))?.pop_front())
    }

    pub(super) fn task_by_id(&self, id: TaskId) -> Option<&'a Task> {
        self.tasks_by_id.get(&id).copied()
    }

    pub(super) fn passes(&self, id: TaskId) -> bool {
        self.task_by_id(id).is_some_and(|task| task.status == TaskStatus::Passing)
    }
}

fn identity<'a>(key: &'a str, name: &'a str) -> &'a str {
    if key.is_empty() { name } else { key }
}

/// The places of a file's tasks by what `depends_on` may call them: the key, or the name of a task without one.
pub(super) struct TaskNames(HashMap<String, usize>);

impl TaskNames {
    pub(super) fn of(document: &PlanDocument) -> Self {
        let features = document.phases.iter().flat_map(|phase| &phase.features);
        let tasks = features.flat_map(|feature| &feature.tasks);
        Self(tasks.enumerate().map(|(place, task)| (task.identity().to_owned(), place)).collect())
    }

    pub(super) fn place(&self, name: &str) -> Option<usize> {
        self.0.get(name).copied()
    }
}
