//! One PostgreSQL cluster for a whole run, held by a child process.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::process::Outcome;

/// What testkit reads to find the cluster.
pub(crate) const SOCKET_DIR_VARIABLE: &str = "AUTOCODER_TEST_POSTGRES";

/// Stopped and removed when dropped, and also when this process is killed.
pub(crate) struct Cluster {
    pub(crate) socket_dir: String,
    holder: Child,
}

impl Cluster {
    /// Starts `program`, the built example `private_postgres`.
    pub(crate) fn start(program: &Path, durability: &str) -> Outcome<Self> {
        let mut command = Command::new(program);
        let command = command.arg(durability).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut holder = command.spawn().map_err(|error| format!("cannot run `{}`: {error}", program.display()))?;
        let mut socket_dir = String::new();
        if let Some(stdout) = holder.stdout.take() {
            BufReader::new(stdout).read_line(&mut socket_dir).map_err(|error| error.to_string())?;
        }
        let cluster = Self { socket_dir: socket_dir.trim().to_owned(), holder };
        if cluster.socket_dir.is_empty() { Err("PostgreSQL did not start".into()) } else { Ok(cluster) }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.holder.stdin.take());
        // Nobody is left to hear of a failure.
        let _ = self.holder.wait();
    }
}
