//! What a running server notes in the data directory, so that other commands find it.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::net::SocketAddr;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use autocoder_core::time::Timestamp;
use nix::errno::Errno;
use nix::sys::signal::kill;
use nix::unistd::Pid;
use serde::{Deserialize, Serialize};

/// A server of this data directory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RunningServer {
    /// What a browser opens: the public URL in hosted mode.
    pub(crate) url: String,
    /// Where it listens on this machine.
    pub(crate) address: SocketAddr,
    /// Whether it speaks TLS there.
    #[serde(default)]
    pub(crate) tls: bool,
    /// Its process.
    pub(crate) pid: i32,
    /// When it started.
    pub(crate) started_at: Timestamp,
}

/// Takes the note away when the server ends.
#[derive(Debug)]
pub(crate) struct Noted {
    path: PathBuf,
    pid: i32,
}

impl RunningServer {
    /// Writes the note, for the owner only, in place of that of a server that died.
    pub(crate) fn note(&self, data_dir: &Path) -> io::Result<Noted> {
        let path = path(data_dir);
        let draft = path.with_extension(format!("{}.new", self.pid));
        let _ = fs::remove_file(&draft);
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft)?;
        file.write_all(&serde_json::to_vec_pretty(self)?)?;
        file.sync_all()?;
        fs::rename(&draft, &path)?;
        Ok(Noted { path, pid: self.pid })
    }

    /// The note of a server whose process lives; anything else counts as none.
    pub(crate) fn find(data_dir: &Path) -> Option<Self> {
        let noted = read(&path(data_dir))?;
        let alive = noted.pid > 0 && matches!(kill(Pid::from_raw(noted.pid), None), Ok(()) | Err(Errno::EPERM));
        alive.then_some(noted)
    }
}

impl Drop for Noted {
    fn drop(&mut self) {
        // On PostgreSQL another server of this data directory may have written its own.
        if read(&self.path).is_some_and(|noted| noted.pid == self.pid) {
            let _ = fs::remove_file(&self.path);
        }
    }
}

fn path(data_dir: &Path) -> PathBuf {
    data_dir.join("server.json")
}

fn read(path: &Path) -> Option<RunningServer> {
    serde_json::from_slice(&fs::read(path).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn server(pid: i32) -> RunningServer {
        let address = SocketAddr::from(([127, 0, 0, 1], 7777));
        RunningServer { url: "http://localhost:7777".to_owned(), address, tls: false, pid, started_at: Timestamp(0) }
    }

    #[test]
    fn a_server_is_found_while_it_lives() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(RunningServer::find(folder.path()), None);
        let me = server(i32::try_from(std::process::id()).unwrap());
        let noted = me.note(folder.path()).unwrap();
        assert_eq!(RunningServer::find(folder.path()), Some(me));
        assert_eq!(path(folder.path()).metadata().unwrap().permissions().mode() & 0o777, 0o600);
        drop(noted);
        assert_eq!(RunningServer::find(folder.path()), None);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn the_note_of_a_dead_server_counts_as_none() {
        let folder = tempfile::tempdir().unwrap();
        for pid in [0, -1, i32::MAX] {
            let noted = server(pid).note(folder.path()).unwrap();
            assert_eq!(RunningServer::find(folder.path()), None, "{pid}");
            drop(noted);
        }
        fs::write(path(folder.path()), "{").unwrap();
        assert_eq!(RunningServer::find(folder.path()), None);
    }

    #[test]
    fn a_server_takes_only_its_own_note_away() {
        let folder = tempfile::tempdir().unwrap();
        let old = server(i32::MAX).note(folder.path()).unwrap();
        let me = server(i32::try_from(std::process::id()).unwrap());
        let _mine = me.note(folder.path()).unwrap();
        drop(old);
        assert_eq!(RunningServer::find(folder.path()), Some(me));
    }
}
