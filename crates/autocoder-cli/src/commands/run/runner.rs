//! From flags to a runner.

use std::path::Path;
use std::sync::Arc;

use autocoder_agent::runner::{AgentRunner, runner_of};
use autocoder_core::agent::RunnerKind;

use super::Run;
use crate::exit::Failure;

/// The kinds that `--agent` takes.
pub(crate) fn kind(word: &str) -> Result<RunnerKind, String> {
    match word.parse() {
        Ok(RunnerKind::External) | Err(_) => {
            let kinds = RunnerKind::ALL.iter().filter(|kind| **kind != RunnerKind::External);
            let kinds: Vec<&str> = kinds.map(|kind| kind.as_str()).collect();
            Err(format!("must be one of {}", kinds.join(", ")))
        }
        Ok(kind) => Ok(kind),
    }
}

pub(crate) fn speed(text: &str) -> Result<f64, String> {
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
        kind if given && kind != RunnerKind::Command => Err(Failure::wrong(
            "a command after -- goes only with --agent command",
            "leave it out, or add --agent command",
        )),
        kind => runner_of(kind, &run.options(), own_program)
            .map_err(|error| Failure::wrong(error.to_string(), "see `autocoder run --help`")),
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
        assert!(kind("external").is_err() && kind("copilot").is_err());
        assert_eq!((speed("60"), share("0.5"), kind("rehearsal")), (Ok(60.0), Ok(0.5), Ok(RunnerKind::Rehearsal)));
    }
}
