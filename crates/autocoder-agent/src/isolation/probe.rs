//! Whether a sandbox works on this machine: it is tried, because a program that is installed may still be forbidden.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;

use super::Tools;
use super::bubblewrap::{IGNORE, RESTORE};
use crate::detect::find_program;
use crate::supervisor::Group;

const TIME: Duration = Duration::from_secs(5);

/// What this machine has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Probe {
    /// A sandbox was made and left again.
    Works(Tools),
    /// There is none, and why.
    Missing(String),
}

/// Makes a sandbox and leaves it again; of `environment` only `PATH` is used.
pub async fn probe(environment: &BTreeMap<String, String>) -> Probe {
    let search = environment.get("PATH").map_or("", String::as_str);
    let found = |name: &str| find_program(Path::new(name), search, Path::new("/"));
    let Some(bwrap) = found("bwrap") else {
        return Probe::Missing("bubblewrap is not installed".to_owned());
    };
    let Some(env) = found("env") else {
        return Probe::Missing("there is no program `env`".to_owned());
    };
    let tools = Tools { bwrap, env };
    match tried(&tools, search).await {
        Ok(()) => Probe::Works(tools),
        Err(reason) => Probe::Missing(format!("bubblewrap does not work: {reason}")),
    }
}

async fn tried(tools: &Tools, search: &str) -> Result<(), String> {
    let child = Command::new(&tools.env)
        .args(IGNORE)
        .arg(&tools.bwrap)
        .args(["--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--tmpfs", "/tmp"])
        .args(["--unshare-pid", "--unshare-ipc", "--cap-drop", "ALL", "--die-with-parent", "--"])
        .arg(&tools.env)
        .args(RESTORE)
        .arg("true")
        .env_clear()
        .env("PATH", search)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .process_group(0)
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| error.to_string())?;
    let _group = Group::of(&child);
    match tokio::time::timeout(TIME, child.wait_with_output()).await {
        Err(_) => Err(format!("it took longer than {} s", TIME.as_secs())),
        Ok(Err(error)) => Err(error.to_string()),
        Ok(Ok(output)) if output.status.success() => Ok(()),
        Ok(Ok(output)) => {
            let words = String::from_utf8_lossy(&output.stderr);
            Err(words.lines().next().unwrap_or("it failed without a word").trim().to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[tokio::test]
    async fn a_program_that_fails_is_no_sandbox() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("bwrap");
        std::fs::write(&path, "#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n").unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
        let search = format!("{}:/usr/bin:/bin", dir.path().display());
        for (search, reason) in [
            (search.as_str(), "bubblewrap does not work: bwrap: No permissions to create new namespace"),
            ("/nowhere", "bubblewrap is not installed"),
        ] {
            let environment = BTreeMap::from([("PATH".to_owned(), search.to_owned())]);
            assert_eq!(probe(&environment).await, Probe::Missing(reason.to_owned()));
        }
    }
}
