//! Passes an agent's words on to the tools of the process that supervises it, and the answers back.
//!
//! The agent may be in a sandbox that hides the database; this is all of Autocoder that runs in there.

use std::io::{copy, stdin, stdout};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::path::Path;

use crate::exit::Failure;

/// Until the tools hang up, which they do at the latest after the agent did.
pub(super) fn pass_on(socket: &Path) -> Result<(), Failure> {
    let open = || UnixStream::connect(socket).and_then(|tools| Ok((tools.try_clone()?, tools)));
    let (mut heard, mut said) = open().map_err(|error| Failure::file("reach the tools at", socket, error))?;
    // It may wait for the agent for ever, so it is a thread that the end of the process does not wait for.
    std::thread::spawn(move || {
        let _ = copy(&mut stdin(), &mut said);
        let _ = said.shutdown(Shutdown::Write);
    });
    // An agent that stopped reading has ended.
    let _ = copy(&mut heard, &mut stdout());
    Ok(())
}
