//! The token of this installation: a file that only its owner can read, shown by the CLI and by `autocoder open`.

use std::fs::{self, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use autocoder_api::security::secret::{Bearer, NoRandomness, Secret};

/// A token is shorter than this.
const MOST_BYTES: u64 = 200;

/// Why there is no token to use.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TokenFileError {
    /// Others could have read it.
    #[error("`{path}` can be read by others (mode {mode:03o}), so its token is refused")]
    Open { path: String, mode: u32 },
    /// It leads elsewhere.
    #[error("`{0}` is not a regular file, so its token is refused")]
    NotAFile(String),
    /// It belongs to somebody else.
    #[error("`{0}` belongs to another user, so its token is refused")]
    Foreign(String),
    /// It holds something else.
    #[error("`{0}` does not hold the token of this installation")]
    Broken(String),
    /// It cannot be used.
    #[error("cannot {action} `{path}`: {source}")]
    File { action: &'static str, path: String, source: io::Error },
    /// No token can be made.
    #[error(transparent)]
    Random(#[from] NoRandomness),
}

impl TokenFileError {
    pub(crate) const fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Open { .. } | Self::NotAFile(_) | Self::Foreign(_) | Self::Broken(_) => {
                Some("delete it; the next `autocoder serve` makes a new one, and logins made with the old one end")
            }
            Self::File { .. } | Self::Random(_) => None,
        }
    }
}

pub(crate) fn path(data_dir: &Path) -> PathBuf {
    data_dir.join("token")
}

/// The token of this installation; none was made yet.
///
/// # Errors
/// A file that others can read or that holds no token.
pub(crate) fn read(data_dir: &Path) -> Result<Option<Secret>, TokenFileError> {
    let path = path(data_dir);
    let shown = || path.display().to_string();
    let failed = |source| TokenFileError::File { action: "read", path: shown(), source };
    match fs::symlink_metadata(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(error)),
        Ok(found) if !found.is_file() => return Err(TokenFileError::NotAFile(shown())),
        Ok(_) => {}
    }
    let file = OpenOptions::new().read(true).custom_flags(nix::fcntl::OFlag::O_NOFOLLOW.bits()).open(&path);
    let file = file.map_err(failed)?;
    // What is open is judged, not what has the name by now.
    let found = file.metadata().map_err(failed)?;
    let me = nix::unistd::geteuid();
    if !me.is_root() && found.uid() != me.as_raw() {
        return Err(TokenFileError::Foreign(shown()));
    }
    if found.mode() & 0o077 != 0 {
        return Err(TokenFileError::Open { path: shown(), mode: found.mode() & 0o777 });
    }
    let mut text = String::new();
    file.take(MOST_BYTES).read_to_string(&mut text).map_err(failed)?;
    match text.trim().parse() {
        Ok(Bearer::Local(secret)) => Ok(Some(secret)),
        _ => Err(TokenFileError::Broken(shown())),
    }
}

/// The token of this installation, made when there is none. Of several programs that make one, all get the same.
///
/// # Errors
/// Like [`read`], and a folder that cannot be written to.
pub(crate) fn read_or_create(data_dir: &Path) -> Result<Secret, TokenFileError> {
    if let Some(secret) = read(data_dir)? {
        return Ok(secret);
    }
    let path = path(data_dir);
    let failed = |source| TokenFileError::File { action: "write", path: path.display().to_string(), source };
    let secret = Secret::generate()?;
    create(&path, &Bearer::Local(secret).to_string()).map_err(failed)?;
    read(data_dir)?.ok_or_else(|| failed(io::ErrorKind::NotFound.into()))
}

/// A file of this text appears whole and for its owner only, or not at all when another program was faster.
fn create(path: &Path, text: &str) -> io::Result<()> {
    let folder = path.parent().expect("the token lies in the data directory");
    let mut draft = tempfile::NamedTempFile::new_in(folder)?;
    writeln!(draft, "{text}")?;
    draft.as_file().sync_all()?;
    match draft.persist_noclobber(path) {
        Err(failed) if failed.error.kind() != io::ErrorKind::AlreadyExists => Err(failed.error),
        _ => fs::File::open(folder)?.sync_all(),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    #[test]
    fn the_token_is_made_once_and_only_its_owner_reads_it() {
        let folder = tempfile::tempdir().unwrap();
        assert!(read(folder.path()).unwrap().is_none());
        let made = read_or_create(folder.path()).unwrap();
        assert_eq!(read_or_create(folder.path()).unwrap(), made);
        let file = path(folder.path());
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        assert!(fs::read_to_string(&file).unwrap().starts_with("ac_local_"));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn programs_that_make_it_at_once_get_the_same_one() {
        let folder = tempfile::tempdir().unwrap();
        let made: Vec<_> = std::thread::scope(|scope| {
            let makers: Vec<_> = (0..8).map(|_| scope.spawn(|| read_or_create(folder.path()))).collect();
            makers.into_iter().map(|maker| maker.join().unwrap().unwrap()).collect()
        });
        let kept = read(folder.path()).unwrap().unwrap();
        assert!(made.iter().all(|secret| *secret == kept));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_token_that_others_could_know_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        read_or_create(folder.path()).unwrap();
        let file = path(folder.path());
        for mode in [0o640, 0o604, 0o620, 0o777] {
            fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
            let refused = read_or_create(folder.path()).unwrap_err();
            assert!(matches!(refused, TokenFileError::Open { mode: found, .. } if found == mode), "{refused}");
            assert!(refused.hint().is_some_and(|hint| hint.starts_with("delete it")));
        }
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
        fs::rename(&file, folder.path().join("elsewhere")).unwrap();
        symlink(folder.path().join("elsewhere"), &file).unwrap();
        assert!(matches!(read(folder.path()), Err(TokenFileError::NotAFile(_))));
    }

    #[test]
    fn anything_but_a_token_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let zeros = "0".repeat(64);
        for text in [String::new(), "secret".to_owned(), format!("ac_admin_1_{zeros}"), format!("ac_local_{zeros} x")] {
            let _ = fs::remove_file(path(folder.path()));
            create(&path(folder.path()), &text).unwrap();
            assert!(matches!(read(folder.path()), Err(TokenFileError::Broken(_))), "{text:?}");
        }
    }
}
