//! Where the legacy tool left its list, its app spec and its prompts.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use autocoder_core::agent::Role;

use super::prompts::Prompt;
use crate::exit::Failure;
use crate::input;

/// The places inside a project, newest first.
const HOMES: [&str; 3] = [".autoforge", ".autocoder", ""];
const LIST: &str = "features.db";
const SPECS: [&str; 2] = ["prompts/app_spec.txt", "prompts/app_spec.xml"];
const PROMPTS: &str = "prompts";
/// Its prompts, and the role that does that work now.
const ROLES: [(&str, Role); 3] =
    [("initializer_prompt.md", Role::Planner), ("coding_prompt.md", Role::Coder), ("testing_prompt.md", Role::Tester)];

/// An old project.
pub(super) struct Source {
    /// The folder of the code.
    pub(super) folder: PathBuf,
    pub(super) list: PathBuf,
    pub(super) spec: Option<PathBuf>,
    /// Prompts of its own, each with the role that does its work.
    prompts: Vec<(PathBuf, Option<Role>)>,
}

impl Source {
    pub(super) fn find(path: &Path) -> Result<Self, Failure> {
        let whole = path.canonicalize().map_err(|error| Failure::file("read", path, error))?;
        let (folder, list) = if whole.is_dir() { (whole.clone(), only_list(&whole)?) } else { around(&whole) };
        let found =
            |name: &&str| HOMES.iter().map(|home| folder.join(home).join(name)).find(|file| is_file_of(&folder, file));
        let spec = SPECS.iter().find_map(found);
        let prompts = prompts(&folder);
        Ok(Self { folder, list, spec, prompts })
    }

    /// What becomes of its prompts in a project whose code lies in `root`.
    pub(super) fn prompts(&self, root: &Path) -> Result<Vec<Prompt>, Failure> {
        self.prompts.iter().map(|(file, role)| Prompt::of(file, *role, root)).collect()
    }

    /// The text of the app spec; none when there is none, or an empty one.
    pub(super) fn spec(&self) -> Result<Option<String>, Failure> {
        let text = self.spec.as_deref().map(input::read_text).transpose()?;
        Ok(text.filter(|text| !text.trim().is_empty()))
    }
}

/// Each of its prompts once, from the newest home that has it.
fn prompts(folder: &Path) -> Vec<(PathBuf, Option<Role>)> {
    let mut found = BTreeMap::new();
    for home in HOMES {
        let entries = std::fs::read_dir(folder.join(home).join(PROMPTS)).into_iter().flatten().flatten();
        for file in entries.map(|entry| entry.path()).filter(|file| is_file_of(folder, file)) {
            let Some(name) = file.file_name().and_then(|name| name.to_str()).map(str::to_owned) else { continue };
            // Templates of today lie in one of these folders too.
            let is_todays = Role::ALL.iter().any(|role| name == format!("{role}.md"));
            if name.ends_with(".md") && !is_todays {
                let role = ROLES.iter().find(|(known, _)| *known == name).map(|(_, role)| *role);
                found.entry(name).or_insert((file, role));
            }
        }
    }
    found.into_values().collect()
}

/// Whether it is a file, and no link leads out of the folder on the way to it.
fn is_file_of(folder: &Path, file: &Path) -> bool {
    file.canonicalize().is_ok_and(|whole| whole.starts_with(folder) && whole.is_file())
}

fn only_list(folder: &Path) -> Result<PathBuf, Failure> {
    let mut lists = HOMES.iter().map(|home| folder.join(home).join(LIST)).filter(|file| file.exists());
    let list = lists.next().ok_or_else(|| Failure::file("find", &folder.join(LIST), io::ErrorKind::NotFound.into()))?;
    match lists.next() {
        None => Ok(list),
        Some(other) => {
            let message = format!("there are two lists: `{}` and `{}`", list.display(), other.display());
            Err(Failure::wrong(message, "name the one that counts"))
        }
    }
}

/// The folder of the code around a list that was named.
fn around(list: &Path) -> (PathBuf, PathBuf) {
    let parent = list.parent().unwrap_or(list);
    let is_home = HOMES.iter().any(|home| !home.is_empty() && parent.ends_with(home));
    let folder = if is_home { parent.parent().unwrap_or(parent) } else { parent };
    (folder.to_owned(), list.to_owned())
}
