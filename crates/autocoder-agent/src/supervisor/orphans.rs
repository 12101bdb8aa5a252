//! Finds processes of runs whose supervisor died, by the run id in their environment.

use std::collections::HashSet;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::runner::RUN_ID_VARIABLE;

/// Kills every process whose environment carries one of `run_ids`, and says how many were found.
///
/// Best effort, and only on Linux: a process that cleared its environment or belongs to another user is not seen, and
/// without `/proc` nothing is. It helps after a supervisor was killed; while one lives, it ends its runs by their group.
#[must_use]
pub fn sweep_orphans(run_ids: &[String]) -> usize {
    let marks: HashSet<Vec<u8>> = run_ids.iter().map(|id| format!("{RUN_ID_VARIABLE}={id}").into_bytes()).collect();
    let own = std::process::id();
    let processes = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    processes
        .filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok())
        .filter(|id| *id != own && carries(*id, &marks))
        .filter(|id| i32::try_from(*id).is_ok_and(|id| kill(Pid::from_raw(id), Signal::SIGKILL).is_ok()))
        .count()
}

fn carries(process: u32, marks: &HashSet<Vec<u8>>) -> bool {
    let environment = std::fs::read(format!("/proc/{process}/environ")).unwrap_or_default();
    environment.split(|byte| *byte == 0).any(|variable| marks.contains(variable))
}
