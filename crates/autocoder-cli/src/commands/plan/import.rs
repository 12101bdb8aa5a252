//! `autocoder plan import`: a plan file into a project, all of it or nothing.

use std::path::PathBuf;

use autocoder_core::error::Refused;
use autocoder_core::plan::PlanDocument;
use autocoder_core::project::{NewProject, ProjectSettings};
use autocoder_core::view::ProjectView;
use autocoder_core::workflow::{self, ImportReport};
use clap::Args;
use serde_json::json;

use crate::commands::init;
use crate::exit::Failure;
use crate::installation::{Installation, project_here};
use crate::root::Root;

const STEPS: u64 = 3;

/// Bring a plan file into a project; what is there is updated by key, no status is lost
#[derive(Args)]
#[command(after_help = "\
Examples:
  autocoder plan import plan.yaml --project todo-app
  autocoder plan import plan.yaml --create --path ~/src/todo")]
pub(crate) struct Import {
    /// The plan file (YAML or JSON), or - for standard input
    file: PathBuf,
    /// The project; left out: the one of the current folder, or the one the file names
    #[arg(long, value_name = "NAME")]
    project: Option<String>,
    /// Make the project when it is not there
    #[arg(long, requires = "path")]
    create: bool,
    /// The folder of the code, for --create
    #[arg(long, value_name = "DIR", requires = "create")]
    path: Option<PathBuf>,
}

impl Import {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        let progress = root.output.progress();
        progress.step(1, STEPS, &format!("reading {}", super::shown(&self.file)));
        let bytes = super::read(&self.file)?;
        progress.step(2, STEPS, &format!("checking {} kB", bytes.len() / 1000));
        let document = super::parse(&self.file, &bytes)?;
        drop(bytes);
        let installation = root.open().await?;
        let project = self.project(&installation, &document).await?;
        progress.step(STEPS, STEPS, &format!("importing {} into \"{}\"", super::size(&document), project.name));
        let report = self.import(&installation, &project, document).await?;
        drop(progress);
        let next = format!("next: {} run --project {}", root.config.command(), project.name);
        let view = json!({ "project_name": project.name, "report": report });
        root.output.done(&view, &format!("{}\n{next}", sentence(&project.name, &report)))
    }

    async fn import(
        &self,
        installation: &Installation,
        project: &ProjectView,
        document: PlanDocument,
    ) -> Result<ImportReport, Failure> {
        let file = super::shown(&self.file);
        workflow::import_plan(&installation.context(), project.id, document).await.map_err(|refused| match refused {
            Refused::Plan(problems) => Failure::Plan { file, problems },
            refused => refused.into(),
        })
    }

    /// The project of --project, of the current folder, or of the file.
    async fn project(&self, installation: &Installation, document: &PlanDocument) -> Result<ProjectView, Failure> {
        let here = match &self.project {
            None if self.path.is_none() => project_here(installation.queries().projects().await?),
            _ => None,
        };
        if let Some(here) = here {
            return Ok(here);
        }
        let Some(name) = self.project.as_ref().or(document.project.name.as_ref()) else {
            let message = format!("which project? neither --project nor {} names one", super::shown(&self.file));
            return Err(Failure::wrong(message, "repeat with --project NAME"));
        };
        match installation.queries().project(name).await? {
            Some(project) => Ok(project),
            None => self.create(installation, name, document).await,
        }
    }

    async fn create(
        &self,
        installation: &Installation,
        name: &str,
        document: &PlanDocument,
    ) -> Result<ProjectView, Failure> {
        let Some(path) = &self.path else {
            let message = format!("there is no project `{name}`");
            let hint = format!("make it first with `autocoder init PATH --name {name}`, or add --create --path DIR");
            return Err(Failure::Missing { message, hint });
        };
        let plan = document.project.clone();
        let new = NewProject {
            name: name.to_owned(),
            title: plan.title.unwrap_or_default(),
            path: init::folder(path)?,
            description: plan.description,
            spec: plan.spec,
            settings: ProjectSettings::default(),
        };
        init::create(installation, new).await
    }
}

fn sentence(project: &str, report: &ImportReport) -> String {
    let ImportReport { phases, features, tasks } = report;
    let mut lines = format!("plan imported into \"{project}\":");
    for (noun, counts) in [("phases", phases), ("features", features), ("tasks", tasks)] {
        let (added, updated, unchanged) = (counts.added, counts.updated, counts.unchanged);
        lines.push_str(&format!("\n  {noun:<9} {added} added, {updated} updated, {unchanged} unchanged"));
    }
    lines
}
