//! What finished tasks took, from the state in memory.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::State;
use crate::ids::ProjectId;
use crate::task::{Task, TaskStatus};
use crate::usage_record::{InFlight, Observation, ObservationQuery, UsageRecord};

impl State {
    /// The tasks that agents hold, with what their runs took.
    pub(super) fn in_flight(&self, project: Option<ProjectId>) -> Vec<InFlight> {
        let held = |task: &&Task| {
            task.status == TaskStatus::InProgress && project.is_none_or(|project| project == task.project)
        };
        let taken = |task: &Task| {
            let run = task.lease.as_ref().and_then(|lease| lease.run);
            let mine = |record: &&UsageRecord| record.task == Some(task.id) && run == Some(record.run);
            self.usage.values().filter(mine).map(|record| record.tokens.total()).sum()
        };
        let in_flight =
            |task: &Task| InFlight { project: task.project, complexity: task.complexity, used: taken(task) };
        self.tasks.values().filter(held).map(in_flight).collect()
    }

    pub(super) fn observations(&self, query: &ObservationQuery) -> Vec<Observation> {
        let mut by_task: BTreeMap<_, BTreeMap<&str, u64>> = BTreeMap::new();
        for record in self.usage.values().filter(|record| record.rehearsal == query.rehearsal) {
            let Some(task) = record.task else { continue };
            let tokens = by_task.entry(task).or_default().entry(&record.model).or_default();
            *tokens = tokens.saturating_add(record.tokens.total());
        }
        let counts = |task: &&Task| task.status == TaskStatus::Passing && by_task.contains_key(&task.id);
        let mut newest: Vec<&Task> = self.tasks.values().filter(counts).collect();
        newest.sort_by_key(|task| Reverse((task.completed_at, task.id)));
        let of_task = |task: &Task| {
            let (project, complexity) = (task.project, task.complexity);
            let models = by_task.get(&task.id).into_iter().flatten();
            models
                .map(move |(model, tokens)| Observation {
                    project,
                    model: (*model).to_owned(),
                    complexity,
                    tokens: *tokens,
                })
                .collect::<Vec<_>>()
        };
        newest.into_iter().take(query.tasks as usize).flat_map(of_task).collect()
    }
}
