//! A run that goes on although its budget is used up: it is told to stop by its tools, and stopped after a grace.

use std::time::Duration;

use autocoder_core::run::RunOutcome;
use tokio::time::Instant;

use crate::supervisor::RunReport;

/// Since when a run goes on with nothing left.
#[derive(Debug, Default)]
pub(super) struct Overrun {
    since: Option<Instant>,
    stopped: bool,
    asked: bool,
}

impl Overrun {
    /// Takes in whether the budget is used up now; true when the run was given its grace and has to be stopped.
    pub(super) fn goes_on(&mut self, is_used_up: bool, grace: Duration) -> bool {
        if !is_used_up {
            self.since = None;
            return false;
        }
        let since = *self.since.get_or_insert_with(Instant::now);
        self.stopped |= since.elapsed() >= grace;
        self.stopped
    }

    /// Whether the run shall end before its next step, because it went on for half of its grace.
    pub(super) fn asks_to_end(&mut self, grace: Duration) -> bool {
        let asks = self.since.is_some_and(|since| since.elapsed() >= grace / 2);
        self.asked |= asks;
        asks
    }

    /// The report, with the reason why the run was stopped.
    pub(super) fn told(&self, report: RunReport) -> RunReport {
        let ended_by_it = self.stopped || (self.asked && report.outcome == RunOutcome::Aborted);
        if !ended_by_it {
            return report;
        }
        RunReport { detail: Some("the budget is used up, and the agent went on".to_owned()), ..report }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_run_is_stopped_after_its_grace_and_not_before() {
        let (mut overrun, grace) = (Overrun::default(), Duration::from_secs(60));
        for (after_s, is_used_up, asks, stops) in [
            (0, false, false, false),
            (10, true, false, false),
            (29, true, false, false),
            (30, true, true, false),
            (1, false, false, false),
            (9, true, false, false),
            (60, true, true, true),
        ] {
            tokio::time::advance(Duration::from_secs(after_s)).await;
            assert_eq!(overrun.goes_on(is_used_up, grace), stops, "{after_s} {is_used_up}");
            assert_eq!(overrun.asks_to_end(grace), asks, "{after_s} {is_used_up}");
        }
    }
}
