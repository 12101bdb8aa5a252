//! Arguments that many verbs share.

use clap::Args;

/// Which project a verb works in.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct InProject {
    /// The project; left out: the one of the current folder, or the only one
    #[arg(long, value_name = "NAME")]
    pub(crate) project: Option<String>,
}

/// Something by its id.
#[derive(Args, Clone, Debug)]
pub(crate) struct ById {
    /// Its id
    #[arg(value_parser = id, allow_negative_numbers = true)]
    pub(crate) id: i64,
    #[command(flatten)]
    pub(crate) in_project: InProject,
}

/// An agent by its name.
#[derive(Args, Clone, Debug)]
pub(crate) struct ByAgent {
    /// The agent's name, for example coder-1
    #[arg(value_name = "AGENT")]
    pub(crate) agent: String,
    #[command(flatten)]
    pub(crate) in_project: InProject,
}

/// How a deletion is confirmed.
#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct Deletion {
    /// Do not ask
    #[arg(short, long)]
    pub(crate) yes: bool,
    /// Delete even while an agent holds a task in it
    #[arg(long)]
    pub(crate) force: bool,
}

/// A positive whole number.
pub(crate) fn id(text: &str) -> Result<i64, String> {
    match text.parse() {
        Ok(id) if id > 0 => Ok(id),
        _ => Err(format!("must be a whole number from 1 to {}", i64::MAX)),
    }
}

/// The complexity of a task.
pub(crate) fn complexity(text: &str) -> Result<u8, String> {
    match text.parse() {
        Ok(complexity @ 1..=5) => Ok(complexity),
        _ => Err("must be a whole number from 1 to 5".to_owned()),
    }
}

/// A priority; the rules check its range.
pub(crate) fn priority(text: &str) -> Result<i32, String> {
    const MOST: i32 = autocoder_core::limits::PRIORITY;
    text.parse()
        .ok()
        .filter(|priority| (-MOST..=MOST).contains(priority))
        .ok_or_else(|| format!("must be a whole number from {} to {MOST}; lower runs first", -MOST))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bad_number_is_told_the_rule() {
        for bad in ["0", "-1", "9223372036854775808", "x", "", "1.5"] {
            assert!(id(bad).unwrap_err().starts_with("must be a whole number from 1"), "{bad}");
        }
        for bad in ["0", "6", "-1", "x", "", "300"] {
            assert_eq!(complexity(bad).unwrap_err(), "must be a whole number from 1 to 5", "{bad}");
        }
        for bad in ["1000001", "-1000001", "99999999999", "x"] {
            assert!(priority(bad).is_err(), "{bad}");
        }
        assert_eq!((id("42"), complexity("5"), priority("-10")), (Ok(42), Ok(5), Ok(-10)));
    }
}
