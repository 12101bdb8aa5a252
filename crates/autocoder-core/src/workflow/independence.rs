//! Whether a feature can be worked on beside the others of its phase, and why or why not.

use std::collections::{BTreeMap, BTreeSet};

use crate::changes::Node;
use crate::feature::FeatureStatus;
use crate::ids::{FeatureId, ProjectId, TaskId};
use crate::phase::PhaseStatus;
use crate::ports::{Out, Queries};
use crate::view::{FeatureView, GraphView, Independence, PhaseView};

/// Whether an agent of its own can work on `feature` now, without waiting for another feature or being waited for.
///
/// # Errors
/// The store does not answer.
pub async fn can_run_independently(
    queries: &dyn Queries,
    project: ProjectId,
    feature: &FeatureView,
) -> Out<Independence> {
    let phases = queries.phases(project).await?;
    if let Some(reason) = standing(feature, &phases) {
        return Ok(Independence { can_run_independently: false, reason, features: Vec::new() });
    }
    let graph = queries.graph(project, Some(Node::Phase(feature.phase_id))).await?;
    let features = entangled(feature.id, &graph);
    let reason = if features.is_empty() {
        "no open task of it waits for an open task of another feature, nor the other way round".to_owned()
    } else {
        let names: Vec<String> = features.iter().map(ToString::to_string).collect();
        let noun = if names.len() == 1 { "feature" } else { "features" };
        format!("open tasks of it and of {noun} {} wait for each other", names.join(", "))
    };
    Ok(Independence { can_run_independently: features.is_empty(), reason, features })
}

/// What keeps a feature from being worked on at all.
fn standing(feature: &FeatureView, phases: &[PhaseView]) -> Option<String> {
    if feature.status == FeatureStatus::Completed {
        return Some("all its tasks pass".to_owned());
    }
    if feature.task_count == 0 {
        return Some("it has no tasks yet".to_owned());
    }
    // Phases are sequential; the first that is not completed is the active one.
    let active = phases.iter().find(|phase| phase.status != PhaseStatus::Completed)?;
    if active.id != feature.phase_id {
        return Some(format!("its phase comes after \"{}\", which is {}", active.name, active.status));
    }
    (active.status == PhaseStatus::AwaitingApproval).then(|| "its phase waits for approval".to_owned())
}

/// The features with open tasks that wait for open tasks of this one, or that these wait for.
fn entangled(feature: FeatureId, graph: &GraphView) -> Vec<FeatureId> {
    let open: BTreeMap<TaskId, FeatureId> =
        graph.nodes.iter().filter(|task| !task.passes).map(|task| (task.id, task.feature_id)).collect();
    let ends = |edge: &crate::view::GraphEdge| Some((*open.get(&edge.task_id)?, *open.get(&edge.depends_on)?));
    let others =
        graph.edges.iter().filter_map(ends).filter_map(|(one, other)| match (one == feature, other == feature) {
            (true, false) => Some(other),
            (false, true) => Some(one),
            _ => None,
        });
    others.collect::<BTreeSet<_>>().into_iter().collect()
}
