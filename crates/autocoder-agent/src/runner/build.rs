//! The list of runners: from a kind and an agent's options to what drives it.

use std::path::Path;
use std::sync::Arc;

use autocoder_core::agent::AgentOptions;

use super::claude_code::ClaudeCodeRunner;
use super::codex::CodexRunner;
use super::command::CommandRunner;
use super::gemini::GeminiRunner;
use super::opencode::OpencodeRunner;
use super::rehearsal::RehearsalRunner;
use super::{AgentRunner, RunnerError, RunnerKind};

/// What drives agents of `kind` with these options; `own_program` is our own binary.
///
/// # Errors
/// [`RunnerError`] when the options do not describe a runner.
pub fn runner_of(
    kind: RunnerKind,
    options: &AgentOptions,
    own_program: &Path,
) -> Result<Arc<dyn AgentRunner>, RunnerError> {
    Ok(match kind {
        RunnerKind::ClaudeCode | RunnerKind::External => Arc::new(ClaudeCodeRunner),
        RunnerKind::Codex => Arc::new(CodexRunner),
        RunnerKind::Gemini => Arc::new(GeminiRunner),
        RunnerKind::Opencode => Arc::new(OpencodeRunner),
        RunnerKind::Command => Arc::new(CommandRunner::new(options.command.clone())?),
        RunnerKind::Rehearsal => Arc::new(RehearsalRunner {
            program: own_program.to_owned(),
            seed: options.seed,
            speed: options.speed,
            fail_rate: options.fail_rate,
        }),
    })
}

/// Where an agent keeps its own settings, login and sessions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct State {
    /// Below the home of the person.
    pub in_home: &'static [&'static str],
    /// Variables that name another place.
    pub variables: &'static [&'static str],
}

/// What agents of `kind` keep for themselves.
#[must_use]
pub const fn state_of(kind: RunnerKind) -> State {
    let (in_home, variables): (&'static [&'static str], &'static [&'static str]) = match kind {
        RunnerKind::ClaudeCode => (&[".claude", ".claude.json"], &["CLAUDE_CONFIG_DIR"]),
        RunnerKind::Codex => (&[".codex"], &["CODEX_HOME"]),
        RunnerKind::Gemini => (&[".gemini"], &["GEMINI_CLI_HOME"]),
        RunnerKind::Opencode => {
            (&[".config/opencode", ".local/share/opencode", ".local/state/opencode", ".cache/opencode"], &[])
        }
        RunnerKind::Command | RunnerKind::Rehearsal | RunnerKind::External => (&[], &[]),
    };
    State { in_home, variables }
}

/// The program that a runner starts unless another one is configured; none: it needs no program of its own.
#[must_use]
pub const fn default_program(kind: RunnerKind) -> Option<&'static str> {
    match kind {
        RunnerKind::ClaudeCode => Some("claude"),
        RunnerKind::Codex => Some("codex"),
        RunnerKind::Gemini => Some("gemini"),
        RunnerKind::Opencode => Some("opencode"),
        RunnerKind::Command | RunnerKind::Rehearsal | RunnerKind::External => None,
    }
}
