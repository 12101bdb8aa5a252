//! What every runner answers: the process to start for a run, and how to read what it prints.

#[cfg(feature = "acp")]
pub mod acp;
mod api_error;
mod build;
pub mod claude_code;
pub mod codex;
pub mod command;
mod endpoint;
mod environment;
mod event;
pub mod gemini;
mod json;
pub mod opencode;
pub mod rehearsal;
mod spec;

pub use autocoder_core::agent::RunnerKind;

pub use self::build::{State, default_program, runner_of, state_of};
pub use self::endpoint::{BearerToken, McpEndpoint};
pub use self::environment::{RUN_ID_VARIABLE, allowed_environment};
pub(crate) use self::event::cut;
pub use self::event::{AgentEvent, Decoder, Ending, Exit, LimitStatus, LimitWindow, ModelTotal, Stream};
pub use self::spec::{CommandSpec, FileSpec, RunSpec, Session, Stdin};

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
    /// The reader of the process of `spec`, for agents whose output is understood only with what was asked.
    fn decoder_of(&self, spec: &RunSpec) -> Box<dyn Decoder> {
        let _ = spec;
        self.decoder()
    }
    /// Whether a session that was stopped can be gone on with.
    fn resumes(&self) -> bool {
        false
    }
}

/// Linux takes at most 128 KiB an argument, its NUL included; a little room is kept.
const PROMPT_LIMIT: usize = 127 * 1024;

/// The prompt as one argument.
fn prompt_argument(spec: &RunSpec) -> Result<&str, RunnerError> {
    if spec.prompt.len() > PROMPT_LIMIT {
        return Err(RunnerError::PromptTooLong { bytes: spec.prompt.len(), limit: PROMPT_LIMIT });
    }
    refuse_nul("prompt", &spec.prompt)?;
    Ok(&spec.prompt)
}

/// Why a run cannot be expressed as a command.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RunnerError {
    /// The system takes no argument of that length.
    #[error(
        "the prompt has `{bytes}` bytes, more than the `{limit}` that fit in one argument; shorten the task or its spec"
    )]
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
    #[error(
        "the command runner has no program; give one after `--`, for example `--agent command -- ./my-agent {{prompt_file}}`"
    )]
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
