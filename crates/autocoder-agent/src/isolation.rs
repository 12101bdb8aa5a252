//! Keeps an agent's process from the rest of the machine, by bubblewrap where that works, and says plainly what it does.

mod bubblewrap;
mod confines;
mod home;
mod probe;
mod program;

use std::collections::BTreeMap;
use std::path::PathBuf;

use autocoder_core::agent::Isolation;

pub(crate) use self::bubblewrap::is_enclosed;
pub use self::confines::Confines;
pub(crate) use self::confines::{Room, RoomError};
pub use self::home::{Home, HomeEntry};
pub use self::probe::{Probe, probe};
pub(crate) use self::program::program_files;
use crate::runner::CommandSpec;

/// How one run is kept from the machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Enclosure {
    /// In a sandbox of this `bwrap`, started by this `env`.
    Bubblewrap(Tools),
    /// Not at all, because a person said so.
    Waived,
    /// Not at all, because there is no way to.
    Unavailable(String),
}

/// The programs of a sandbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tools {
    /// bubblewrap.
    pub bwrap: PathBuf,
    /// `env` of coreutils, which sets how signals are taken.
    pub env: PathBuf,
}

/// The isolation that is wanted is not to be had.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "isolation `bubblewrap` does not work here: {reason}; install bubblewrap, or set the isolation to `auto` or `none`"
)]
pub struct IsolationError {
    /// What is missing.
    pub reason: String,
}

impl Enclosure {
    /// How a run is kept from the machine when `wanted` meets what the machine has.
    ///
    /// # Errors
    /// [`IsolationError`] when a sandbox is asked for and there is none.
    pub fn of(wanted: Isolation, found: Probe) -> Result<Self, IsolationError> {
        match (wanted, found) {
            (Isolation::None, _) => Ok(Self::Waived),
            (_, Probe::Works(tools)) => Ok(Self::Bubblewrap(tools)),
            (Isolation::Auto, Probe::Missing(reason)) => Ok(Self::Unavailable(reason)),
            (Isolation::Bubblewrap, Probe::Missing(reason)) => Err(IsolationError { reason }),
        }
    }

    /// In words, what an agent can reach.
    #[must_use]
    pub fn statement(&self) -> String {
        let open = "an agent has the rights of the person who starts it";
        match self {
            Self::Bubblewrap(_) => "bubblewrap: an agent reads the system, writes its worktree and its own settings, \
                sees no other homes and no keys, and has the network"
                .to_owned(),
            Self::Waived => format!("none, as set: {open}"),
            Self::Unavailable(reason) => format!("none ({reason}): {open}"),
        }
    }

    /// `spec` within these confines.
    #[must_use]
    pub fn enclose(&self, spec: CommandSpec, confines: &Confines) -> CommandSpec {
        match self {
            Self::Bubblewrap(tools) => bubblewrap::wrap(tools, spec, confines),
            Self::Waived | Self::Unavailable(_) => spec,
        }
    }
}

/// Looks what this machine has, and how a run that wants `wanted` is kept from it.
///
/// # Errors
/// [`IsolationError`] when a sandbox is asked for and there is none.
pub async fn enclosure(wanted: Isolation, environment: &BTreeMap<String, String>) -> Result<Enclosure, IsolationError> {
    match wanted {
        Isolation::None => Ok(Enclosure::Waived),
        Isolation::Auto | Isolation::Bubblewrap => Enclosure::of(wanted, probe(environment).await),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wanted_meets_what_there_is() {
        let tools = Tools { bwrap: "/usr/bin/bwrap".into(), env: "/usr/bin/env".into() };
        let works = || Probe::Works(tools.clone());
        let missing = || Probe::Missing("`bwrap` is not installed".into());
        for (wanted, found, enclosure) in [
            (Isolation::Auto, works(), Some(Enclosure::Bubblewrap(tools.clone()))),
            (Isolation::Bubblewrap, works(), Some(Enclosure::Bubblewrap(tools.clone()))),
            (Isolation::None, works(), Some(Enclosure::Waived)),
            (Isolation::Auto, missing(), Some(Enclosure::Unavailable("`bwrap` is not installed".into()))),
            (Isolation::Bubblewrap, missing(), None),
            (Isolation::None, missing(), Some(Enclosure::Waived)),
        ] {
            assert_eq!(Enclosure::of(wanted, found).ok(), enclosure, "{wanted}");
        }
    }

    #[test]
    fn an_agent_without_a_sandbox_is_told_of_plainly() {
        for (enclosure, start) in [
            (Enclosure::Waived, "none, as set: an agent has the rights"),
            (Enclosure::Unavailable("no bwrap".into()), "none (no bwrap): an agent has the rights"),
        ] {
            assert!(enclosure.statement().starts_with(start), "{}", enclosure.statement());
        }
    }
}
