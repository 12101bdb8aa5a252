//! `autocoder init`: makes a project of a folder.

use std::path::{Path, PathBuf};

use autocoder_core::agent::Isolation;
use autocoder_core::project::{NewProject, ProjectSettings};
use autocoder_core::view::ProjectView;
use autocoder_core::workflow;
use clap::Args;

use crate::exit::Failure;
use crate::input;
use crate::installation::Installation;
use crate::root::Root;

/// Make a project of a folder
#[derive(Args)]
#[command(after_help = "\
Examples:
  autocoder init .
  autocoder init ~/src/todo --name todo-app --verify 'npm test'")]
pub(crate) struct Init {
    /// The folder of the code
    #[arg(value_name = "PATH", default_value = ".")]
    path: PathBuf,
    /// The unique name: a-z, 0-9 and `-`; left out: the folder's name
    #[arg(long)]
    name: Option<String>,
    #[command(flatten)]
    described: Described,
}

/// What people read about a project, and how its agents work.
#[derive(Args, Default)]
pub(crate) struct Described {
    /// What people read instead of the name
    #[arg(long)]
    pub(crate) title: Option<String>,
    /// What it is
    #[arg(long, value_name = "TEXT")]
    pub(crate) description: Option<String>,
    /// What it should become: a Markdown file, or - for standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) spec_file: Option<PathBuf>,
    /// A shell command that must exit 0 before a task passes; repeat it for more
    #[arg(long, value_name = "CMD")]
    pub(crate) verify: Vec<String>,
    /// How long these commands may take together
    #[arg(long, value_name = "SECONDS")]
    pub(crate) verify_timeout: Option<u32>,
    /// Failures after which a task is blocked
    #[arg(long, value_name = "N")]
    pub(crate) max_failures: Option<u32>,
    /// How many agents may work on one feature at a time
    #[arg(long, value_name = "N")]
    pub(crate) writers_per_feature: Option<u32>,
    /// The share of the project's tokens that testers may take, in per cent; 0: no regression tests
    #[arg(long, value_name = "N")]
    pub(crate) regression_percent: Option<u8>,
    /// How many agents may work on the project at the same time
    #[arg(long, value_name = "N")]
    pub(crate) max_agents: Option<u32>,
    /// How many seconds lie between the starts of two runs at least
    #[arg(long, value_name = "SECONDS")]
    pub(crate) stagger: Option<u32>,
    /// How far agents are kept from the machine: auto, bubblewrap or none
    #[arg(long, value_name = "KIND")]
    pub(crate) isolation: Option<Isolation>,
}

impl Described {
    /// The settings with what the flags change.
    pub(crate) fn settings(&self, before: ProjectSettings) -> ProjectSettings {
        ProjectSettings {
            verify: if self.verify.is_empty() { before.verify } else { self.verify.clone() },
            verify_timeout_s: self.verify_timeout.unwrap_or(before.verify_timeout_s),
            max_failures: self.max_failures.unwrap_or(before.max_failures),
            writers_per_feature: self.writers_per_feature.unwrap_or(before.writers_per_feature),
            regression_percent: self.regression_percent.unwrap_or(before.regression_percent),
            max_agents: self.max_agents.unwrap_or(before.max_agents),
            stagger_s: self.stagger.unwrap_or(before.stagger_s),
            isolation: self.isolation.unwrap_or(before.isolation),
        }
    }

    pub(crate) fn spec(&self) -> Result<Option<String>, Failure> {
        input::text_or_file(None, self.spec_file.as_deref())
    }
}

impl Init {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        let path = folder(&self.path)?;
        let new = NewProject {
            name: self.name.unwrap_or_else(|| name_of(Path::new(&path))),
            title: self.described.title.clone().unwrap_or_default(),
            path,
            description: self.described.description.clone().unwrap_or_default(),
            spec: self.described.spec()?,
            settings: self.described.settings(ProjectSettings::default()),
        };
        let view = create(&root.open().await?, new).await?;
        let ProjectView { name, path, .. } = &view;
        let next = format!("next: {} plan import FILE --project {name}", root.config.command());
        root.output.done(&view, &format!("project \"{name}\" made for {path}\n{next}"))
    }
}

/// Makes a project and shows it.
pub(crate) async fn create(installation: &Installation, new: NewProject) -> Result<ProjectView, Failure> {
    let made = workflow::create_project(&installation.context(), new).await?;
    installation.project_named(&made.name).await
}

/// The whole path of a folder that exists.
///
/// # Errors
/// A path that is not there, is no folder, or is not UTF-8.
pub(crate) fn folder(path: &Path) -> Result<String, Failure> {
    let whole = path.canonicalize().map_err(|error| Failure::file("use the folder", path, error))?;
    if !whole.is_dir() {
        let message = format!("`{}` is not a folder", whole.display());
        return Err(Failure::wrong(message, "name the folder that holds the code"));
    }
    let text = whole.to_str().map(ToOwned::to_owned);
    text.ok_or_else(|| Failure::wrong(format!("the path `{}` is not UTF-8", whole.display()), "rename the folder"))
}

/// A project name made of the folder's: lower case, with `-` for everything else.
fn name_of(folder: &Path) -> String {
    let name = folder.file_name().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default();
    let words = name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-").chars().take(63).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_gives_a_project_its_name() {
        for (folder, name) in [("/a/Todo App", "todo-app"), ("/x/_my.app_", "my-app"), ("/", ""), ("/ä", "")] {
            assert_eq!(name_of(Path::new(folder)), name);
        }
    }
}
