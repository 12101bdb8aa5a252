//! What a sandbox lets through, for whoever works on a project.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use autocoder_core::project::Project;

use super::Home;

/// What one sandbox lets through; everything else of the machine can be read and not be written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Confines {
    /// May be written.
    pub writable: Vec<PathBuf>,
    /// May be read, although it lies where all is hidden.
    pub readable: Vec<PathBuf>,
    /// May be read only, although it lies in something that may be written.
    pub guarded: Vec<PathBuf>,
    /// Is not there, apart from what of it may be read or written.
    pub hidden: Vec<PathBuf>,
    /// The home of the person, of which secrets are left out.
    pub home: Option<Home>,
    /// Keeps what agents of the project cache below the home.
    pub cache_dir: Option<PathBuf>,
}

/// Where work on a project is done.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Room<'a> {
    /// The project.
    pub(crate) project: &'a Project,
    /// Where worktrees and the database are; hidden.
    pub(crate) data_dir: &'a Path,
    /// Says where the home is.
    pub(crate) environment: &'a BTreeMap<String, String>,
    /// The folder to work in.
    pub(crate) top: &'a Path,
    /// What its repository shares between worktrees.
    pub(crate) git_dir: Option<&'a Path>,
}

/// The project's folder for caches cannot be made.
#[derive(Debug, thiserror::Error)]
#[error("cannot make `{path}`: {error}")]
pub(crate) struct RoomError {
    path: PathBuf,
    error: std::io::Error,
}

impl Room<'_> {
    /// What may be reached from there; `own` is what a program keeps for itself below the home. Nothing of it is read from
    /// where an agent can write.
    pub(crate) fn confines(self, own: &[&str]) -> Result<Confines, RoomError> {
        let home = self.environment.get("HOME").map(PathBuf::from).filter(|home| home.parent().is_some());
        let home = home.map(|home| Home::read(&home, own));
        let cache_dir = self.data_dir.join("caches").join(&self.project.name);
        for (_, name) in home.iter().flat_map(Home::caches) {
            let path = cache_dir.join(name);
            std::fs::create_dir_all(&path).map_err(|error| RoomError { path, error })?;
        }
        let git_dir = self.git_dir.into_iter();
        Ok(Confines {
            writable: git_dir.clone().chain([self.top]).map(Path::to_owned).collect(),
            readable: vec![PathBuf::from(&self.project.path)],
            // What a person's own git would run.
            guarded: git_dir.flat_map(|dir| ["config", "hooks"].map(|name| dir.join(name))).collect(),
            hidden: vec![self.data_dir.to_owned()],
            home,
            cache_dir: Some(cache_dir),
        })
    }
}
