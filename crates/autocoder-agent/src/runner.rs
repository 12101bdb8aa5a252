//! What every runner answers: the process to start for a run, and how to read what it prints.

pub mod claude_code;
pub mod command;
mod environment;
mod event;
pub mod rehearsal;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use autocoder_core::ids::TaskId;
use serde::{Deserialize, Serialize};

pub use self::environment::{RUN_ID_VARIABLE, allowed_environment};
pub use self::event::{
    AgentEvent, Decoder, Ending, Exit, LimitStatus, LimitWindow, ModelTotal, SampleQuality, Stream, UsageSample,
};

/// A kind of agent. Pure: it starts nothing and reads nothing, so a table of arguments tests it.
pub trait AgentRunner: Send + Sync {
    /// Which kind it is.
    fn kind(&self) -> RunnerKind;
    /// The process that works on `spec`.
    ///
    /// # Errors
    /// [`RunnerError`] when `spec` cannot be expressed as a command.
    fn command(&self, spec: &RunSpec) -> Result<CommandSpec, RunnerError>;
    /// A fresh reader of what one such process prints.
    fn decoder(&self) -> Box<dyn Decoder>;
}

/// The kinds of agents that are built in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RunnerKind {
    /// Anthropic's `claude`.
    ClaudeCode,
    /// Any program of the user's.
    Command,
    /// The built-in player that needs no model.
    Rehearsal,
}

impl RunnerKind {
    /// Every kind, in the order in which they are listed to people.
    pub const ALL: [Self; 3] = [Self::ClaudeCode, Self::Command, Self::Rehearsal];

    /// The name in flags, configuration and the database.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ClaudeCode => "claude-code",
            Self::Command => "command",
            Self::Rehearsal => "rehearsal",
        }
    }

    /// The kind called `name`.
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

impl std::fmt::Display for RunnerKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// Everything that a runner may use to start one run.
#[derive(Clone, Debug)]
pub struct RunSpec {
    /// Unique on this machine, also between data directories; it marks every process of the run.
    pub run_id: String,
    /// Where the agent works.
    pub workdir: PathBuf,
    /// Where files of this run are written; outside the work tree.
    pub scratch_dir: PathBuf,
    /// What the agent is asked to do.
    pub prompt: String,
    /// The task, when the run has one.
    pub task: Option<TaskId>,
    /// The model; the agent's own default without it.
    pub model: Option<String>,
    /// The conversation to open or to go on with.
    pub session: Session,
    /// How the agent reaches Autocoder's tools.
    pub mcp: McpEndpoint,
    /// The most turns the agent may take.
    pub max_turns: Option<u32>,
    /// The most the run may cost, in nano-USD; agents check it after a response, so it may be passed by one.
    pub max_cost_nusd: Option<u64>,
    /// The program in place of the runner's default.
    pub program: Option<PathBuf>,
    /// Arguments of the user's, added at the end.
    pub extra_args: Vec<String>,
    /// The environment to choose from; only allowed names are passed on.
    pub environment: BTreeMap<String, String>,
    /// Names allowed on top of the runner's list; `*` at the end stands for any ending.
    pub allow: Vec<String>,
}

/// The conversation of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Session {
    /// A new one, numbered by the agent.
    #[default]
    Fresh,
    /// A new one under this id.
    New(String),
    /// An earlier one.
    Resume(String),
}

/// How an agent reaches Autocoder's tools.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum McpEndpoint {
    /// The agent starts this program and speaks over its stdin and stdout.
    Stdio {
        /// The program.
        program: PathBuf,
        /// Its arguments.
        args: Vec<String>,
        /// Its environment, on top of what it inherits.
        env: BTreeMap<String, String>,
    },
}

impl McpEndpoint {
    /// The `mcp.json` that agents read: one server called `autocoder`, its tools never deferred.
    #[must_use]
    pub fn config(&self) -> String {
        let Self::Stdio { program, args, env } = self;
        let server = serde_json::json!({
            "type": "stdio", "command": program.to_string_lossy(), "args": args, "env": env, "alwaysLoad": true,
        });
        serde_json::json!({ "mcpServers": { "autocoder": server } }).to_string()
    }
}

/// A process to start: nothing is inherited but what stands here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommandSpec {
    /// The program, looked up on the `PATH` of `env` when it is a bare name.
    pub program: PathBuf,
    /// Its arguments; no shell reads them.
    pub args: Vec<String>,
    /// Its whole environment.
    pub env: BTreeMap<String, String>,
    /// Files to write before it starts.
    pub files: Vec<FileSpec>,
    /// Where it starts.
    pub workdir: PathBuf,
    /// What it reads.
    pub stdin: Stdin,
}

/// A file that a run needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileSpec {
    /// Where.
    pub path: PathBuf,
    /// What.
    pub contents: String,
    /// Permission bits.
    pub mode: u32,
}

impl FileSpec {
    fn private(dir: &Path, name: &str, contents: String) -> Self {
        Self { path: dir.join(name), contents, mode: 0o600 }
    }
}

/// What a process finds on its standard input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stdin {
    /// Nothing.
    Null,
    /// Nothing, but open for as long as the supervisor lives, so that its end can be noticed.
    HeldOpen,
}

/// Why a run cannot be expressed as a command.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RunnerError {
    /// The system takes no argument of that length.
    #[error("the prompt has `{bytes}` bytes, more than the `{limit}` that fit in one argument; shorten the task or its spec")]
    PromptTooLong {
        /// Its length.
        bytes: usize,
        /// The limit.
        limit: usize,
    },
    /// NUL ends an argument.
    #[error("the {what} contains a NUL character; remove it")]
    Nul {
        /// Which text.
        what: &'static str,
    },
    /// There is nothing to start.
    #[error("the command runner has no program; give one after `--`, for example `--agent command -- ./my-agent {{prompt_file}}`")]
    NoProgram,
    /// A placeholder that stands for nothing.
    #[error("the command has the unknown placeholder `{{{name}}}`; known are {known}")]
    UnknownPlaceholder {
        /// Its name.
        name: String,
        /// The good ones.
        known: String,
    },
}

impl RunnerError {
    /// A stable name of the problem.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::PromptTooLong { .. } => "prompt_too_long",
            Self::Nul { .. } => "nul_in_argument",
            Self::NoProgram => "no_program",
            Self::UnknownPlaceholder { .. } => "unknown_placeholder",
        }
    }
}

fn refuse_nul(what: &'static str, text: &str) -> Result<(), RunnerError> {
    if text.contains('\0') { Err(RunnerError::Nul { what }) } else { Ok(()) }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A run on task 42 in `/project`.
    pub(crate) fn a_run() -> RunSpec {
        RunSpec {
            run_id: "i1-7".into(),
            workdir: "/project".into(),
            scratch_dir: "/scratch/7".into(),
            prompt: "Do the task".into(),
            task: Some(TaskId(42)),
            model: None,
            session: Session::Fresh,
            mcp: McpEndpoint::Stdio {
                program: "/bin/autocoder".into(),
                args: vec!["mcp".into(), "--project".into(), "todo".into()],
                env: BTreeMap::from([("AUTOCODER_ATTEMPT".into(), "3".into())]),
            },
            max_turns: None,
            max_cost_nusd: None,
            program: None,
            extra_args: vec![],
            environment: BTreeMap::from([
                ("PATH".into(), "/usr/bin".into()),
                ("HOME".into(), "/home/user".into()),
                ("AWS_SECRET_ACCESS_KEY".into(), "no".into()),
            ]),
            allow: vec![],
        }
    }

    #[test]
    fn a_kind_is_found_by_its_name() {
        for kind in RunnerKind::ALL {
            assert_eq!(RunnerKind::find(kind.name()), Some(kind));
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.name());
        }
        assert_eq!(RunnerKind::find("claude"), None);
    }

    #[test]
    fn the_tools_are_always_loaded() {
        let config: serde_json::Value = serde_json::from_str(&a_run().mcp.config()).unwrap();
        assert_eq!(
            config,
            serde_json::json!({ "mcpServers": { "autocoder": {
                "type": "stdio", "command": "/bin/autocoder", "args": ["mcp", "--project", "todo"],
                "env": { "AUTOCODER_ATTEMPT": "3" }, "alwaysLoad": true,
            }}})
        );
    }
}
