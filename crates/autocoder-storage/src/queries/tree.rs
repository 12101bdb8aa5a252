//! Views of projects, phases and features with their counts.

use std::sync::LazyLock;

use autocoder_core::feature::{Feature, FeatureStatus};
use autocoder_core::ids::{FeatureId, PhaseId, ProjectId};
use autocoder_core::phase::{Phase, PhaseStatus};
use autocoder_core::ports::Out;
use autocoder_core::project::Project;
use autocoder_core::time::Timestamp;
use autocoder_core::view::{DecisionView, FeatureView, PhaseView, ProjectView};
use sea_orm::{QueryResult, Value};

use crate::entity::{feature, field, phase, project, read};
use crate::link::Link;
use crate::read::{FEATURE, PHASE, PROJECT};

/// Counts of the features that `below` names.
fn counts(below: &str) -> String {
    format!(
        "(SELECT COUNT(*) FROM features x WHERE {below}) AS feature_count, \
         (SELECT COALESCE(SUM(x.tasks), 0) FROM features x WHERE {below}) AS task_count, \
         (SELECT COALESCE(SUM(x.passing), 0) FROM features x WHERE {below}) AS tasks_completed"
    )
}

static PROJECTS: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT {}, {}, (SELECT COUNT(*) FROM phases x WHERE x.project_id = p.id) AS phase_count, \
         (SELECT COUNT(*) FROM phases x WHERE x.project_id = p.id AND x.status = '{}') AS phases_completed \
         FROM projects p",
        *PROJECT,
        counts("x.project_id = p.id"),
        PhaseStatus::Completed.as_str()
    )
});

static PHASES: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT {}, p.name AS project_name, {}, (SELECT COUNT(*) FROM features x \
         WHERE x.phase_id = ph.id AND x.status = '{}') AS features_completed \
         FROM phases ph JOIN projects p ON p.id = ph.project_id \
         WHERE ph.project_id = $1 ORDER BY ph.\"order\", ph.id",
        *PHASE,
        counts("x.phase_id = ph.id"),
        FeatureStatus::Completed.as_str()
    )
});

static FEATURES: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT {}, p.name AS project_name FROM features f JOIN phases ph ON ph.id = f.phase_id \
         JOIN projects p ON p.id = f.project_id WHERE f.project_id = $1",
        *FEATURE
    )
});

pub(super) async fn projects(link: &Link, name: Option<&str>, now: Timestamp) -> Out<Vec<ProjectView>> {
    let rows = match name {
        Some(name) => {
            let sql = format!("{} WHERE p.name = $1", *PROJECTS);
            link.all("loading a project", &sql, [name.into()]).await?
        }
        None => link.all("loading projects", &PROJECTS, []).await?,
    };
    rows.iter().map(|row| project_view(row, now)).collect()
}

pub(super) async fn phases(link: &Link, project: ProjectId) -> Out<Vec<PhaseView>> {
    link.all("loading phases", &PHASES, [project.0.into()]).await?.iter().map(phase_view).collect()
}

/// Without their specs, which may be long.
pub(super) async fn features(link: &Link, project: ProjectId, phase: Option<PhaseId>) -> Out<Vec<FeatureView>> {
    let list = FEATURES.replace("f.\"spec\" AS", "CAST(NULL AS TEXT) AS");
    let order = "ORDER BY ph.\"order\", ph.id, f.priority, f.id";
    let rows = match phase {
        Some(phase) => {
            let sql = format!("{list} AND f.phase_id = $2 {order}");
            link.all("loading features", &sql, [project.0.into(), phase.0.into()]).await?
        }
        None => link.all("loading features", &format!("{list} {order}"), [project.0.into()]).await?,
    };
    rows.iter().map(feature_view).collect()
}

pub(super) async fn feature(link: &Link, project: ProjectId, id: FeatureId) -> Out<Option<FeatureView>> {
    let values: [Value; 2] = [project.0.into(), id.0.into()];
    let row = link.one("loading a feature", &format!("{} AND f.id = $2", *FEATURES), values).await?;
    row.as_ref().map(feature_view).transpose()
}

fn project_view(row: &QueryResult, now: Timestamp) -> Out<ProjectView> {
    let project: Project = read::<project::Model, _>(row, "p_")?;
    Ok(ProjectView {
        id: project.id,
        name: project.name,
        title: project.title,
        path: project.path,
        description: project.description,
        spec: project.spec,
        status: project.status,
        settings: project.settings,
        phase_count: field(row, "phase_count")?,
        phases_completed: field(row, "phases_completed")?,
        feature_count: field(row, "feature_count")?,
        task_count: field(row, "task_count")?,
        tasks_completed: field(row, "tasks_completed")?,
        driven_by: project.crew.filter(|crew| crew.expires > now).map(|crew| crew.holder),
        created_at: project.created_at,
        version: project.version,
    })
}

fn phase_view(row: &QueryResult) -> Out<PhaseView> {
    let phase: Phase = read::<phase::Model, _>(row, "ph_")?;
    Ok(PhaseView {
        id: phase.id,
        project_name: field(row, "project_name")?,
        key: phase.key,
        name: phase.name,
        description: phase.description,
        order: phase.order,
        status: phase.status,
        created_at: phase.created_at,
        started_at: phase.started_at,
        completed_at: phase.completed_at,
        decision: phase.decision.map(|d| DecisionView { by: d.by, at: d.at, note: d.note }),
        feature_count: field(row, "feature_count")?,
        features_completed: field(row, "features_completed")?,
        task_count: field(row, "task_count")?,
        tasks_completed: field(row, "tasks_completed")?,
        version: phase.version,
    })
}

fn feature_view(row: &QueryResult) -> Out<FeatureView> {
    let feature: Feature = read::<feature::Model, _>(row, "f_")?;
    Ok(FeatureView {
        id: feature.id,
        project_name: field(row, "project_name")?,
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
    })
}
