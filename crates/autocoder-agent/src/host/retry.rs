//! When a project whose crew could not work is tried again.

use std::collections::BTreeMap;
use std::time::Duration;

use autocoder_core::ids::ProjectId;
use tokio::time::Instant;

/// The first pause; each further one is twice as long.
const FIRST: Duration = Duration::from_secs(1);
/// The longest pause.
const LONGEST: Duration = Duration::from_secs(60);

/// Projects that are left alone for a while.
#[derive(Default)]
pub(super) struct Retries(BTreeMap<ProjectId, (u32, Instant)>);

impl Retries {
    /// Whether the project may be tried at `now`.
    pub(super) fn allow(&self, project: ProjectId, now: Instant) -> bool {
        self.0.get(&project).is_none_or(|(_, at)| *at <= now)
    }

    /// Whether a pause has ended since it was last looked at, so that somebody is to be tried again.
    pub(super) fn next(&self) -> Option<Instant> {
        self.0.values().map(|(_, at)| *at).min()
    }

    /// It failed: leaves it alone, longer each time. Answers how long.
    pub(super) fn failed(&mut self, project: ProjectId, now: Instant) -> Duration {
        let failures = self.0.get(&project).map_or(0, |(failures, _)| *failures);
        let pause = FIRST.saturating_mul(1 << failures.min(6)).min(LONGEST);
        self.0.insert(project, (failures + 1, now + pause));
        pause
    }

    /// Somebody else has it until then.
    pub(super) fn held(&mut self, project: ProjectId, now: Instant, pause: Duration) {
        self.0.insert(project, (0, now + pause));
    }

    /// A reason to try it at once.
    pub(super) fn forget(&mut self, project: ProjectId) {
        self.0.remove(&project);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_a_minute_and_are_forgotten() {
        let (now, project, mut retries) = (Instant::now(), ProjectId(1), Retries::default());
        let pauses: Vec<u64> = (0..8).map(|_| retries.failed(project, now).as_secs()).collect();
        assert_eq!(pauses, [1, 2, 4, 8, 16, 32, 60, 60]);
        assert!(!retries.allow(project, now) && retries.allow(project, now + LONGEST));
        assert!(retries.allow(ProjectId(2), now));
        retries.forget(project);
        assert!(retries.allow(project, now) && retries.next().is_none());
        retries.held(project, now, Duration::from_secs(5));
        assert_eq!(retries.next(), Some(now + Duration::from_secs(5)));
    }
}
