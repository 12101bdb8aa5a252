//! How many agents of a project work at the same time, and how far apart they begin.

use std::time::Duration;

use autocoder_core::project::ProjectSettings;
use tokio::time::Instant;

/// Holds starts back.
#[derive(Debug)]
pub(super) struct Pace {
    most: usize,
    apart: Duration,
    last: Option<Instant>,
}

impl Pace {
    pub(super) fn of(settings: &ProjectSettings) -> Self {
        let mut pace = Self { most: 0, apart: Duration::ZERO, last: None };
        pace.follow(settings);
        pace
    }

    /// Takes in what a person has changed.
    pub(super) fn follow(&mut self, settings: &ProjectSettings) {
        self.most = settings.max_agents as usize;
        self.apart = Duration::from_secs(settings.stagger_s.into());
    }

    /// A run begins.
    pub(super) fn begins(&mut self) {
        self.last = Some(Instant::now());
    }

    /// Whether no other run may begin now, while so many go on.
    pub(super) fn holds(&self, working: usize) -> bool {
        working >= self.most || self.last.is_some_and(|last| last.elapsed() < self.apart)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn runs_begin_apart_and_only_so_many_go_on() {
        let settings = ProjectSettings { max_agents: 2, stagger_s: 5, ..ProjectSettings::default() };
        let mut pace = Pace::of(&settings);
        assert!(!pace.holds(1) && pace.holds(2));
        pace.begins();
        assert!(pace.holds(0) && pace.holds(1));
        tokio::time::advance(Duration::from_secs(5)).await;
        assert!(!pace.holds(1) && pace.holds(2));
        pace.follow(&ProjectSettings { max_agents: 3, ..settings });
        assert!(!pace.holds(2));
    }
}
