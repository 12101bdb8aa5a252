//! `autocoder project start`, `pause`, `resume` and `archive`.

use autocoder_core::view::ProjectView;
use autocoder_core::workflow;

use super::ByName;
use crate::exit::Failure;
use crate::installation::Installation;
use crate::root::Root;

pub(super) async fn start(name: ByName, root: &Root) -> Result<(), Failure> {
    let (installation, project) = find(name, root).await?;
    workflow::start_project(&installation.context(), project.id).await?;
    let next = format!("{} run --project {}", root.config.command(), project.name);
    done(root, &installation, &project, &format!("has started; agents work with: {next}")).await
}

pub(super) async fn pause(name: ByName, root: &Root) -> Result<(), Failure> {
    let (installation, project) = find(name, root).await?;
    workflow::pause_project(&installation.context(), project.id).await?;
    done(root, &installation, &project, "is paused; no new task is handed out").await
}

pub(super) async fn resume(name: ByName, root: &Root) -> Result<(), Failure> {
    let (installation, project) = find(name, root).await?;
    workflow::resume_project(&installation.context(), project.id).await?;
    done(root, &installation, &project, "goes on").await
}

pub(super) async fn archive(name: ByName, root: &Root) -> Result<(), Failure> {
    let (installation, project) = find(name, root).await?;
    workflow::archive_project(&installation.context(), project.id).await?;
    done(root, &installation, &project, "is archived").await
}

async fn find(name: ByName, root: &Root) -> Result<(Installation, ProjectView), Failure> {
    let installation = root.open().await?;
    let project = name.find(&installation).await?;
    Ok((installation, project))
}

async fn done(root: &Root, installation: &Installation, project: &ProjectView, what: &str) -> Result<(), Failure> {
    let view = installation.project_named(&project.name).await?;
    root.output.done(&view, &format!("project \"{}\" {what}", view.name))
}
