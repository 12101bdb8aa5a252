//! Budgets, schedules and sums of usage in memory.

use std::collections::BTreeMap;

use async_trait::async_trait;

use super::apply::same;
use super::{MemoryStore, State};
use crate::budget::{Budget, BudgetScope};
use crate::changes::{ChangeSet, Node, Row};
use crate::ids::{BudgetId, ProjectId, ScheduleId};
use crate::ports::{Accounting, Out, StoreError};
use crate::price::ModelPrices;
use crate::schedule::Schedule;
use crate::task::TaskStatus;
use crate::time::Timestamp;
use crate::usage_record::{
    InFlight, Observation, ObservationQuery, UsageGroup, UsageQuestion, UsageRecord, UsageSlice, UsageSum,
};

/// What is limited.
#[derive(Default)]
pub(super) struct Accounts {
    budgets: BTreeMap<BudgetId, Budget>,
    schedules: BTreeMap<ScheduleId, Schedule>,
    prices: BTreeMap<String, ModelPrices>,
}

impl Accounts {
    pub(super) fn apply(&mut self, budgets: Vec<Row<Budget>>, schedules: Vec<Row<Schedule>>) {
        for row in budgets {
            let budget = row.stored(|budget| &mut budget.version);
            self.budgets.insert(budget.id, budget);
        }
        for row in schedules {
            let schedule = row.stored(|schedule| &mut schedule.version);
            self.schedules.insert(schedule.id, schedule);
        }
    }

    /// What goes together with `node`.
    pub(super) fn delete(&mut self, node: Node) {
        let gone = |scope: &BudgetScope| match (node, scope) {
            (Node::Phase(id), BudgetScope::Phase(_, phase)) => id == *phase,
            (Node::Feature(id), BudgetScope::Feature(_, feature)) => id == *feature,
            (Node::Project(id), scope) => scope.project() == Some(id),
            _ => false,
        };
        self.budgets.retain(|id, budget| node != Node::Budget(*id) && !gone(&budget.scope));
        self.schedules.retain(|id, schedule| node != Node::Schedule(*id) && node != Node::Project(schedule.project));
    }
}

impl State {
    pub(super) fn check_accounts(&self, set: &ChangeSet) -> Out<()> {
        for row in &set.budgets {
            match row {
                Row::New(budget) => self.must_have_scope(&budget.scope)?,
                Row::Changed(b) => {
                    same("budget", b.id, b.version, self.accounts.budgets.get(&b.id).map(|b| b.version))?;
                }
            }
        }
        for row in &set.schedules {
            match row {
                Row::New(schedule) => self.must_have(Some(schedule.project))?,
                Row::Changed(s) => {
                    same("schedule", s.id, s.version, self.accounts.schedules.get(&s.id).map(|s| s.version))?;
                }
            }
        }
        Ok(())
    }

    fn must_have_scope(&self, scope: &BudgetScope) -> Out<()> {
        self.must_have(scope.project())?;
        match scope {
            BudgetScope::Phase(_, id) if !self.phases.contains_key(id) => {
                Err(StoreError::Stale { noun: "phase", id: id.to_string() })
            }
            BudgetScope::Feature(_, id) if !self.features.contains_key(id) => {
                Err(StoreError::Stale { noun: "feature", id: id.to_string() })
            }
            _ => Ok(()),
        }
    }

    /// The key and the name of the group that a record belongs to.
    fn group(&self, question: &UsageQuestion, record: &UsageRecord) -> (Option<i64>, Option<String>) {
        match question.group {
            UsageGroup::Day => (question.day_of(record.at), None),
            UsageGroup::Model => (None, None),
            UsageGroup::Agent => (None, Some(record.agent.0.clone()).filter(|agent| !agent.is_empty())),
            UsageGroup::Project => {
                let known = Some(record.project).filter(|id| *id != ProjectId::INSTALLATION);
                (known.map(|id| id.0), self.projects.get(&record.project).map(|project| project.name.clone()))
            }
            UsageGroup::Phase => {
                let name = record.phase.and_then(|id| self.phases.get(&id)).map(|phase| phase.name.clone());
                (record.phase.map(|id| id.0), name)
            }
            UsageGroup::Feature => {
                let name = record.feature.and_then(|id| self.features.get(&id)).map(|feature| feature.name.clone());
                (record.feature.map(|id| id.0), name)
            }
            UsageGroup::Task => {
                let name = record.task.and_then(|id| self.tasks.get(&id)).map(|task| task.name.clone());
                (record.task.map(|id| id.0), name)
            }
        }
    }
}

/// Whether a sum counts the record.
pub(super) fn counts(sum: &UsageSum, record: &UsageRecord) -> bool {
    record.rehearsal == sum.rehearsal
        && sum.project.is_none_or(|id| record.project == id)
        && sum.phase.is_none_or(|id| record.phase == Some(id))
        && sum.feature.is_none_or(|id| record.feature == Some(id))
        && sum.task.is_none_or(|id| record.task == Some(id))
        && sum.agent.as_ref().is_none_or(|id| record.agent == *id)
        && sum.from.is_none_or(|from| record.at >= from)
        && sum.until.is_none_or(|until| record.at < until)
}

#[async_trait]
impl Accounting for MemoryStore {
    async fn budgets(&self) -> Out<Vec<Budget>> {
        Ok(self.lock().accounts.budgets.values().cloned().collect())
    }

    async fn schedules(&self, project: ProjectId) -> Out<Vec<Schedule>> {
        let state = self.lock();
        Ok(state.accounts.schedules.values().filter(|schedule| schedule.project == project).cloned().collect())
    }

    async fn cost(&self, sum: &UsageSum) -> Out<u64> {
        let state = self.lock();
        let costs = state.usage.values().filter(|record| counts(sum, record)).filter_map(|record| record.cost_nusd);
        Ok(costs.fold(0, u64::saturating_add))
    }

    async fn slices(&self, question: &UsageQuestion) -> Out<Vec<UsageSlice>> {
        let state = self.lock();
        let window = question.from..question.until;
        let mut slices: BTreeMap<(Option<i64>, Option<String>, String, bool), UsageSlice> = BTreeMap::new();
        for record in state.usage.values().filter(|record| window.contains(&record.at)) {
            if question.project.is_some_and(|id| id != record.project) {
                continue;
            }
            let (key, name) = state.group(question, record);
            let (model, rehearsal) = (record.model.clone(), record.rehearsal);
            let slice = slices.entry((key, name.clone(), model.clone(), rehearsal)).or_insert_with(|| UsageSlice {
                key,
                name,
                model,
                rehearsal,
                ..UsageSlice::default()
            });
            slice.tokens = slice.tokens.plus(record.tokens);
            slice.cost_nusd = slice.cost_nusd.saturating_add(record.cost_nusd.unwrap_or(0));
        }
        Ok(slices.into_values().collect())
    }

    async fn finished_tasks(&self, project: ProjectId, since: Timestamp) -> Out<u64> {
        let state = self.lock();
        let ours = state.features.values().filter(|feature| feature.project == project).map(|feature| feature.id);
        let ours: std::collections::BTreeSet<_> = ours.collect();
        let finished = state.tasks.values().filter(|task| {
            task.status == TaskStatus::Passing
                && ours.contains(&task.feature)
                && task.completed_at.is_some_and(|at| at >= since)
        });
        Ok(finished.count() as u64)
    }

    async fn in_flight(&self, project: Option<ProjectId>) -> Out<Vec<InFlight>> {
        Ok(self.lock().in_flight(project))
    }

    async fn observations(&self, query: &ObservationQuery) -> Out<Vec<Observation>> {
        Ok(self.lock().observations(query))
    }

    async fn prices(&self, version: &str) -> Out<ModelPrices> {
        Ok(self.lock().accounts.prices.get(version).cloned().unwrap_or_default())
    }

    async fn keep_prices(&self, version: &str, prices: &ModelPrices) -> Out<()> {
        self.lock().accounts.prices.entry(version.to_owned()).or_insert_with(|| prices.clone());
        Ok(())
    }
}
