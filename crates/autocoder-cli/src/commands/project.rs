//! `autocoder project`: the projects of this installation.

mod add;
mod delete;
mod edit;
mod list;
mod show;
mod state;

use autocoder_core::view::ProjectView;
use clap::{Args, Subcommand};

use crate::arguments::InProject;
use crate::exit::Failure;
use crate::installation::Installation;
use crate::root::Root;

/// List, make and steer projects
#[derive(Subcommand)]
pub(crate) enum Project {
    List(list::List),
    Add(add::Add),
    Show(show::Show),
    Edit(edit::Edit),
    /// Let agents work: go on after a pause, and start the first open phase
    Start(ByName),
    /// Hand out no new task; what agents hold they may finish
    Pause(ByName),
    /// Go on after a pause, or take a project out of the archive
    Resume(ByName),
    /// Put a project away
    Archive(ByName),
    Delete(delete::Delete),
}

/// A project by its name.
#[derive(Args)]
pub(crate) struct ByName {
    /// The project; left out: the one of the current folder, or the only one
    #[arg(value_name = "NAME")]
    name: Option<String>,
    /// The same as NAME
    #[arg(long, value_name = "NAME", conflicts_with = "name", hide = true)]
    project: Option<String>,
}

impl ByName {
    async fn find(self, installation: &Installation) -> Result<ProjectView, Failure> {
        installation.project(&InProject { project: self.name.or(self.project) }).await
    }
}

impl Project {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        match self {
            Self::List(verb) => verb.run(root).await,
            Self::Add(verb) => verb.run(root).await,
            Self::Show(verb) => verb.run(root).await,
            Self::Edit(verb) => verb.run(root).await,
            Self::Start(name) => state::start(name, root).await,
            Self::Pause(name) => state::pause(name, root).await,
            Self::Resume(name) => state::resume(name, root).await,
            Self::Archive(name) => state::archive(name, root).await,
            Self::Delete(verb) => verb.run(root).await,
        }
    }
}
