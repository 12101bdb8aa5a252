//! Which agents' programs this machine has, for `autocoder doctor`.

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use futures_util::future::join_all;
use tokio::process::Command;

use crate::runner::{RunnerKind, allowed_environment, default_program};
use crate::supervisor::Group;

const VERSION_TIME: Duration = Duration::from_secs(15);

/// A runner's program as found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Detected {
    /// The runner.
    pub kind: RunnerKind,
    /// The program it starts, as configured.
    pub program: PathBuf,
    /// Where that is; `None` when there is no such program.
    pub path: Option<PathBuf>,
    /// The first line of what it answers to `--version`, when it answers in time.
    pub version: Option<String>,
}

/// Looks for the programs of the runners that need one, and for those that are configured. `configured` overrides their
/// names, `environment` is what the programs would be started with.
pub async fn detect_runners(
    configured: &BTreeMap<RunnerKind, PathBuf>,
    environment: &BTreeMap<String, String>,
) -> Vec<Detected> {
    let programs = RunnerKind::ALL.iter().filter_map(|kind| {
        let program = configured.get(kind).cloned().or_else(|| default_program(*kind).map(PathBuf::from))?;
        Some((*kind, program))
    });
    let detected = programs.map(|(kind, program)| async move {
        let (path, version) = found(&program, environment).await;
        Detected { kind, program, path, version }
    });
    join_all(detected).await
}

/// Looks for a program that is no runner: where it is, and its version.
pub async fn found(program: &Path, environment: &BTreeMap<String, String>) -> (Option<PathBuf>, Option<String>) {
    let search = environment.get("PATH").map_or("", String::as_str);
    let path = find_program(program, search, Path::new("."));
    let version = match &path {
        Some(path) => version_of(path, environment).await,
        None => None,
    };
    (path, version)
}

/// How the program of a runner is got; none for those that bring none of their own.
#[must_use]
pub const fn how_to_get(kind: RunnerKind) -> Option<&'static str> {
    match kind {
        RunnerKind::ClaudeCode => Some("npm install -g @anthropic-ai/claude-code, then run `claude` once to log in"),
        RunnerKind::Codex => Some("npm install -g @openai/codex, then `codex login`"),
        RunnerKind::Gemini => Some("npm install -g @google/gemini-cli, then run `gemini` once to log in"),
        RunnerKind::Opencode => Some("npm install -g opencode-ai, then `opencode auth login`"),
        RunnerKind::Command | RunnerKind::Rehearsal | RunnerKind::External => None,
    }
}

/// Where `program` is: a bare name is looked up on `search` (the value of `PATH`), a path is taken from `workdir`.
#[must_use]
pub fn find_program(program: &Path, search: &str, workdir: &Path) -> Option<PathBuf> {
    if program.components().count() > 1 || program.is_absolute() {
        return Some(workdir.join(program)).filter(|path| is_executable(path));
    }
    std::env::split_paths(search)
        .filter(|dir| dir.is_absolute())
        .map(|dir| dir.join(program))
        .find(|path| is_executable(path))
}

fn is_executable(path: &Path) -> bool {
    path.metadata().is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}

async fn version_of(program: &Path, environment: &BTreeMap<String, String>) -> Option<String> {
    let child = Command::new(program)
        .arg("--version")
        .env_clear()
        .envs(allowed_environment(environment, []))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .process_group(0)
        .kill_on_drop(true)
        .spawn()
        .ok()?;
    let _group = Group::of(&child);
    let output = tokio::time::timeout(VERSION_TIME, child.wait_with_output()).await.ok()?.ok()?;
    let text = String::from_utf8_lossy(&output.stdout);
    text.lines().next().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty() && output.status.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn a_program(dir: &Path, name: &str, body: &str, mode: u32) -> PathBuf {
        let path = dir.join(name);
        std::fs::write(&path, format!("#!/bin/sh\n{body}\n")).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        path
    }

    #[test]
    fn a_program_is_found_like_a_shell_finds_it() {
        let (first, second) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        a_program(first.path(), "agent", "", 0o644);
        let agent = a_program(second.path(), "agent", "", 0o755);
        let search = std::env::join_paths([first.path(), second.path()]).unwrap().into_string().unwrap();
        for (program, workdir, found) in [
            ("agent", "/", Some(&agent)),
            ("other", "/", None),
            ("./agent", second.path().to_str().unwrap(), Some(&second.path().join("./agent"))),
            ("./agent", first.path().to_str().unwrap(), None),
            (agent.to_str().unwrap(), "/", Some(&agent)),
        ] {
            assert_eq!(find_program(Path::new(program), &search, Path::new(workdir)).as_ref(), found, "{program}");
        }
    }

    #[tokio::test]
    async fn a_program_is_asked_for_its_version() {
        let dir = tempfile::tempdir().unwrap();
        let good = a_program(dir.path(), "good", "echo '2.1.330 (Claude Code)'; echo more", 0o755);
        let failing = a_program(dir.path(), "failing", "echo no; exit 1", 0o755);
        for (program, version) in [(&good, Some("2.1.330 (Claude Code)".to_owned())), (&failing, None)] {
            let configured = BTreeMap::from([(RunnerKind::ClaudeCode, program.clone())]);
            let detected = detect_runners(&configured, &BTreeMap::new()).await;
            assert_eq!(detected[0].path.as_ref(), Some(program));
            assert_eq!(detected[0].version, version);
        }
        let nothing = detect_runners(&BTreeMap::new(), &BTreeMap::new()).await;
        assert!(nothing.iter().all(|found| found.path.is_none() && found.version.is_none()), "{nothing:?}");
        let kinds: Vec<&str> = nothing.iter().map(|found| found.kind.as_str()).collect();
        assert_eq!(kinds, ["claude-code", "codex", "gemini", "opencode"]);
        assert!(nothing.iter().all(|found| how_to_get(found.kind).is_some()));
    }
}
