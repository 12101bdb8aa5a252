//! What tasks are called under legacy names: an imported one by its old id, which prompts name, any other by its id here.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use autocoder_core::error::Refused;
use autocoder_core::ids::TaskId;
use autocoder_core::plan::legacy::PHASE_KEY;
use autocoder_core::ports::PlanRows;
use autocoder_core::view::TaskView;

use crate::arguments::Id;
use crate::reply::ToolError;
use crate::tools::Caller;

/// A task whose id is an imported task's old id is called by its id plus this; both stay exact in JSON.
const APART: i64 = 1_000_000_000_000;

/// The imported tasks of a project by their old ids.
#[derive(Debug, Default)]
pub(crate) struct Numbers {
    by_number: BTreeMap<i64, TaskId>,
    by_task: BTreeMap<TaskId, i64>,
}

impl Numbers {
    fn of(rows: &PlanRows) -> Self {
        let phases = rows.phases.iter().filter(|phase| phase.key == PHASE_KEY).map(|phase| phase.id);
        let phases: Vec<_> = phases.collect();
        let features = rows.features.iter().filter(|feature| phases.contains(&feature.phase)).map(|feature| feature.id);
        let features: Vec<_> = features.collect();
        let mut numbers = Self::default();
        for task in rows.tasks.iter().filter(|task| features.contains(&task.feature)) {
            let Some(number) = task.key.parse().ok().filter(|number| (1..APART).contains(number)) else { continue };
            if let Entry::Vacant(place) = numbers.by_number.entry(number) {
                place.insert(task.id);
                numbers.by_task.insert(task.id, number);
            }
        }
        numbers
    }

    pub(super) fn of_task(&self, id: TaskId) -> i64 {
        let apart = || if self.by_number.contains_key(&id.0) { id.0 + APART } else { id.0 };
        self.by_task.get(&id).copied().unwrap_or_else(apart)
    }

    /// The task of a number; an imported task has only its old one.
    fn task(&self, number: i64) -> Option<TaskId> {
        let own = TaskId(if number > APART { number - APART } else { number });
        let found = self.by_number.get(&number).copied();
        found.or_else(|| Some(own).filter(|own| self.of_task(*own) == number))
    }
}

impl Caller {
    /// What the tasks of the project are called.
    pub(super) async fn numbers(&self) -> Result<&Numbers, ToolError> {
        let read = async || Ok(Numbers::of(&self.queries().plan(self.project()).await?));
        self.connection.numbers.get_or_try_init(read).await
    }

    /// The task that an argument names.
    pub(super) async fn named(&self, number: Id) -> Result<TaskView, ToolError> {
        let found = match self.numbers().await?.task(number.0) {
            Some(id) => self.queries().task(self.project(), id).await?,
            None => None,
        };
        found.ok_or_else(|| ToolError::missing("feature", number.0))
    }

    /// What a use case gave; a circle is told in the words of this session.
    pub(super) async fn told<T>(&self, result: Result<T, Refused>) -> Result<T, ToolError> {
        match result {
            Err(Refused::Cycle(tasks)) => {
                let numbers = self.numbers().await?;
                let way: Vec<_> = tasks.iter().map(|task| numbers.of_task(*task).to_string()).collect();
                let message = format!("these features would wait for each other: {}", way.join(" → "));
                Err(ToolError::new("dependency_cycle", message).hint("leave one of these dependencies out"))
            }
            other => Ok(other?),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(pairs: &[(i64, i64)]) -> Numbers {
        let by_number = pairs.iter().map(|(number, id)| (*number, TaskId(*id))).collect();
        Numbers { by_number, by_task: pairs.iter().map(|(number, id)| (TaskId(*id), *number)).collect() }
    }

    #[test]
    fn every_task_has_one_number_and_every_number_one_task() {
        let numbers = numbers(&[(1, 3), (2, 4), (3, 5), (500, 6)]);
        for (number, id) in [(1, 3), (3, 5), (500, 6), (7, 7), (APART + 500, 500), (APART + 2, 2)] {
            assert_eq!((numbers.of_task(TaskId(id)), numbers.task(number)), (number, Some(TaskId(id))), "{number}");
        }
        for number in [4, 5, 6, APART + 7, APART + 3] {
            assert_eq!(numbers.task(number), None, "{number}");
        }
    }
}
