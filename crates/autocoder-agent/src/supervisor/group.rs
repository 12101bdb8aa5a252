//! A process group as one thing to signal; whatever is left of it dies with the guard.

use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use tokio::process::Child;

use crate::runner::Exit;

/// The group of a child that was started with `process_group(0)`.
pub(crate) struct Group(Option<Pid>);

impl Group {
    pub(crate) fn of(child: &Child) -> Self {
        Self(child.id().and_then(|id| i32::try_from(id).ok()).map(Pid::from_raw))
    }

    /// Sends `signal` to every process of the group.
    pub(crate) fn signal(&self, signal: Signal) {
        if let Some(group) = self.0 {
            // An empty group is what a stop wants.
            let _ = killpg(group, signal);
        }
    }

    /// Kills what is left, once; later the number may belong to somebody else.
    pub(crate) fn kill(&mut self) {
        self.signal(Signal::SIGKILL);
        self.0 = None;
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.kill();
    }
}

pub(crate) fn exit_of(status: ExitStatus) -> Exit {
    Exit { code: status.code(), signal: status.signal() }
}

/// What `exit` means when a sandbox says it, which tells of a signal by its number and 128, as a shell does.
pub(crate) fn within_sandbox(exit: Exit) -> Exit {
    match exit.code {
        Some(code @ 129..=192) => Exit::signal(code - 128),
        _ => exit,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sandbox_tells_of_signals_by_codes() {
        for (said, meant) in [
            (Exit::code(0), Exit::code(0)),
            (Exit::code(128), Exit::code(128)),
            (Exit::code(137), Exit::signal(9)),
            (Exit::code(193), Exit::code(193)),
            (Exit::signal(9), Exit::signal(9)),
        ] {
            assert_eq!(within_sandbox(said), meant);
        }
    }
}
