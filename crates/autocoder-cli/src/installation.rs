//! An opened database with who asks, and how things are found by what a person typed.

use std::path::Path;
use std::sync::Arc;

use autocoder_core::error::Refused;
use autocoder_core::event::Actor;
use autocoder_core::ids::{FeatureId, PhaseId, TaskId};
use autocoder_core::ports::{Queries, Store, UsageMeter};
use autocoder_core::view::{AgentView, FeatureView, PhaseView, ProjectView, TaskView};
use autocoder_core::workflow::{self, Context};

use crate::arguments::InProject;
use crate::config;
use crate::exit::Failure;

/// Everything a use case needs.
pub(crate) struct Installation {
    pub(crate) store: Arc<dyn Store>,
    meter: Arc<dyn UsageMeter>,
    actor: Actor,
}

impl Installation {
    pub(crate) const fn new(store: Arc<dyn Store>, meter: Arc<dyn UsageMeter>, actor: Actor) -> Self {
        Self { store, meter, actor }
    }

    pub(crate) fn context(&self) -> Context<'_> {
        Context { store: &*self.store, usage: &*self.meter, actor: &self.actor, request: None }
    }

    pub(crate) fn queries(&self) -> &dyn Queries {
        self.store.queries()
    }

    /// The project that is named, else the one of the current folder, else the only one.
    ///
    /// # Errors
    /// A missing project; none or several to choose from.
    pub(crate) async fn project(&self, wanted: &InProject) -> Result<ProjectView, Failure> {
        if let Some(name) = &wanted.project {
            return self.project_named(name).await;
        }
        choose(self.queries().projects().await?, config::current_folder().as_deref())
    }

    pub(crate) async fn project_named(&self, name: &str) -> Result<ProjectView, Failure> {
        Ok(self.queries().project(name).await?.ok_or_else(|| Refused::missing("project", name))?)
    }

    /// The project that is named, else the one that the task belongs to.
    ///
    /// # Errors
    /// A missing project or task.
    pub(crate) async fn project_of_task(&self, id: i64, wanted: &InProject) -> Result<ProjectView, Failure> {
        if wanted.project.is_some() {
            return self.project(wanted).await;
        }
        let name = self.queries().project_of_task(TaskId(id)).await?.ok_or_else(|| Refused::missing("task", id))?;
        self.project_named(&name).await
    }

    pub(crate) async fn phase(&self, project: &ProjectView, id: i64) -> Result<PhaseView, Failure> {
        let phases = self.queries().phases(project.id).await?;
        let found = phases.into_iter().find(|phase| phase.id == PhaseId(id));
        Ok(found.ok_or_else(|| Refused::missing("phase", id))?)
    }

    pub(crate) async fn feature(&self, project: &ProjectView, id: i64) -> Result<FeatureView, Failure> {
        let found = self.queries().feature(project.id, FeatureId(id)).await?;
        let feature = found.ok_or_else(|| Refused::missing("feature", id))?;
        let independence = workflow::can_run_independently(self.queries(), project.id, &feature).await?;
        Ok(FeatureView { independence: Some(independence), ..feature })
    }

    pub(crate) async fn task(&self, project: &ProjectView, id: i64) -> Result<TaskView, Failure> {
        let found = self.queries().task(project.id, TaskId(id)).await?;
        Ok(found.ok_or_else(|| Refused::missing("task", id))?)
    }

    pub(crate) async fn agent(&self, project: &ProjectView, id: &str) -> Result<AgentView, Failure> {
        let agents = workflow::agents_at_work(&*self.store, project.id).await?;
        Ok(agents.into_iter().find(|agent| agent.id.0 == id).ok_or_else(|| Refused::missing("agent", id))?)
    }
}

/// The project whose folder holds the current one, the innermost first; else the only project.
fn choose(projects: Vec<ProjectView>, folder: Option<&Path>) -> Result<ProjectView, Failure> {
    let here = innermost(&projects, folder);
    let mut found: Vec<ProjectView> = match here {
        Some(path) => projects.into_iter().filter(|project| project.path == path).collect(),
        None => projects,
    };
    match (found.len(), found.pop()) {
        (1, Some(project)) => Ok(project),
        (_, None) => Err(Failure::Missing {
            message: "there is no project yet".to_owned(),
            hint: "make one with `autocoder init PATH --name NAME`".to_owned(),
        }),
        (_, Some(last)) => {
            found.push(last);
            let names: Vec<_> = found.iter().map(|project| format!("`{}`", project.name)).collect();
            let message = format!("which project? there are {}", names.join(", "));
            Err(Failure::wrong(message, "name one with --project, or go to its folder"))
        }
    }
}

fn innermost(projects: &[ProjectView], folder: Option<&Path>) -> Option<String> {
    let folder = folder?;
    let holding = projects.iter().filter(|project| folder.starts_with(&project.path));
    holding.max_by_key(|project| Path::new(&project.path).components().count()).map(|project| project.path.clone())
}

/// The project whose folder holds the current one, when there is exactly one.
pub(crate) fn project_here(projects: Vec<ProjectView>) -> Option<ProjectView> {
    let folder = config::current_folder();
    innermost(&projects, folder.as_deref())?;
    choose(projects, folder.as_deref()).ok()
}

#[cfg(test)]
mod tests {
    use autocoder_core::ids::ProjectId;
    use autocoder_core::project::{ProjectSettings, ProjectStatus};
    use autocoder_core::time::Timestamp;

    use super::*;

    fn project(name: &str, path: &str) -> ProjectView {
        ProjectView {
            id: ProjectId(1),
            name: name.to_owned(),
            title: name.to_owned(),
            path: path.to_owned(),
            description: String::new(),
            spec: None,
            status: ProjectStatus::Active,
            settings: ProjectSettings::default(),
            phase_count: 0,
            phases_completed: 0,
            feature_count: 0,
            task_count: 0,
            tasks_completed: 0,
            driven_by: None,
            created_at: Timestamp(0),
            version: 1,
        }
    }

    #[test]
    fn the_folder_chooses_the_innermost_project() {
        let all = || vec![project("home", "/home"), project("app", "/home/app"), project("app-2", "/home/app-2")];
        for (folder, chosen) in
            [("/home/app/src", Some("app")), ("/home/app", Some("app")), ("/home/app-3", Some("home")), ("/srv", None)]
        {
            let found = choose(all(), Some(Path::new(folder))).ok().map(|project| project.name);
            assert_eq!(found.as_deref(), chosen, "{folder}");
        }
    }

    #[test]
    fn without_a_folder_only_the_only_project_is_chosen() {
        assert_eq!(choose(vec![project("one", "/a")], None).unwrap().name, "one");
        let two = choose(vec![project("one", "/a"), project("two", "/a")], Some(Path::new("/a/b"))).unwrap_err();
        assert_eq!(two.to_string(), "which project? there are `one`, `two`");
        assert_eq!(choose(Vec::new(), None).unwrap_err().to_string(), "there is no project yet");
    }
}
