//! A unit of work on the store in memory.

use async_trait::async_trait;
use tokio::sync::OwnedMutexGuard;

use super::{MemoryStore, State};
use crate::changes::{Changes, Node};
use crate::feature::{Feature, FeatureStatus, Tally};
use crate::ids::{AgentId, FeatureId, PhaseId, ProjectId, TaskId, TokenId, WebhookId};
use crate::phase::{Phase, PhaseStatus};
use crate::ports::{Counting, Out, PlanRows, Scope, StoreError, UnitOfWork};
use crate::project::Project;
use crate::scheduler::{PhaseTally, Standing, WorkQuery, admits_feature, admits_task, feature_order};
use crate::spec::Proposal;
use crate::task::{Branch, Edge, Task, TaskStatus};
use crate::time::Timestamp;
use crate::token::Token;
use crate::webhook::Webhook;

/// Features loaded at a time.
const FEATURES_AT_ONCE: usize = 8;
/// Lapsed tasks loaded at a time.
const LAPSED_AT_ONCE: usize = 100;

pub(super) struct Unit {
    store: MemoryStore,
    project: Option<ProjectId>,
    now: Timestamp,
    _turn: OwnedMutexGuard<()>,
}

impl Unit {
    pub(super) fn new(store: MemoryStore, scope: Scope, now: Timestamp, turn: OwnedMutexGuard<()>) -> Self {
        let project = match scope {
            Scope::Installation => None,
            Scope::Project(id) => Some(id),
        };
        Self { store, project, now, _turn: turn }
    }
}

#[async_trait]
impl UnitOfWork for Unit {
    fn now(&self) -> Timestamp {
        self.now
    }

    async fn project(&mut self, name: &str) -> Out<Option<Project>> {
        Ok(self.store.lock().projects.values().find(|project| project.name == name).cloned())
    }

    async fn standing(&mut self, agent: Option<&AgentId>) -> Out<Standing> {
        let state = self.store.lock();
        let gone =
            || StoreError::Stale { noun: "project", id: self.project.map_or(String::new(), |id| id.to_string()) };
        let project = self.project.and_then(|id| state.projects.get(&id)).cloned().ok_or_else(gone)?;
        let phases = state.phases_of(project.id);
        let mine = |feature: &Feature| {
            feature.project == project.id
                && feature.agent.as_ref() == agent
                && feature.status != FeatureStatus::Completed
        };
        let held = agent.and_then(|agent| state.held_by(project.id, agent));
        Ok(Standing {
            active: phases.iter().find(|phase| phase.status != PhaseStatus::Completed).cloned(),
            has_phases: !phases.is_empty(),
            agent: agent.and_then(|agent| state.agents.get(&(project.id, agent.clone())).cloned()),
            scoped: agent.is_some() && state.features.values().any(mine),
            held,
            has_lapsed: !state.lapsed(project.id, self.now).is_empty(),
            project,
        })
    }

    async fn phases(&mut self) -> Out<Vec<Phase>> {
        Ok(self.project.map(|id| self.store.lock().phases_of(id)).unwrap_or_default())
    }

    async fn feature(&mut self, id: FeatureId) -> Out<Option<Feature>> {
        let state = self.store.lock();
        Ok(state.features.get(&id).filter(|feature| Some(feature.project) == self.project).cloned())
    }

    async fn feature_named(&mut self, phase: PhaseId, name: &str) -> Out<Option<Feature>> {
        let state = self.store.lock();
        Ok(state.features.values().find(|feature| feature.phase == phase && feature.name == name).cloned())
    }

    async fn branch(&mut self, id: TaskId) -> Out<Option<Branch>> {
        let state = self.store.lock();
        Ok(state.branch(id).filter(|branch| Some(branch.task.project) == self.project))
    }

    async fn tasks_in(&mut self, node: Node) -> Out<Vec<Task>> {
        let state = self.store.lock();
        Ok(state.tasks.values().filter(|task| state.is_below(task, node)).cloned().collect())
    }

    async fn dependents(&mut self, of: &[TaskId]) -> Out<Vec<(Task, i32)>> {
        let state = self.store.lock();
        let count = |task: &Task| {
            of.iter().filter(|on| state.edges.contains(&Edge { task: task.id, depends_on: **on })).count()
        };
        let counted = state.tasks.values().map(|task| (task.clone(), count(task) as i32));
        Ok(counted.filter(|(_, count)| *count > 0).collect())
    }

    async fn upstream(&mut self, from: &[TaskId]) -> Out<Vec<Edge>> {
        let state = self.store.lock();
        let (mut open, mut found) = (from.to_vec(), std::collections::BTreeSet::new());
        while let Some(task) = open.pop() {
            for edge in state.edges.iter().filter(|edge| edge.task == task) {
                if found.insert(*edge) {
                    open.push(edge.depends_on);
                }
            }
        }
        Ok(found.into_iter().collect())
    }

    async fn features_with_work(&mut self, query: &WorkQuery, skip: u64) -> Out<Vec<Feature>> {
        let state = self.store.lock();
        let mut admitted: Vec<_> = state.features.values().filter(|feature| admits_feature(query, feature)).collect();
        admitted.sort_by_key(|feature| feature_order(query.order, feature));
        Ok(admitted.into_iter().skip(skip as usize).take(FEATURES_AT_ONCE).cloned().collect())
    }

    async fn ready_task(&mut self, feature: FeatureId, query: &WorkQuery) -> Out<Option<Task>> {
        let state = self.store.lock();
        let admitted = state.tasks.values().filter(|task| task.feature == feature && admits_task(query, task));
        Ok(admitted.min_by_key(|task| (task.rank(), task.id)).cloned())
    }

    async fn tally(&mut self, phase: PhaseId, what: Counting) -> Out<PhaseTally> {
        Ok(self.store.lock().tally(phase, what, self.now))
    }

    async fn lapsed(&mut self) -> Out<Vec<Branch>> {
        let state = self.store.lock();
        let ids = self.project.map(|id| state.lapsed(id, self.now)).unwrap_or_default();
        Ok(ids.into_iter().take(LAPSED_AT_ONCE).filter_map(|id| state.branch(id)).collect())
    }

    async fn plan(&mut self) -> Out<PlanRows> {
        Ok(self.project.map(|id| self.store.lock().plan_rows(id)).unwrap_or_default())
    }

    async fn proposals(&mut self, feature: FeatureId) -> Out<Vec<Proposal>> {
        let state = self.store.lock();
        Ok(self.project.map(|project| state.proposals_for(project, feature)).unwrap_or_default())
    }

    async fn webhook(&mut self, id: WebhookId) -> Out<Option<Webhook>> {
        Ok(self.store.lock().webhooks.get(&id).cloned())
    }

    async fn token(&mut self, id: TokenId) -> Out<Option<Token>> {
        Ok(self.store.lock().tokens.get(&id).cloned())
    }

    async fn new_ids(&mut self, count: u32) -> Out<i64> {
        let mut state = self.store.lock();
        let first = state.last_id + 1;
        state.last_id += i64::from(count);
        Ok(first)
    }

    async fn commit(self: Box<Self>, changes: Changes) -> Out<()> {
        let now = changes.now();
        self.store.lock().apply(changes.into_set()?, now)
    }
}

impl State {
    pub(super) fn phases_of(&self, project: ProjectId) -> Vec<Phase> {
        let mut phases: Vec<_> = self.phases.values().filter(|phase| phase.project == project).cloned().collect();
        phases.sort_by_key(Phase::place);
        phases
    }

    pub(super) fn branch(&self, id: TaskId) -> Option<Branch> {
        let task = self.tasks.get(&id)?.clone();
        let feature = self.features.get(&task.feature)?.clone();
        let phase = self.phases.get(&feature.phase)?.clone();
        Some(Branch { phase, feature, task })
    }

    pub(super) fn is_below(&self, task: &Task, node: Node) -> bool {
        match node {
            Node::Project(id) => task.project == id,
            Node::Phase(id) => self.features.get(&task.feature).is_some_and(|feature| feature.phase == id),
            Node::Feature(id) => task.feature == id,
            Node::Task(id) => task.id == id,
            Node::Webhook(_) | Node::Budget(_) | Node::Schedule(_) => false,
        }
    }

    pub(super) fn plan_rows(&self, project: ProjectId) -> PlanRows {
        let tasks: Vec<_> = self.tasks.values().filter(|task| task.project == project).cloned().collect();
        PlanRows {
            phases: self.phases_of(project),
            features: self.features.values().filter(|feature| feature.project == project).cloned().collect(),
            edges: self
                .edges
                .iter()
                .filter(|edge| self.tasks.get(&edge.task).is_some_and(|t| t.project == project))
                .copied()
                .collect(),
            tasks,
        }
    }

    /// The task the agent holds, live claims first.
    fn held_by(&self, project: ProjectId, agent: &AgentId) -> Option<Task> {
        let holds = |task: &&Task| {
            task.project == project
                && task.status == TaskStatus::InProgress
                && task.lease.as_ref().is_some_and(|lease| lease.agent == *agent)
        };
        let expires = |task: &&Task| task.lease.as_ref().map(|lease| lease.expires);
        self.tasks.values().filter(holds).max_by_key(|task| (expires(task), std::cmp::Reverse(task.id))).cloned()
    }

    fn lapsed(&self, project: ProjectId, now: Timestamp) -> Vec<TaskId> {
        let lapsed =
            |task: &&Task| task.project == project && task.status == TaskStatus::InProgress && !task.is_held(now);
        self.tasks.values().filter(lapsed).map(|task| task.id).collect()
    }

    fn tally(&self, phase: PhaseId, what: Counting, now: Timestamp) -> PhaseTally {
        let features: Vec<_> = self.features.values().filter(|feature| feature.phase == phase).collect();
        let open: Vec<_> = features.iter().filter(|feature| feature.status != FeatureStatus::Completed).collect();
        let sum = |count: fn(&Tally) -> i32| features.iter().map(|feature| i64::from(count(&feature.tally))).sum();
        let begun = features.iter().filter(|feature| feature.status == FeatureStatus::InProgress);
        let mut tally = PhaseTally {
            features: features.len() as i64,
            open_features: open.len() as i64,
            unspecced_features: features.iter().filter(|feature| feature.tally.tasks == 0).count() as i64,
            unfinished: open.iter().take(5).map(|feature| feature.name.clone()).collect(),
            tasks: sum(|tally| tally.tasks),
            passing: sum(|tally| tally.passing),
            begun_open: begun.map(|feature| i64::from(feature.tally.open())).sum(),
            ready: sum(|tally| tally.ready),
            in_progress: sum(|tally| tally.in_progress),
            ..PhaseTally::default()
        };
        if what == Counting::Features {
            return tally;
        }
        for task in self.tasks.values().filter(|task| features.iter().any(|feature| feature.id == task.feature)) {
            count_task(&mut tally, task, now);
        }
        tally
    }
}

fn count_task(tally: &mut PhaseTally, task: &Task, now: Timestamp) {
    match task.status {
        TaskStatus::Passing => {}
        TaskStatus::NeedsInput => tally.needs_input += 1,
        TaskStatus::Blocked => tally.blocked += 1,
        TaskStatus::InProgress => {
            let expires = task.lease.as_ref().map(|lease| lease.expires);
            tally.next_lapse = earliest(tally.next_lapse, expires);
        }
        TaskStatus::Pending if task.is_ready() => match task.not_before.filter(|at| *at > now) {
            Some(at) => {
                tally.backing_off += 1;
                tally.next_retry = earliest(tally.next_retry, Some(at));
            }
            None => tally.ready_small += i64::from(task.complexity <= 2),
        },
        TaskStatus::Pending => {}
    }
}

fn earliest(a: Option<Timestamp>, b: Option<Timestamp>) -> Option<Timestamp> {
    a.into_iter().chain(b).min()
}
