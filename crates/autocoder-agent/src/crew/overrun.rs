//! A run that goes on although its budget is used up: it is told to stop by its tools, and stopped after a grace.

use std::time::Duration;

use tokio::time::Instant;

use crate::supervisor::RunReport;

/// Since when a run goes on with nothing left.
#[derive(Debug, Default)]
pub(super) struct Overrun {
    since: Option<Instant>,
    stopped: bool,
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

    /// The report, with the reason why the run was stopped.
    pub(super) fn told(&self, report: RunReport) -> RunReport {
        if !self.stopped {
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
        for (after_s, is_used_up, stops) in [
            (0, false, false),
            (10, true, false),
            (59, true, false),
            (1, false, false),
            (9, true, false),
            (60, true, true),
        ] {
            tokio::time::advance(Duration::from_secs(after_s)).await;
            assert_eq!(overrun.goes_on(is_used_up, grace), stops, "{after_s} {is_used_up}");
        }
    }
}
