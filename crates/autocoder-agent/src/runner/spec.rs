//! What a runner is given for a run, and the process it answers with.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use autocoder_core::agent::Role;
use autocoder_core::ids::{FeatureId, PhaseId, TaskId};
use autocoder_core::run::Tokens;

use super::McpEndpoint;

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
    /// What the agent is for.
    pub role: Role,
    /// The task, when the run has one.
    pub task: Option<TaskId>,
    /// The feature, when the run has one.
    pub feature: Option<FeatureId>,
    /// The phase, when the run has one.
    pub phase: Option<PhaseId>,
    /// The model; the agent's own default without it.
    pub model: Option<String>,
    /// The conversation to open or to go on with.
    pub session: Session,
    /// What earlier runs of that conversation were counted for, by the agent's own books.
    pub counted: Tokens,
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
    /// A file that makes the agent end by itself before its next tool call, once it exists.
    pub soft_stop: Option<PathBuf>,
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
    pub(super) fn private(dir: &Path, name: &str, contents: String) -> Self {
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

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A run on task 42 in `/project`.
    pub(in crate::runner) fn a_run() -> RunSpec {
        RunSpec {
            run_id: "i1-7".into(),
            workdir: "/project".into(),
            scratch_dir: "/scratch/7".into(),
            prompt: "Do the task".into(),
            role: Role::Coder,
            task: Some(TaskId(42)),
            feature: None,
            phase: None,
            model: None,
            session: Session::Fresh,
            counted: Tokens::default(),
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
}
