//! What a status shows, loaded without loading tasks.

use std::collections::BTreeMap;

use autocoder_core::feature::FeatureStatus;
use autocoder_core::ids::{EventId, PhaseId, TaskId};
use autocoder_core::phase::PhaseStatus;
use autocoder_core::view::{AgentView, FeatureView, InboxItem, PhaseView, ProjectView, TaskCounts};
use autocoder_core::workflow;
use autocoder_usage::gauge::Gauge;
use autocoder_usage::meter::read_gauge;
use serde::Serialize;

use crate::exit::Failure;
use crate::installation::Installation;

/// Up to so many features a project is shown whole.
const SMALL: i64 = 24;
/// Features shown of the active phase of a larger one.
const SHOWN: usize = 20;
/// Items of the inbox shown.
const INBOX_SHOWN: usize = 20;

/// Everything that a status shows.
#[derive(Serialize)]
pub(super) struct Facts {
    pub(super) project: ProjectView,
    pub(super) phases: Vec<PhaseView>,
    /// The features that are shown.
    pub(super) features: Vec<FeatureView>,
    /// Features of the active phase that are left out, because they are completed or too many.
    pub(super) features_left_out: usize,
    pub(super) tasks: TaskCounts,
    pub(super) agents: Vec<AgentView>,
    /// The names of the tasks that agents work on.
    pub(super) agents_tasks: BTreeMap<TaskId, String>,
    pub(super) usage: Gauge,
    pub(super) rehearsal: Gauge,
    pub(super) inbox: Vec<InboxItem>,
    pub(super) inbox_left_out: usize,
    /// Grows with everything that happens.
    pub(super) last_event_id: EventId,
}

impl Facts {
    pub(super) async fn load(installation: &Installation, name: &str) -> Result<Self, Failure> {
        let queries = installation.queries();
        let last_event_id = installation.store.feed().newest().await?;
        let project = installation.project_named(name).await?;
        let phases = queries.phases(project.id).await?;
        let (features, features_left_out) = features(installation, &project, &phases).await?;
        let agents: Vec<AgentView> = workflow::agents_at_work(&*installation.store, project.id).await?;
        let mut agents_tasks = BTreeMap::new();
        for id in agents.iter().filter_map(|agent| agent.task_id) {
            if let Some(task) = queries.task(project.id, id).await? {
                agents_tasks.insert(id, task.name);
            }
        }
        let mut inbox = workflow::inbox(&installation.context(), Some(project.id)).await?;
        let inbox_left_out = inbox.len().saturating_sub(INBOX_SHOWN);
        inbox.truncate(INBOX_SHOWN);
        Ok(Self {
            phases,
            features,
            features_left_out,
            tasks: queries.counts(project.id).await?,
            agents,
            agents_tasks,
            usage: read_gauge(&*installation.store, project.id, false).await?,
            rehearsal: read_gauge(&*installation.store, project.id, true).await?,
            inbox,
            inbox_left_out,
            last_event_id,
            project,
        })
    }
}

/// The features to show, and how many of the active phase are left out.
async fn features(
    installation: &Installation,
    project: &ProjectView,
    phases: &[PhaseView],
) -> Result<(Vec<FeatureView>, usize), Failure> {
    if project.feature_count <= SMALL {
        return Ok((installation.queries().features(project.id, None).await?, 0));
    }
    let Some(active) = active(phases) else { return Ok((Vec::new(), 0)) };
    let all = installation.queries().features(project.id, Some(active)).await?;
    let count = all.len();
    let mut open: Vec<_> = all.into_iter().filter(|feature| feature.status != FeatureStatus::Completed).collect();
    // Started features first; the order of equals stays.
    open.sort_by_key(|feature| feature.status != FeatureStatus::InProgress);
    open.truncate(SHOWN);
    let left_out = count - open.len();
    Ok((open, left_out))
}

/// The first phase that is not completed.
pub(super) fn active(phases: &[PhaseView]) -> Option<PhaseId> {
    phases.iter().find(|phase| phase.status != PhaseStatus::Completed).map(|phase| phase.id)
}
