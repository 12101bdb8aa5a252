//! What drives an agent beside its runner and model.

use serde::{Deserialize, Serialize};

use super::Isolation;
use crate::limits::{Checks, InvalidField};

/// The most parts of a command.
const COMMAND_PARTS: usize = 64;
/// The longest part of a command, in characters.
const PART_CHARS: usize = 4_096;
/// How many times faster than life a rehearsal may play.
const SPEED: std::ops::RangeInclusive<f64> = 0.001..=100_000.0;

/// What drives an agent beside its runner and model. The command decides what runs, so only a person sets it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct AgentOptions {
    /// The program of the runner `command` and its arguments, with placeholders (at most 64 parts of 4,096 characters).
    #[cfg_attr(feature = "openapi", schema(max_items = 64, example = json!(["./my-agent", "{prompt_file}"])))]
    pub command: Vec<String>,
    /// How many times faster than life a rehearsal plays (0.001 to 100,000).
    #[cfg_attr(feature = "openapi", schema(minimum = 0.001, maximum = 100000.0))]
    pub speed: f64,
    /// What a rehearsal plays; the same seed plays the same.
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 9007199254740992_u64))]
    pub seed: u64,
    /// The share of a rehearsal's runs that fail (0 to 1).
    #[cfg_attr(feature = "openapi", schema(minimum = 0.0, maximum = 1.0))]
    pub fail_rate: f64,
    /// How far its process is kept from the machine; null: as the project says.
    pub isolation: Option<Isolation>,
}

impl Default for AgentOptions {
    fn default() -> Self {
        Self { command: Vec::new(), speed: 1.0, seed: 1, fail_rate: 0.0, isolation: None }
    }
}

impl AgentOptions {
    /// Whether these let something else run than `before`, or keep it less apart: a person's decision.
    #[must_use]
    pub fn decides_otherwise(&self, before: &Self) -> bool {
        self.command != before.command || self.isolation != before.isolation
    }

    /// Every field that breaks a rule.
    ///
    /// # Errors
    /// The fields, below `options.`, and their rules.
    pub fn check(&self) -> Result<(), Vec<InvalidField>> {
        let mut checks = Checks::default();
        if self.command.len() > COMMAND_PARTS {
            let rule = format!("has {} parts, at most {COMMAND_PARTS} are allowed", self.command.len());
            checks.refuse("options.command", rule);
        }
        for (index, part) in self.command.iter().enumerate().take(COMMAND_PARTS) {
            let field = format!("options.command[{index}]");
            let chars = part.chars().count();
            if chars > PART_CHARS {
                checks.refuse(&field, format!("has {chars} characters, at most {PART_CHARS} are allowed"));
            } else if part.contains('\0') {
                checks.refuse(&field, "has the control character U+0000; remove it");
            } else if index == 0 && part.trim().is_empty() {
                checks.refuse(&field, "must not be empty");
            }
        }
        if !SPEED.contains(&self.speed) {
            checks.refuse("options.speed", format!("is `{}`, must be from 0.001 to 100000", self.speed));
        }
        if !(0.0..=1.0).contains(&self.fail_rate) {
            checks.refuse("options.fail_rate", format!("is `{}`, must be from 0 to 1", self.fail_rate));
        }
        // Both stores and JSON of JavaScript hold whole numbers up to 2^53 exactly.
        if self.seed > 1 << 53 {
            checks.refuse("options.seed", format!("is `{}`, must be from 0 to {}", self.seed, 1_u64 << 53));
        }
        checks.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_option_has_its_limits() {
        let of = |command: &[&str]| AgentOptions {
            command: command.iter().map(|&part| part.to_owned()).collect(),
            ..AgentOptions::default()
        };
        let long = "x".repeat(PART_CHARS + 1);
        for (options, field) in [
            (AgentOptions::default(), None),
            (of(&["./agent", "", "{prompt_file}", "a\nb"]), None),
            (of(&[""]), Some("options.command[0]")),
            (of(&["a", "b\0"]), Some("options.command[1]")),
            (of(&["a", &long]), Some("options.command[1]")),
            (of(&["a"; COMMAND_PARTS + 1]), Some("options.command")),
            (AgentOptions { speed: f64::NAN, ..of(&[]) }, Some("options.speed")),
            (AgentOptions { speed: 0.0, ..of(&[]) }, Some("options.speed")),
            (AgentOptions { speed: 100_000.0, seed: 1 << 53, fail_rate: 1.0, ..of(&[]) }, None),
            (AgentOptions { fail_rate: 1.1, ..of(&[]) }, Some("options.fail_rate")),
            (AgentOptions { seed: u64::MAX, ..of(&[]) }, Some("options.seed")),
        ] {
            let found = options.check().err().unwrap_or_default();
            assert_eq!(found.first().map(|problem| problem.field.as_str()), field, "{options:?}");
        }
    }

    #[test]
    fn options_are_json_with_defaults_and_no_unknown_fields() {
        let options: AgentOptions = serde_json::from_str("{}").unwrap();
        assert_eq!(options, AgentOptions::default());
        assert!(serde_json::from_str::<AgentOptions>(r#"{"sped":1}"#).is_err());
    }
}
