//! What screens show, from the state in memory.

use std::collections::BTreeSet;

use async_trait::async_trait;

use super::{MemoryStore, State};
use crate::agent::Agent;
use crate::changes::Node;
use crate::event::EventKind;
use crate::feature::{Feature, FeatureStatus};
use crate::ids::{FeatureId, PhaseId, ProjectId, TaskId, TokenId};
use crate::note::Note;
use crate::phase::{Phase, PhaseStatus};
use crate::ports::{Out, PlanRows, Queries, TaskFilter};
use crate::project::{Project, ProjectStatus};
use crate::spec::{Proposal, SpecMessage};
use crate::task::{Evidence, Task, TaskStatus};
use crate::time::Timestamp;
use crate::token::Token;
use crate::view::{
    DecisionView, FeatureView, GraphView, InboxItem, InboxKind, Page, PhaseView, ProjectView, ReviewedTask, SearchHit,
    TaskCard, TaskCounts, TaskLink, TaskView,
};
use crate::webhook::Webhook;

/// The size of a page nobody limits, and the largest one.
const PAGE: (u64, u64) = (100, 1_000);

#[async_trait]
impl Queries for MemoryStore {
    async fn projects(&self) -> Out<Vec<ProjectView>> {
        let (state, now) = (self.lock(), (self.clock)());
        let mut projects: Vec<_> = state.projects.values().map(|project| state.project_view(project, now)).collect();
        projects.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(projects)
    }

    async fn project_id(&self, name: &str) -> Out<Option<ProjectId>> {
        Ok(self.lock().projects.values().find(|project| project.name == name).map(|project| project.id))
    }

    async fn project(&self, name: &str) -> Out<Option<ProjectView>> {
        let (state, now) = (self.lock(), (self.clock)());
        let found = state.projects.values().find(|project| project.name == name);
        Ok(found.map(|project| state.project_view(project, now)))
    }

    async fn phases(&self, project: ProjectId) -> Out<Vec<PhaseView>> {
        let state = self.lock();
        Ok(state.phases_of(project).into_iter().map(|phase| state.phase_view(phase)).collect())
    }

    async fn features(&self, project: ProjectId, phase: Option<PhaseId>) -> Out<Vec<FeatureView>> {
        let state = self.lock();
        let wanted = |f: &&Feature| f.project == project && phase.is_none_or(|phase| f.phase == phase);
        let mut features: Vec<_> = state.features.values().filter(wanted).cloned().collect();
        features.sort_by_key(|f| (state.phases.get(&f.phase).map(Phase::place), f.priority, f.id));
        Ok(features.into_iter().map(|f| state.feature_view(Feature { spec: None, ..f })).collect())
    }

    async fn feature(&self, project: ProjectId, id: FeatureId) -> Out<Option<FeatureView>> {
        let state = self.lock();
        let found = state.features.get(&id).filter(|feature| feature.project == project).cloned();
        Ok(found.map(|feature| state.feature_view(feature)))
    }

    async fn tasks(&self, project: ProjectId, filter: &TaskFilter) -> Out<Page<TaskCard>> {
        let state = self.lock();
        let limit = if filter.limit == 0 { PAGE.0 } else { filter.limit.min(PAGE.1) } as usize;
        let wanted = |task: &&Task| {
            filter.status.is_none_or(|status| task.status == status) && filter.after.is_none_or(|after| task.id > after)
        };
        let found = state.found(project, filter).filter(wanted);
        let mut items: Vec<_> = found.take(limit + 1).cloned().map(TaskCard::of).collect();
        let more = items.len() > limit;
        items.truncate(limit);
        let next_cursor = items.last().filter(|_| more).map(|last| last.id.to_string());
        Ok(Page { items, next_cursor })
    }

    async fn task(&self, project: ProjectId, id: TaskId) -> Out<Option<TaskView>> {
        let state = self.lock();
        let found = state.branch(id).filter(|branch| branch.task.project == project);
        let link =
            |id: &TaskId| state.tasks.get(id).map(|t| TaskLink { id: t.id, name: t.name.clone(), status: t.status });
        let depends_on = state.edges.iter().filter(|edge| edge.task == id).filter_map(|edge| link(&edge.depends_on));
        let blocks = state.edges.iter().filter(|edge| edge.depends_on == id).filter_map(|edge| link(&edge.task));
        Ok(found.map(|branch| {
            let around = (branch.phase.id, branch.feature.name);
            TaskView::of(branch.task, state.name_of(project), around, depends_on.collect(), blocks.collect())
        }))
    }

    async fn project_of_task(&self, id: TaskId) -> Out<Option<String>> {
        let state = self.lock();
        Ok(state.tasks.get(&id).map(|task| state.name_of(task.project)))
    }

    async fn counts_of(&self, project: ProjectId, filter: &TaskFilter) -> Out<TaskCounts> {
        let state = self.lock();
        let mut counts = TaskCounts::default();
        for task in state.found(project, filter) {
            match task.status {
                TaskStatus::Pending => counts.pending += 1,
                TaskStatus::InProgress => counts.in_progress += 1,
                TaskStatus::Passing => counts.passing += 1,
                TaskStatus::NeedsInput => counts.needs_input += 1,
                TaskStatus::Blocked => counts.blocked += 1,
            }
        }
        Ok(counts)
    }

    async fn review(&self, project: ProjectId, phase: PhaseId, limit: u64) -> Out<Vec<ReviewedTask>> {
        Ok(self.lock().reviewed(project, phase, limit as usize))
    }

    async fn inbox(&self, project: Option<ProjectId>) -> Out<Vec<InboxItem>> {
        let state = self.lock();
        let mut items: Vec<InboxItem> = state.gates();
        items.extend(state.tasks.values().filter_map(|task| state.task_item(task)));
        items.extend(state.features.values().filter_map(|feature| state.spec_item(feature)));
        let shown = state.projects.values().filter(|found| {
            found.status != ProjectStatus::Archived && project.is_none_or(|project| project == found.id)
        });
        let shown: BTreeSet<_> = shown.map(|project| project.name.as_str()).collect();
        items.retain(|item| shown.contains(item.project_name.as_str()));
        items.sort_by_key(|item| (item.since, item.id));
        Ok(items)
    }

    async fn agents(&self, project: ProjectId) -> Out<Vec<Agent>> {
        Ok(self.lock().agents.values().filter(|agent| agent.project == project).cloned().collect())
    }

    async fn least_verified(&self, project: ProjectId, limit: u64) -> Out<Vec<TaskId>> {
        let state = self.lock();
        let passing = |task: &&Task| task.project == project && task.status == TaskStatus::Passing;
        let mut tasks: Vec<_> = state.tasks.values().filter(passing).collect();
        tasks.sort_by_key(|task| (task.verified_at, task.id));
        Ok(tasks.into_iter().take(limit as usize).map(|task| task.id).collect())
    }

    async fn evidence(&self, project: ProjectId, task: TaskId) -> Out<Vec<Evidence>> {
        let state = self.lock();
        let ours = state.tasks.get(&task).is_some_and(|task| task.project == project);
        let newest = state.evidence.iter().rev().filter(|evidence| ours && evidence.task == task);
        Ok(newest.take(50).cloned().collect())
    }

    async fn plan(&self, project: ProjectId) -> Out<PlanRows> {
        Ok(self.lock().plan_rows(project))
    }

    async fn graph(&self, project: ProjectId, within: Option<Node>) -> Out<GraphView> {
        Ok(self.lock().graph(project, within.unwrap_or(Node::Project(project))))
    }

    async fn search(&self, project: Option<ProjectId>, text: &str, limit: u64) -> Out<Vec<SearchHit>> {
        Ok(self.lock().search(project, &text.to_ascii_lowercase(), limit as usize))
    }

    async fn spec_messages(&self, project: ProjectId, feature: FeatureId) -> Out<Vec<SpecMessage>> {
        let state = self.lock();
        let ours = state.features.get(&feature).is_some_and(|feature| feature.project == project);
        Ok(state.messages.values().filter(|message| ours && message.feature == feature).cloned().collect())
    }

    async fn notes(&self, project: ProjectId, phase: Option<PhaseId>) -> Out<Vec<Note>> {
        let wanted = |note: &&Note| note.project == project && phase.is_none_or(|phase| note.phase == phase);
        Ok(self.lock().notes.values().filter(wanted).cloned().collect())
    }

    async fn proposals(&self, project: ProjectId, feature: FeatureId) -> Out<Vec<Proposal>> {
        Ok(self.lock().proposals_for(project, feature))
    }

    async fn webhooks(&self) -> Out<Vec<Webhook>> {
        Ok(self.lock().webhooks.values().cloned().collect())
    }

    async fn tokens(&self) -> Out<Vec<Token>> {
        let of_run = |token: &&Token| token.agent.as_ref().is_some_and(|ticket| ticket.run.is_some());
        let shown = |token: &&Token| token.revoked_at.is_none() && !of_run(token);
        Ok(self.lock().tokens.values().filter(shown).cloned().collect())
    }

    async fn token(&self, id: TokenId) -> Out<Option<Token>> {
        Ok(self.lock().tokens.get(&id).cloned())
    }
}

impl State {
    pub(super) fn name_of(&self, project: ProjectId) -> String {
        self.projects.get(&project).map(|project| project.name.clone()).unwrap_or_default()
    }

    fn project_view(&self, project: &Project, now: Timestamp) -> ProjectView {
        let phases = self.phases_of(project.id);
        let features: Vec<_> = self.features.values().filter(|feature| feature.project == project.id).collect();
        let sum = |count: fn(&Feature) -> i32| features.iter().map(|feature| i64::from(count(feature))).sum();
        let project = project.clone();
        ProjectView {
            id: project.id,
            name: project.name,
            title: project.title,
            path: project.path,
            description: project.description,
            spec: project.spec,
            status: project.status,
            settings: project.settings,
            phase_count: phases.len() as i64,
            phases_completed: phases.iter().filter(|phase| phase.status == PhaseStatus::Completed).count() as i64,
            feature_count: features.len() as i64,
            task_count: sum(|feature| feature.tally.tasks),
            tasks_completed: sum(|feature| feature.tally.passing),
            driven_by: project.crew.filter(|crew| crew.expires > now).map(|crew| crew.holder),
            created_at: project.created_at,
            version: project.version,
        }
    }

    fn phase_view(&self, phase: Phase) -> PhaseView {
        let features: Vec<_> = self.features.values().filter(|feature| feature.phase == phase.id).collect();
        let sum = |count: fn(&Feature) -> i32| features.iter().map(|feature| i64::from(count(feature))).sum();
        PhaseView {
            id: phase.id,
            project_name: self.name_of(phase.project),
            key: phase.key,
            name: phase.name,
            description: phase.description,
            order: phase.order,
            status: phase.status,
            created_at: phase.created_at,
            started_at: phase.started_at,
            completed_at: phase.completed_at,
            decision: phase.decision.map(|d| DecisionView { by: d.by, at: d.at, note: d.note }),
            feature_count: features.len() as i64,
            features_completed: features.iter().filter(|f| f.status == FeatureStatus::Completed).count() as i64,
            task_count: sum(|feature| feature.tally.tasks),
            tasks_completed: sum(|feature| feature.tally.passing),
            version: phase.version,
        }
    }

    fn feature_view(&self, feature: Feature) -> FeatureView {
        FeatureView {
            id: feature.id,
            project_name: self.name_of(feature.project),
            phase_id: feature.phase,
            key: feature.key,
            name: feature.name,
            description: feature.description,
            spec: feature.spec,
            spec_requested_at: feature.spec_requested_at,
            status: feature.status,
            priority: feature.priority,
            agent_id: feature.agent,
            created_at: feature.created_at,
            completed_at: feature.completed_at,
            task_count: feature.tally.tasks.into(),
            tasks_completed: feature.tally.passing.into(),
            tasks_in_progress: feature.tally.in_progress.into(),
            independence: None,
            version: feature.version,
        }
    }

    fn gates(&self) -> Vec<InboxItem> {
        let waiting = self.phases.values().filter(|phase| phase.status == PhaseStatus::AwaitingApproval);
        let since = |phase: &Phase| {
            let subject = format!("phase:{}", phase.id);
            let submitted = |kind, found: &str| kind == EventKind::PhaseAwaitingApproval && found == subject;
            let newest = self.events.iter().rev().find(|event| submitted(event.kind, &event.subject));
            newest.map_or(phase.created_at, |event| event.at)
        };
        waiting
            .map(|phase| self.item(InboxKind::Gate, phase.project, (phase.id.0, &phase.name), since(phase)))
            .collect()
    }

    fn task_item(&self, task: &Task) -> Option<InboxItem> {
        let since = || {
            let subject = format!("task:{}", task.id);
            self.events.iter().rev().find(|event| event.subject == subject).map_or(task.created_at, |event| event.at)
        };
        let item = |kind| self.item(kind, task.project, (task.id.0, &task.name), since());
        match task.status {
            TaskStatus::NeedsInput => {
                let item = item(InboxKind::Question);
                Some(task.question.clone().map_or(item.clone(), |question| item.asking(question)))
            }
            TaskStatus::Blocked => Some(InboxItem { text: task.blocked_reason.clone(), ..item(InboxKind::Blocked) }),
            TaskStatus::Pending | TaskStatus::InProgress | TaskStatus::Passing => None,
        }
    }

    fn spec_item(&self, feature: &Feature) -> Option<InboxItem> {
        let since = feature.spec_requested_at.filter(|_| feature.status == FeatureStatus::Pending)?;
        Some(self.item(InboxKind::Spec, feature.project, (feature.id.0, &feature.name), since))
    }

    fn item(&self, kind: InboxKind, project: ProjectId, (id, name): (i64, &str), since: Timestamp) -> InboxItem {
        InboxItem {
            kind,
            project_name: self.name_of(project),
            id,
            name: name.to_owned(),
            since,
            text: None,
            choices: Vec::new(),
            recommendation: kind.recommendation().map(str::to_owned),
        }
    }
}
