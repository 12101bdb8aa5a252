//! What a change of tasks causes above them: features and phases follow their tasks.

use crate::changes::{Changes, Row};
use crate::event::EventKind;
use crate::feature::{Feature, FeatureAction, FeatureStatus, Tally};
use crate::phase::{Phase, PhaseAction, PhaseStatus};
use crate::scheduler::PhaseTally;
use crate::status::IllegalTransition;

/// What a feature with these counts has to do.
#[must_use]
pub const fn feature_action(status: FeatureStatus, tally: Tally) -> Option<FeatureAction> {
    match status {
        FeatureStatus::Pending | FeatureStatus::Speccing if tally.tasks > 0 => Some(FeatureAction::Prepare),
        FeatureStatus::Pending | FeatureStatus::Speccing => None,
        FeatureStatus::Ready | FeatureStatus::InProgress | FeatureStatus::Completed if tally.tasks == 0 => {
            Some(FeatureAction::Empty)
        }
        FeatureStatus::Ready | FeatureStatus::InProgress if tally.open() == 0 => Some(FeatureAction::Complete),
        FeatureStatus::Ready | FeatureStatus::InProgress => None,
        FeatureStatus::Completed if tally.open() > 0 => Some(FeatureAction::Reopen),
        FeatureStatus::Completed => None,
    }
}

/// How the features of a phase moved; what [`phase_submits`] needs on top of the stored counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Moved {
    /// Features that are open now and were not, less those that were open and are not.
    pub open_features: i64,
    /// Tasks that came, less those that went.
    pub tasks: i64,
}

impl Moved {
    /// Whether a phase may have come to its end by this.
    #[must_use]
    pub const fn may_close(self) -> bool {
        self.open_features < 0
    }
}

/// Lets `features` follow the tasks changed so far; `features` hold the counters from before the change.
///
/// # Errors
/// Never with counters that are true; the refusal of the status machine otherwise.
pub fn follow_tasks(changes: &mut Changes, features: Vec<Feature>) -> Result<Moved, IllegalTransition> {
    let mut moved = Moved::default();
    for feature in features {
        let shift = changes.shift_of(feature.id);
        moved.tasks += i64::from(shift.tasks);
        let was_open = feature.status != FeatureStatus::Completed;
        let (feature, kind) = followed(feature, shift, changes)?;
        let is_open = feature.status != FeatureStatus::Completed;
        moved.open_features += i64::from(is_open) - i64::from(was_open);
        if let Some(kind) = kind {
            changes.feature(Row::Changed(feature), kind);
        }
    }
    Ok(moved)
}

/// A feature after its counters moved by `shift`, and what happened to it last: an empty feature that is given only
/// passing tasks is ready and completed at once.
///
/// # Errors
/// Never with counters that are true; the refusal of the status machine otherwise.
pub fn followed(
    mut feature: Feature,
    shift: Tally,
    changes: &Changes,
) -> Result<(Feature, Option<EventKind>), IllegalTransition> {
    let (tally, mut kind) = (feature.tally.plus(shift), None);
    while let Some(action) = feature_action(feature.status, tally) {
        feature.status = feature.status.apply(action)?;
        feature.completed_at = (feature.status == FeatureStatus::Completed).then_some(changes.now());
        kind = Some(match action {
            FeatureAction::Prepare => {
                feature.eligible_since = changes.now();
                feature.spec_requested_at = None;
                EventKind::FeatureReady
            }
            FeatureAction::Complete => EventKind::FeatureCompleted,
            FeatureAction::Reopen => EventKind::FeatureReopened,
            FeatureAction::Empty => EventKind::FeatureEmptied,
            FeatureAction::Start => EventKind::FeatureStarted,
            FeatureAction::StartSpec | FeatureAction::CancelSpec => EventKind::FeatureUpdated,
        });
    }
    Ok((feature, kind))
}

/// Whether the phase goes to its gate: every feature is completed and there is at least one task.
#[must_use]
pub fn phase_submits(phase: &Phase, before: &PhaseTally, moved: Moved) -> bool {
    phase.status == PhaseStatus::InProgress
        && before.open_features + moved.open_features == 0
        && before.tasks + moved.tasks > 0
}

/// Brings the phase to its gate and answers it as stored.
///
/// # Errors
/// The refusal of the status machine, unless the phase is in progress.
pub fn submit(changes: &mut Changes, mut phase: Phase) -> Result<Phase, IllegalTransition> {
    phase.status = phase.status.apply(PhaseAction::Submit)?;
    Ok(changes.phase(Row::Changed(phase), EventKind::PhaseAwaitingApproval))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_feature_follows_its_counts() {
        use FeatureAction::{Complete, Empty, Prepare, Reopen};
        use FeatureStatus::{Completed, InProgress, Pending, Ready, Speccing};
        let tally = |tasks, passing| Tally { tasks, passing, ..Tally::default() };
        for (status, counts, action) in [
            (Pending, tally(0, 0), None),
            (Pending, tally(1, 0), Some(Prepare)),
            (Speccing, tally(1, 0), Some(Prepare)),
            (Ready, tally(1, 0), None),
            (Ready, tally(0, 0), Some(Empty)),
            (InProgress, tally(2, 1), None),
            (InProgress, tally(2, 2), Some(Complete)),
            (InProgress, tally(0, 0), Some(Empty)),
            (Completed, tally(2, 2), None),
            (Completed, tally(3, 2), Some(Reopen)),
            (Completed, tally(0, 0), Some(Empty)),
        ] {
            assert_eq!(feature_action(status, counts), action, "{status} {counts:?}");
        }
    }
}
