//! From flags to a runner.

use std::path::Path;
use std::sync::Arc;

use autocoder_agent::runner::AgentRunner;
use autocoder_agent::runner::claude_code::ClaudeCodeRunner;
use autocoder_agent::runner::command::CommandRunner;
use autocoder_agent::runner::rehearsal::RehearsalRunner;
use autocoder_core::agent::RunnerKind;

use super::Run;
use crate::exit::Failure;

/// The kinds that `--agent` takes.
pub(super) fn kind(word: &str) -> Result<RunnerKind, String> {
    match word.parse() {
        Ok(RunnerKind::External) | Err(_) => Err("must be claude-code, command or rehearsal".to_owned()),
        Ok(kind) => Ok(kind),
    }
}

pub(super) fn speed(text: &str) -> Result<f64, String> {
    number(text, 0.01, 1_000_000.0)
}

pub(super) fn share(text: &str) -> Result<f64, String> {
    number(text, 0.0, 1.0)
}

fn number(text: &str, least: f64, most: f64) -> Result<f64, String> {
    text.parse()
        .ok()
        .filter(|number| (least..=most).contains(number))
        .ok_or_else(|| format!("must be from {least} to {most}"))
}

pub(super) fn build(run: &Run, own_program: &Path) -> Result<Arc<dyn AgentRunner>, Failure> {
    let given = !run.command.is_empty();
    match run.agent {
        RunnerKind::Command if !given => {
            Err(Failure::wrong("--agent command needs a program", "give it after --: -- ./my-agent {prompt_file}"))
        }
        RunnerKind::ClaudeCode | RunnerKind::Rehearsal | RunnerKind::External if given => Err(Failure::wrong(
            "a command after -- goes only with --agent command",
            "leave it out, or add --agent command",
        )),
        RunnerKind::ClaudeCode | RunnerKind::External => Ok(Arc::new(ClaudeCodeRunner)),
        RunnerKind::Command => match CommandRunner::new(run.command.clone()) {
            Ok(runner) => Ok(Arc::new(runner)),
            Err(error) => Err(Failure::wrong(error.to_string(), "see `autocoder run --help`")),
        },
        RunnerKind::Rehearsal => Ok(Arc::new(RehearsalRunner {
            program: own_program.to_owned(),
            seed: run.seed,
            speed: run.speed,
            fail_rate: run.fail_rate,
        })),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_kinds_out_of_range_are_told_the_rule() {
        for bad in ["0", "-1", "NaN", "inf", "x", ""] {
            assert_eq!(speed(bad).unwrap_err(), "must be from 0.01 to 1000000", "{bad}");
        }
        assert_eq!(share("1.1").unwrap_err(), "must be from 0 to 1");
        assert!(kind("external").is_err() && kind("codex").is_err());
        assert_eq!((speed("60"), share("0.5"), kind("rehearsal")), (Ok(60.0), Ok(0.5), Ok(RunnerKind::Rehearsal)));
    }
}
