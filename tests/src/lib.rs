//! Support for black-box tests: the built binary with a home and a data directory of its own, and an agent that asks it.

mod agent;
mod claims;
mod git;
mod plan;
mod python;
mod server;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

pub use agent::Agent;
pub use claims::Claims;
pub use git::git;
pub use plan::{SMALL_PLAN, phased_plan, plan_of};
pub use python::{python, script};
pub use server::{Answer, Server};

/// One installation; everything of it is gone when it is dropped.
pub struct Autocoder {
    dir: TempDir,
}

/// What a command gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// The exit code.
    pub code: i32,
    /// What it printed.
    pub stdout: String,
    /// What it complained about.
    pub stderr: String,
}

impl Default for Autocoder {
    fn default() -> Self {
        Self::new()
    }
}

impl Autocoder {
    /// An empty installation.
    #[must_use]
    pub fn new() -> Self {
        let dir = tempfile::tempdir().expect("the machine has room for a folder");
        std::fs::create_dir(dir.path().join("home")).expect("the folder is new");
        Self { dir }
    }

    /// An installation with the project `p` and the phases, features and tasks of [`SMALL_PLAN`].
    #[must_use]
    pub fn with_plan() -> Self {
        let autocoder = Self::new();
        autocoder.ok(&["init", &autocoder.folder("p").to_string_lossy(), "--name", "p"]);
        let plan = autocoder.file("plan.yaml", SMALL_PLAN);
        autocoder.ok(&["plan", "import", &plan.to_string_lossy(), "--project", "p"]);
        autocoder
    }

    /// Where it keeps its data.
    #[must_use]
    pub fn data_dir(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    /// A folder, made when missing.
    pub fn folder(&self, name: &str) -> PathBuf {
        let path = self.dir.path().join(name);
        std::fs::create_dir_all(&path).expect("the folder can be made");
        path
    }

    /// A file with this text.
    pub fn file(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.dir.path().join(name);
        std::fs::write(&path, text).expect("the file can be written");
        path
    }

    /// The command, ready to start.
    #[must_use]
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(binary());
        command.arg("--data-dir").arg(self.data_dir()).args(arguments).current_dir(self.dir.path());
        command.env_clear().env("HOME", self.dir.path().join("home")).env("USER", "tester");
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command
    }

    /// Runs a command to its end.
    #[must_use]
    pub fn run(&self, arguments: &[&str]) -> Output {
        finish(self.command(arguments).stdin(Stdio::null()), b"")
    }

    /// Runs a command in a folder.
    #[must_use]
    pub fn run_in(&self, folder: &Path, arguments: &[&str]) -> Output {
        finish(self.command(arguments).current_dir(folder).stdin(Stdio::null()), b"")
    }

    /// Runs a command that reads this from its standard input.
    #[must_use]
    pub fn run_with(&self, input: impl AsRef<[u8]>, arguments: &[&str]) -> Output {
        finish(self.command(arguments).stdin(Stdio::piped()), input.as_ref())
    }

    /// What a command prints that must succeed.
    pub fn ok(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert_eq!(output.code, 0, "{arguments:?}: {output:?}");
        output.stdout
    }

    /// What a command prints as JSON that must succeed.
    #[must_use]
    pub fn json(&self, arguments: &[&str]) -> Value {
        let text = self.ok(&[&["--json"], arguments].concat());
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{arguments:?}: {error}: {text}"))
    }

    /// Runs a command that must fail with `code` and say `message`, in words and as a JSON problem.
    pub fn bad(&self, code: i32, arguments: &[&str], message: &str) {
        let output = self.run(arguments);
        assert_eq!((output.code, output.stdout.as_str()), (code, ""), "{arguments:?}: {output:?}");
        // Progress may stand in front of it.
        let complains = output.stderr.lines().any(|line| line.starts_with("error: "));
        assert!(complains && output.stderr.contains(message), "{arguments:?}: {message:?}: {}", output.stderr);
        let output = self.run(&[&["--json"], arguments].concat());
        let problem: Value = serde_json::from_str(&output.stderr)
            .unwrap_or_else(|error| panic!("{arguments:?}: {error}: {}", output.stderr));
        assert_eq!(output.code, code, "{arguments:?}: {output:?}");
        for field in ["code", "message", "hint", "errors"] {
            assert!(problem.get(field).is_some(), "{arguments:?}: no `{field}` in {problem}");
        }
    }

    /// The plan and the newest event of project `p`: equal before and after means that nothing changed.
    #[must_use]
    pub fn everything(&self) -> (String, Value, Value) {
        let status = self.json(&["status", "--project", "p"]);
        let plan = self.ok(&["plan", "export", "--project", "p"]);
        (plan, status["last_event_id"].clone(), self.json(&["project", "list"]))
    }

    /// The id of what has this name, in `phase list`, `feature list` or `task list` of project `p`.
    #[must_use]
    pub fn id(&self, noun: &str, name: &str) -> String {
        let list = self.json(&[noun, "list", "--project", "p"]);
        let items = list["items"].as_array().expect("a list has items");
        let found = items.iter().find(|item| item["name"] == name);
        found.unwrap_or_else(|| panic!("no {noun} \"{name}\" in {list}"))["id"].to_string()
    }

    /// An agent of project `p` that has just said hello.
    #[must_use]
    pub fn agent(&self, name: &str) -> Agent {
        Agent::start(self.command(&["mcp", "--project", "p", "--agent", name]))
    }
}

fn binary() -> PathBuf {
    let built = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/debug/autocoder");
    std::env::var_os("AUTOCODER_BIN").map_or_else(built, PathBuf::from)
}

fn finish(command: &mut Command, input: &[u8]) -> Output {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap_or_else(|error| {
        panic!("{}: {error}; build it first: cargo build -p autocoder-cli", binary().display())
    });
    if let Some(mut stdin) = child.stdin.take() {
        // A command that refuses early does not read everything.
        let _ = stdin.write_all(input);
    }
    let output = child.wait_with_output().expect("the command was started");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the command prints UTF-8");
    Output { code: output.status.code().unwrap_or(-1), stdout: text(output.stdout), stderr: text(output.stderr) }
}
