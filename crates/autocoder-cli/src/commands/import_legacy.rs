//! `autocoder import-legacy`: moves the flat list of the legacy tool into a project.

mod prompts;
mod report;
mod source;

use std::path::{Path, PathBuf};

use autocoder_core::plan::legacy::{LegacyPlan, PHASE_KEY, legacy_plan};
use autocoder_core::project::{NewProject, ProjectPatch, ProjectSettings};
use autocoder_core::view::ProjectView;
use autocoder_core::workflow;
use autocoder_storage::read_legacy;
use clap::Args;

use crate::commands::init;
use crate::exit::Failure;
use crate::installation::Installation;
use crate::root::Root;
use prompts::Prompt;
use report::Moved;
use source::Source;

/// Move a legacy features.db into a project; the file is only read
#[derive(Args)]
#[command(after_help = "\
Examples:
  autocoder import-legacy ~/src/todo --project todo-app --dry-run
  autocoder import-legacy ~/src/todo/.autoforge/features.db --project todo-app --by-category")]
pub(crate) struct ImportLegacy {
    /// The folder of the old project, or its features.db
    path: PathBuf,
    /// The project; made when it is not there
    #[arg(long, value_name = "NAME")]
    project: String,
    /// One feature a category instead of "Core Features"
    #[arg(long)]
    by_category: bool,
    /// Show what would be imported, and change nothing
    #[arg(long)]
    dry_run: bool,
}

impl ImportLegacy {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        let source = Source::find(&self.path)?;
        let rows = read_legacy(&source.list).await?;
        if rows.is_empty() {
            let message = format!("`{}` has no tasks", source.list.display());
            return Err(Failure::wrong(message, "there is nothing to move; begin with `autocoder init`"));
        }
        let plan = legacy_plan(&rows, self.by_category);
        let mut moved = Moved::new(&self.project, &source, plan.counts, plan.notices.clone());
        if self.dry_run {
            moved.tell(source.prompts(&source.folder)?);
            return moved.preview(&root.output, &plan.document);
        }
        let installation = root.open().await?;
        self.bring(&installation, &source, plan, &mut moved).await?;
        moved.done(&root.output, &root.config.command())
    }

    async fn bring(
        &self,
        installation: &Installation,
        source: &Source,
        plan: LegacyPlan,
        moved: &mut Moved,
    ) -> Result<(), Failure> {
        let project = match installation.queries().project(&self.project).await? {
            Some(project) => project,
            None => self.create(installation, source).await?,
        };
        let phases = installation.queries().phases(project.id).await?;
        if phases.iter().any(|phase| phase.key == PHASE_KEY) {
            moved.was_there = true;
            return Ok(());
        }
        if !phases.is_empty() {
            let message = format!("project `{}` has a plan of its own", project.name);
            let hint = "move the list into a new project: repeat with another --project NAME".to_owned();
            return Err(Failure::Conflict { message, hint });
        }
        // The plan comes last: whatever ends the move before it, a repeated one goes on from there.
        self.take_spec(installation, &project, source, moved).await?;
        let prompts = source.prompts(Path::new(&project.path))?;
        prompts.iter().try_for_each(Prompt::write)?;
        moved.tell(prompts);
        let cx = installation.context();
        moved.report = Some(workflow::import_plan(&cx, project.id, plan.document).await?);
        Ok(())
    }

    async fn create(&self, installation: &Installation, source: &Source) -> Result<ProjectView, Failure> {
        let new = NewProject {
            name: self.project.clone(),
            title: String::new(),
            path: init::folder(&source.folder)?,
            description: String::new(),
            spec: source.spec()?,
            settings: ProjectSettings::default(),
        };
        init::create(installation, new).await
    }

    /// The app spec becomes the project's, unless it has one.
    async fn take_spec(
        &self,
        installation: &Installation,
        project: &ProjectView,
        source: &Source,
        moved: &mut Moved,
    ) -> Result<(), Failure> {
        let Some(spec) = source.spec()? else { return Ok(()) };
        match &project.spec {
            Some(own) if *own != spec => moved.notices.push("the app spec is left out: the project has one".to_owned()),
            Some(_) => {}
            None => {
                let patch = ProjectPatch { spec: Some(spec), ..ProjectPatch::default() };
                workflow::edit_project(&installation.context(), project.id, patch).await?;
            }
        }
        Ok(())
    }
}
