//! What screens look for across the state in memory: the graph, the search and the proposals of a feature.

use super::State;
use crate::changes::Node;
use crate::ids::{FeatureId, PhaseId, ProjectId, TaskId};
use crate::ports::TaskFilter;
use crate::spec::Proposal;
use crate::task::Task;
use crate::view::{GraphEdge, GraphView, ReviewedTask, SearchHit, TaskCard};

impl State {
    pub(super) fn graph(&self, project: ProjectId, within: Node) -> GraphView {
        let ours = self.tasks.values().filter(|task| task.project == project && self.is_below(task, within));
        let nodes: Vec<TaskCard> = ours.cloned().map(TaskCard::of).collect();
        let shown = |id: TaskId| nodes.binary_search_by_key(&id, |node| node.id).is_ok();
        let edges = self.edges.iter().filter(|edge| shown(edge.task) && shown(edge.depends_on));
        let edges = edges.map(|edge| GraphEdge { task_id: edge.task, depends_on: edge.depends_on }).collect();
        GraphView { nodes, edges }
    }

    /// `text` is in lower case.
    pub(super) fn search(&self, within: Option<ProjectId>, text: &str, limit: usize) -> Vec<SearchHit> {
        let hit = |kind, id: i64, project, name: &String, searched: &str| {
            let found = within.is_none_or(|within| within == project) && searched.to_ascii_lowercase().contains(text);
            let (project_name, name) = (self.name_of(project), name.clone());
            found.then_some(SearchHit { kind, id, project_name, name })
        };
        let projects = self.projects.values().filter_map(|p| {
            let searched = format!("{} {}", p.title, p.name);
            hit("project", p.id.0, p.id, &p.title, &searched)
        });
        let phases = self.phases.values().filter_map(|p| hit("phase", p.id.0, p.project, &p.name, &p.name));
        let features = self.features.values().filter_map(|f| hit("feature", f.id.0, f.project, &f.name, &f.name));
        let tasks = self.tasks.values().filter_map(|t| hit("task", t.id.0, t.project, &t.name, &t.name));
        projects.chain(phases).chain(features).chain(tasks).take(limit).collect()
    }

    /// The tasks of the filter's feature and text.
    pub(super) fn found(&self, project: ProjectId, filter: &TaskFilter) -> impl Iterator<Item = &Task> {
        let (feature, text) = (filter.feature, filter.text.as_deref().unwrap_or("").to_ascii_lowercase());
        self.tasks.values().filter(move |task| {
            task.project == project
                && feature.is_none_or(|feature| task.feature == feature)
                && task.name.to_ascii_lowercase().contains(&text)
        })
    }

    pub(super) fn reviewed(&self, project: ProjectId, phase: PhaseId, limit: usize) -> Vec<ReviewedTask> {
        let ours = self.tasks.values().filter(|task| task.project == project);
        let tasks = ours.filter(|task| self.is_below(task, Node::Phase(phase))).take(limit);
        let reviewed = |task: &Task| ReviewedTask {
            card: TaskCard::of(task.clone()),
            failures: task.failures,
            skip_count: task.skip_count,
            blocked_reason: task.blocked_reason.clone(),
            evidence: self.evidence.iter().rev().find(|one| one.task == task.id).cloned().map(Into::into),
        };
        tasks.map(reviewed).collect()
    }

    pub(super) fn proposals_for(&self, project: ProjectId, feature: FeatureId) -> Vec<Proposal> {
        let ours = self.features.get(&feature).is_some_and(|feature| feature.project == project);
        self.proposals.values().filter(|proposal| ours && proposal.feature == feature).cloned().collect()
    }
}
