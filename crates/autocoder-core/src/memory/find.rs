//! What screens look for across the state in memory: the graph, the search and the proposals of a feature.

use super::State;
use crate::changes::Node;
use crate::ids::{FeatureId, ProjectId, TaskId};
use crate::spec::Proposal;
use crate::view::{GraphEdge, GraphView, SearchHit, TaskCard};

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
    pub(super) fn search(&self, text: &str, limit: usize) -> Vec<SearchHit> {
        let hit = |kind, id: i64, project, name: &String| {
            let (project_name, name) = (self.name_of(project), name.clone());
            name.to_ascii_lowercase().contains(text).then_some(SearchHit { kind, id, project_name, name })
        };
        let projects = self.projects.values().filter_map(|p| hit("project", p.id.0, p.id, &p.name));
        let phases = self.phases.values().filter_map(|p| hit("phase", p.id.0, p.project, &p.name));
        let features = self.features.values().filter_map(|f| hit("feature", f.id.0, f.project, &f.name));
        let tasks = self.tasks.values().filter_map(|t| hit("task", t.id.0, t.project, &t.name));
        projects.chain(phases).chain(features).chain(tasks).take(limit).collect()
    }

    pub(super) fn proposals_for(&self, project: ProjectId, feature: FeatureId) -> Vec<Proposal> {
        let ours = self.features.get(&feature).is_some_and(|feature| feature.project == project);
        self.proposals.values().filter(|proposal| ours && proposal.feature == feature).cloned().collect()
    }
}
