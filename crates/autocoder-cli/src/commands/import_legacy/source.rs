//! Where the legacy tool left its list, its app spec and its prompts.

use std::io;
use std::path::{Path, PathBuf};

use crate::exit::Failure;
use crate::input;

/// The places inside a project, newest first.
const HOMES: [&str; 3] = [".autoforge", ".autocoder", ""];
const LIST: &str = "features.db";
const SPECS: [&str; 2] = ["prompts/app_spec.txt", "prompts/app_spec.xml"];
/// Its prompts, and the role that does that work now.
const PROMPTS: [(&str, &str); 3] = [
    ("prompts/initializer_prompt.md", "planner"),
    ("prompts/coding_prompt.md", "coder"),
    ("prompts/testing_prompt.md", "tester"),
];

/// An old project.
pub(super) struct Source {
    /// The folder of the code.
    pub(super) folder: PathBuf,
    pub(super) list: PathBuf,
    pub(super) spec: Option<PathBuf>,
    /// Prompts of its own, each with the role that it would be for.
    pub(super) prompts: Vec<(PathBuf, &'static str)>,
}

impl Source {
    pub(super) fn find(path: &Path) -> Result<Self, Failure> {
        let whole = path.canonicalize().map_err(|error| Failure::file("read", path, error))?;
        let (folder, list) = if whole.is_dir() { (whole.clone(), only_list(&whole)?) } else { around(&whole) };
        let found = |name: &str| HOMES.iter().map(|home| folder.join(home).join(name)).find(|file| file.is_file());
        let spec = SPECS.iter().find_map(|name| found(name));
        let prompts = PROMPTS.iter().filter_map(|(name, role)| Some((found(name)?, *role))).collect();
        Ok(Self { folder, list, spec, prompts })
    }

    /// The text of the app spec; none when there is none, or an empty one.
    pub(super) fn spec(&self) -> Result<Option<String>, Failure> {
        let text = self.spec.as_deref().map(input::read_text).transpose()?;
        Ok(text.filter(|text| !text.trim().is_empty()))
    }
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
