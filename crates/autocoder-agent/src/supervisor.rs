//! Runs one process of an agent: starts it in a group of its own, reads it within bounds, watches it, and stops it.
//!
//! Nothing an agent prints can hurt: lines are cut, bytes that are no text are replaced, and the log is rotated. After the
//! end the whole group is killed, so that nothing an agent started stays behind; what left the group (`setsid`) is found
//! by [`sweep_orphans`], unless it cleared its environment too: then only a sandbox holds it.

mod group;
mod lines;
mod log;
mod orphans;
mod redact;
mod session;
mod start;

use std::path::PathBuf;
use std::time::Duration;

use autocoder_core::run::RunOutcome;
use nix::sys::signal::Signal;
use tokio::sync::watch;

use crate::isolation::is_enclosed;
use crate::runner::{AgentEvent, CommandSpec, Decoder, Ending, Exit, LimitWindow, ModelTotal, RUN_ID_VARIABLE};

pub(crate) use self::group::{Group, exit_of, within_sandbox};
pub use self::orphans::sweep_orphans;
use self::session::{Cause, Session};

/// How long output may still come after the process is gone and its group killed.
const DRAIN: Duration = Duration::from_secs(2);
/// A killed process ends at once, unless the kernel holds it.
const KILL_GRACE: Duration = Duration::from_secs(30);

/// The bounds of a run.
#[derive(Clone, Debug)]
pub struct Limits {
    /// A line is cut to so many bytes in the log, and for the decoder unless it is JSON.
    pub line_bytes: usize,
    /// A line of JSON is held whole up to so many bytes.
    pub json_line_bytes: usize,
    /// The log is rotated at so many bytes; one older part is kept.
    pub log_bytes: u64,
    /// The longest silence.
    pub idle: Duration,
    /// The longest run.
    pub wall: Duration,
    /// How long a run may go on with a budget that is used up.
    pub overrun: Duration,
    /// From SIGINT to SIGTERM.
    pub stop_grace_int: Duration,
    /// From SIGTERM to SIGKILL.
    pub stop_grace_term: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            line_bytes: 64 * 1024,
            json_line_bytes: 10 * 1024 * 1024,
            log_bytes: 64 * 1024 * 1024,
            idle: Duration::from_secs(15 * 60),
            wall: Duration::from_secs(3 * 60 * 60),
            overrun: Duration::from_secs(60),
            stop_grace_int: Duration::from_secs(3),
            stop_grace_term: Duration::from_secs(1),
        }
    }
}

/// How one run is watched.
pub struct Supervision<'a> {
    /// Its bounds.
    pub limits: Limits,
    /// Where its output goes; appended to.
    pub log: PathBuf,
    /// Values that never reach the log.
    pub secrets: Vec<String>,
    /// Becomes true when the run shall stop. A dropped sender stops nothing.
    pub stop: watch::Receiver<bool>,
    /// Hears every event, in order, and must not block.
    pub on_event: &'a mut (dyn FnMut(AgentEvent) + Send),
}

/// What became of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunReport {
    /// How it ended.
    pub outcome: RunOutcome,
    /// In words, for people.
    pub detail: Option<String>,
    /// How the process ended; empty when it never started.
    pub exit: Exit,
    /// The agent's session, for going on with it.
    pub session: Option<String>,
    /// The window of the provider that rejected last.
    pub limit: Option<LimitWindow>,
    /// What the run took, by the agent's own books.
    pub totals: Vec<ModelTotal>,
    /// Lines read.
    pub lines: u64,
    /// Bytes read.
    pub bytes: u64,
}

/// Runs `spec` to its end. Whatever happens becomes a report; dropping the future kills the group.
pub async fn run_process(spec: CommandSpec, decoder: Box<dyn Decoder>, supervision: Supervision<'_>) -> RunReport {
    let (child, log) = match start::start(&spec, &supervision) {
        Ok(started) => started,
        Err(error) => return never_started(&error),
    };
    let limits = supervision.limits.clone();
    let mark = spec.env.get(RUN_ID_VARIABLE).cloned();
    let exit_of = if is_enclosed(&spec) { |status| within_sandbox(exit_of(status)) } else { exit_of };
    let mut session = Session::new(child, log, decoder, supervision, exit_of);
    let cause = session.watch().await;
    if cause.is_some() {
        for (signal, grace) in [
            (Signal::SIGINT, limits.stop_grace_int),
            (Signal::SIGTERM, limits.stop_grace_term),
            (Signal::SIGKILL, KILL_GRACE),
        ] {
            session.signal(signal);
            if session.exits_within(grace).await {
                break;
            }
        }
    }
    // What left the group and kept its environment; a sandbox leaves nothing.
    let _ = sweep_orphans(&mark.into_iter().collect::<Vec<_>>());
    session.drain(DRAIN).await;
    let (noted, ending) = session.close();
    let ending = judge(ending, cause.or(noted.cause), &limits);
    RunReport {
        outcome: ending.outcome,
        detail: ending.detail,
        exit: noted.exit,
        session: noted.session,
        limit: noted.limit,
        totals: ending.totals,
        lines: noted.lines,
        bytes: noted.bytes,
    }
}

fn never_started(error: &start::StartError) -> RunReport {
    RunReport {
        // Whether a program is missing or a disk is full: trying again at once only meets the same wall.
        outcome: RunOutcome::Misconfigured,
        detail: Some(error.to_string()),
        exit: Exit::default(),
        session: None,
        limit: None,
        totals: vec![],
        lines: 0,
        bytes: 0,
    }
}

/// Joins what the decoder made of the output with why the supervisor stopped the run, if it did.
fn judge(ending: Ending, cause: Option<Cause>, limits: &Limits) -> Ending {
    let overridden = match ending.outcome {
        // The stop itself looks like this.
        RunOutcome::Aborted | RunOutcome::Crashed | RunOutcome::Failed => true,
        // A misconfiguration may end politely and still be one.
        RunOutcome::Completed => matches!(cause, Some(Cause::Misconfigured(_))),
        _ => false,
    };
    let (outcome, detail) = match cause {
        Some(cause) if overridden => match cause {
            Cause::Asked => (RunOutcome::Aborted, "stopped".to_owned()),
            Cause::Idle => (RunOutcome::Failed, format!("stopped after `{}` s without output", limits.idle.as_secs())),
            Cause::Wall => {
                (RunOutcome::Failed, format!("stopped after `{}` s, the longest a run may take", limits.wall.as_secs()))
            }
            Cause::Misconfigured(reason) => (RunOutcome::Misconfigured, reason),
        },
        _ => return ending,
    };
    Ending { outcome, detail: Some(detail), totals: ending.totals }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cause_of_a_stop_explains_an_end_that_says_nothing() {
        let limits = Limits { idle: Duration::from_secs(60), ..Limits::default() };
        let misconfigured = || Some(Cause::Misconfigured("no tools".into()));
        for (decoded, cause, outcome, detail) in [
            (RunOutcome::Completed, None, RunOutcome::Completed, "own"),
            (RunOutcome::Crashed, None, RunOutcome::Crashed, "own"),
            (RunOutcome::Completed, Some(Cause::Asked), RunOutcome::Completed, "own"),
            (RunOutcome::Released, Some(Cause::Asked), RunOutcome::Released, "own"),
            (RunOutcome::Crashed, Some(Cause::Asked), RunOutcome::Aborted, "stopped"),
            (RunOutcome::Aborted, Some(Cause::Idle), RunOutcome::Failed, "stopped after `60` s without output"),
            (RunOutcome::Overloaded, Some(Cause::Idle), RunOutcome::Overloaded, "own"),
            (
                RunOutcome::Aborted,
                Some(Cause::Wall),
                RunOutcome::Failed,
                "stopped after `10800` s, the longest a run may take",
            ),
            (RunOutcome::Completed, misconfigured(), RunOutcome::Misconfigured, "no tools"),
            (RunOutcome::LimitReached, misconfigured(), RunOutcome::LimitReached, "own"),
        ] {
            let judged = judge(Ending::new(decoded, "own".to_owned()), cause.clone(), &limits);
            assert_eq!(judged, Ending::new(outcome, detail.to_owned()), "{decoded:?} {cause:?}");
        }
    }
}
