//! What is done with projects: create, edit, start, pause, resume, archive, delete.

use super::Context;
use super::feature::must_be_idle;
use crate::changes::{Changes, Node, Row};
use crate::error::Refused;
use crate::event::EventKind;
use crate::ids::ProjectId;
use crate::phase::PhaseStatus;
use crate::ports::{Scope, UnitOfWork};
use crate::project::{NewProject, Project, ProjectAction, ProjectPatch, ProjectStatus};

/// Makes a project.
///
/// # Errors
/// The fields that break a rule, or a name in use.
pub async fn create_project(cx: &Context<'_>, new: NewProject) -> Result<Project, Refused> {
    new.check()?;
    let mut unit = cx.store.begin(Scope::Installation).await?;
    if unit.project(&new.name).await?.is_some() {
        return Err(Refused::NameTaken { noun: "project", name: new.name });
    }
    let id = ProjectId(unit.new_ids(1).await?);
    let mut changes = cx.changes(id, unit.now());
    let title = if new.title.is_empty() { new.name.clone() } else { new.title };
    let project = Project {
        id,
        name: new.name,
        title,
        path: new.path,
        description: new.description,
        spec: new.spec.filter(|spec| !spec.is_empty()),
        status: ProjectStatus::Active,
        settings: new.settings,
        crew: None,
        created_at: unit.now(),
        version: 1,
    };
    changes.project(Row::New(project.clone()), EventKind::ProjectCreated);
    unit.commit(changes).await?;
    Ok(project)
}

/// Edits a project; its status is never edited.
///
/// # Errors
/// The fields that break a rule.
pub async fn edit_project(cx: &Context<'_>, id: ProjectId, patch: ProjectPatch) -> Result<Project, Refused> {
    let (mut unit, mut changes) = cx.begin(id).await?;
    let after = patch.apply(unit.standing(None).await?.project)?;
    let after = changes.project(Row::Changed(after), EventKind::ProjectUpdated);
    unit.commit(changes).await?;
    Ok(after)
}

/// Lets agents work: a paused or archived project goes on, and its first open phase starts when it has not yet.
///
/// # Errors
/// A completed project, or one without a phase.
pub async fn start_project(cx: &Context<'_>, id: ProjectId) -> Result<Project, Refused> {
    cx.person("start a project")?;
    cx.usage.go_on().await?;
    let (mut unit, mut changes) = cx.begin(id).await?;
    let standing = unit.standing(None).await?;
    let mut project = standing.project;
    if project.status != ProjectStatus::Active {
        project.status = project.status.apply(ProjectAction::Resume)?;
        project = changes.project(Row::Changed(project), EventKind::ProjectResumed);
    }
    let Some(phase) = standing.active else {
        return Err(Refused::field("project", "has no open phase; add one, or import a plan"));
    };
    if phase.status == PhaseStatus::Pending {
        super::phase::started(&mut changes, phase)?;
    }
    unit.commit(changes).await?;
    Ok(project)
}

/// Hands out no new task; what agents hold they may finish.
///
/// # Errors
/// A project that is not active.
pub async fn pause_project(cx: &Context<'_>, id: ProjectId) -> Result<Project, Refused> {
    act(cx, id, ProjectAction::Pause, EventKind::ProjectPaused).await
}

/// Goes on after a pause, or takes a project out of the archive.
///
/// # Errors
/// A project that is neither paused nor archived.
pub async fn resume_project(cx: &Context<'_>, id: ProjectId) -> Result<Project, Refused> {
    let project = act(cx, id, ProjectAction::Resume, EventKind::ProjectResumed).await?;
    cx.usage.go_on().await?;
    Ok(project)
}

/// Puts a project away; it hands out nothing.
///
/// # Errors
/// A project that is archived already.
pub async fn archive_project(cx: &Context<'_>, id: ProjectId) -> Result<Project, Refused> {
    act(cx, id, ProjectAction::Archive, EventKind::ProjectArchived).await
}

async fn act(cx: &Context<'_>, id: ProjectId, action: ProjectAction, kind: EventKind) -> Result<Project, Refused> {
    cx.person("pause, resume or archive a project")?;
    let (mut unit, mut changes) = cx.begin(id).await?;
    let mut project = unit.standing(None).await?.project;
    project.status = project.status.apply(action)?;
    let project = changes.project(Row::Changed(project), kind);
    unit.commit(changes).await?;
    Ok(project)
}

/// Deletes a project with everything in it and answers how many tasks went.
///
/// # Errors
/// A live claim in it unless `force`.
pub async fn delete_project(cx: &Context<'_>, id: ProjectId, force: bool) -> Result<usize, Refused> {
    cx.person("delete a project")?;
    let (mut unit, mut changes) = cx.begin(id).await?;
    let project = unit.standing(None).await?.project;
    let tasks = unit.tasks_in(Node::Project(id)).await?;
    must_be_idle("project", &project.name, &tasks, force, &changes)?;
    changes.delete(Node::Project(id), project.version, EventKind::ProjectDeleted, (&project.name, tasks.len()));
    unit.commit(changes).await?;
    Ok(tasks.len())
}

/// After the last phase was approved.
pub(super) async fn complete(unit: &mut dyn UnitOfWork, changes: &mut Changes) -> Result<(), Refused> {
    let mut project = unit.standing(None).await?.project;
    project.status = project.status.apply(ProjectAction::Complete)?;
    changes.project(Row::Changed(project), EventKind::ProjectCompleted);
    Ok(())
}

/// New work makes a completed project active again.
pub(super) async fn reopen_if_completed(unit: &mut dyn UnitOfWork, changes: &mut Changes) -> Result<(), Refused> {
    let mut project = unit.standing(None).await?.project;
    if project.status == ProjectStatus::Completed {
        project.status = project.status.apply(ProjectAction::Reopen)?;
        changes.project(Row::Changed(project), EventKind::ProjectReopened);
    }
    Ok(())
}
