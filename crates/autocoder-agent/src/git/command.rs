//! One call of git, hardened: its environment starts from nothing, and whatever the repository could make it run is off.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::io::AsyncReadExt;
use tokio::process::Command;
use tokio::time::timeout;

use super::GitError;
use crate::supervisor::Group;

/// A checkout of a very large repository must fit.
const TIME_LIMIT: Duration = Duration::from_secs(600);
const MESSAGE_BYTES: usize = 2_000;

const ENVIRONMENT: [(&str, &str); 15] = [
    ("GIT_CONFIG_NOSYSTEM", "1"),
    ("GIT_CONFIG_GLOBAL", "/dev/null"),
    ("GIT_ATTR_NOSYSTEM", "1"),
    ("GIT_TERMINAL_PROMPT", "0"),
    // Looking at the person's checkout must not write its index.
    ("GIT_OPTIONAL_LOCKS", "0"),
    ("GIT_NO_LAZY_FETCH", "1"),
    ("GIT_NO_REPLACE_OBJECTS", "1"),
    ("GIT_PAGER", "cat"),
    ("GIT_EDITOR", "true"),
    ("GIT_AUTHOR_NAME", "autocoder"),
    ("GIT_AUTHOR_EMAIL", "autocoder@localhost"),
    ("GIT_COMMITTER_NAME", "autocoder"),
    ("GIT_COMMITTER_EMAIL", "autocoder@localhost"),
    ("LC_ALL", "C"),
    ("TZ", "UTC"),
];

const CONFIGURATION: [(&str, &str); 16] = [
    ("core.hooksPath", "/dev/null"),
    ("core.fsmonitor", "false"),
    ("core.sshCommand", "false"),
    ("core.quotePath", "false"),
    ("protocol.allow", "never"),
    ("protocol.ext.allow", "never"),
    ("credential.helper", ""),
    ("commit.gpgSign", "false"),
    ("gc.auto", "0"),
    ("rerere.enabled", "false"),
    ("merge.autoStash", "false"),
    ("maintenance.auto", "false"),
    ("submodule.recurse", "false"),
    ("diff.ignoreSubmodules", "dirty"),
    ("worktree.guessRemote", "false"),
    // Files are made by several processes: many times faster where a disk answers late.
    ("checkout.workers", "4"),
];

/// What git itself does with a file of text, in place of a driver that the repository names.
const MERGE_DRIVER: &str = "git merge-file -q --marker-size=%L %A %O %B || exit 1";

/// Where to run git.
pub(super) struct GitCommand {
    workdir: PathBuf,
    search: String,
    /// Named outright, so that a `.git` file that an agent rewrote leads nowhere.
    inside: Vec<(&'static str, PathBuf)>,
}

struct Answer {
    code: Option<i32>,
    stdout: Vec<u8>,
    stderr: Vec<u8>,
}

impl GitCommand {
    pub(super) fn new(workdir: &Path, search: &str) -> Self {
        Self { workdir: workdir.to_owned(), search: search.to_owned(), inside: Vec::new() }
    }

    pub(super) fn inside(self, git_dir: &Path, common_dir: &Path, work_tree: &Path) -> Self {
        let named = [("GIT_DIR", git_dir), ("GIT_COMMON_DIR", common_dir), ("GIT_WORK_TREE", work_tree)];
        Self { inside: named.map(|(name, path)| (name, path.to_owned())).into(), ..self }
    }

    /// Runs a command that reads no file of a work tree, so that no filter can apply.
    pub(super) async fn run(&self, args: &[&str]) -> Result<String, GitError> {
        self.checked(args, &[]).await
    }

    /// The first `most` bytes of what such a command prints, and whether there are more; then it is stopped.
    pub(super) async fn beginning(&self, args: &[&str], most: usize) -> Result<(Vec<u8>, bool), GitError> {
        let mut child = self.command(args, &[]).stderr(Stdio::null()).spawn().map_err(GitError::NotInstalled)?;
        let _group = Group::of(&child);
        let name = || (*args.first().unwrap_or(&"")).to_owned();
        let mut bytes = Vec::new();
        let reading = async {
            let stdout = child.stdout.take().expect("its output is a pipe");
            stdout.take(most as u64 + 1).read_to_end(&mut bytes).await?;
            if bytes.len() > most { Ok(None) } else { child.wait().await.map(Some) }
        };
        let ended = timeout(TIME_LIMIT, reading).await;
        let ended = ended.map_err(|_| GitError::TimedOut { command: name(), seconds: TIME_LIMIT.as_secs() })?;
        let ended = ended.map_err(|error| GitError::Io { path: self.workdir.clone(), error })?;
        if ended.is_some_and(|status| !status.success()) {
            return Err(GitError::Failed { command: name(), message: String::new() });
        }
        bytes.truncate(most);
        Ok((bytes, ended.is_none()))
    }

    /// Runs a command that reads or writes files, with every configured filter and merge driver blanked.
    pub(super) async fn run_without_filters(&self, args: &[&str]) -> Result<String, GitError> {
        let blanks = self.blanks().await?;
        self.checked(args, &blanks).await
    }

    /// The same for a command that answers by its exit code too: what it prints, and whether that was 0 and not 1.
    pub(super) async fn answer_without_filters(&self, args: &[&str]) -> Result<(String, bool), GitError> {
        let blanks = self.blanks().await?;
        let answer = self.answer(args, &blanks).await?;
        match answer.code {
            Some(code @ (0 | 1)) => Ok((String::from_utf8_lossy(&answer.stdout).into_owned(), code == 0)),
            _ => Err(failed(args.first().unwrap_or(&""), &answer)),
        }
    }

    /// Settings that switch off what the repository's own configuration, local and of the worktree, would run.
    async fn blanks(&self) -> Result<Vec<(String, String)>, GitError> {
        let pattern = r"^(filter|hook|merge)\..*\.|^branch\..*\.mergeoptions$";
        let listing = ["config", "--includes", "-z", "--name-only", "--get-regexp", pattern];
        let listed = self.answer(&listing, &[]).await?;
        // 1 is git's way to say that there are none.
        if !matches!(listed.code, Some(0 | 1)) {
            return Err(failed("config", &listed));
        }
        let names = String::from_utf8_lossy(&listed.stdout).into_owned();
        let drivers: BTreeSet<&str> = names.split('\0').filter_map(|name| Some(name.rsplit_once('.')?.0)).collect();
        let blank = |driver: &str| {
            off(driver).iter().map(|(key, value)| (format!("{driver}.{key}"), (*value).to_owned())).collect::<Vec<_>>()
        };
        Ok(drivers.into_iter().flat_map(blank).collect())
    }

    async fn checked(&self, args: &[&str], blanks: &[(String, String)]) -> Result<String, GitError> {
        let answer = self.answer(args, blanks).await?;
        if answer.code == Some(0) {
            return Ok(String::from_utf8_lossy(&answer.stdout).into_owned());
        }
        Err(failed(args.first().unwrap_or(&""), &answer))
    }

    async fn answer(&self, args: &[&str], blanks: &[(String, String)]) -> Result<Answer, GitError> {
        let child = self.command(args, blanks).spawn().map_err(GitError::NotInstalled)?;
        let _group = Group::of(&child);
        let timed_out =
            || GitError::TimedOut { command: (*args.first().unwrap_or(&"")).to_owned(), seconds: TIME_LIMIT.as_secs() };
        let output = timeout(TIME_LIMIT, child.wait_with_output()).await.map_err(|_| timed_out())?;
        let output = output.map_err(|error| GitError::Io { path: self.workdir.clone(), error })?;
        Ok(Answer { code: output.status.code(), stdout: output.stdout, stderr: output.stderr })
    }

    fn command(&self, args: &[&str], blanks: &[(String, String)]) -> Command {
        let fixed = CONFIGURATION.iter().map(|&(key, value)| (key, value));
        let settings: Vec<_> = fixed.chain(blanks.iter().map(|(key, value)| (key.as_str(), value.as_str()))).collect();
        let mut command = Command::new("git");
        command
            .args(args)
            .env_clear()
            .env("PATH", &self.search)
            .envs(ENVIRONMENT)
            .env("GIT_CONFIG_COUNT", settings.len().to_string())
            .current_dir(&self.workdir)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .kill_on_drop(true);
        for (number, (key, value)) in settings.iter().enumerate() {
            command.env(format!("GIT_CONFIG_KEY_{number}"), key).env(format!("GIT_CONFIG_VALUE_{number}"), value);
        }
        command.envs(self.inside.iter().map(|(name, path)| (name, path)));
        command
    }
}

/// What switches off what the repository would run by the name `driver`.
fn off(driver: &str) -> &'static [(&'static str, &'static str)] {
    match driver.split('.').next() {
        Some("hook") => &[("enabled", "false"), ("command", "true")],
        Some("merge") => &[("driver", MERGE_DRIVER)],
        Some("branch") => &[("mergeOptions", "--commit")],
        _ => &[("smudge", ""), ("clean", ""), ("process", ""), ("required", "false")],
    }
}

fn failed(command: &str, answer: &Answer) -> GitError {
    let said = String::from_utf8_lossy(&answer.stderr);
    let said = said.trim();
    GitError::Failed {
        command: command.to_owned(),
        message: said[..said.floor_char_boundary(MESSAGE_BYTES)].to_owned(),
    }
}
