//! After tasks changed: their features follow, and the phase goes to its gate when that was the last of it.

use crate::changes::Changes;
use crate::error::Refused;
use crate::feature::Feature;
use crate::phase::Phase;
use crate::ports::{Counting, UnitOfWork};
use crate::rollup::{self, Moved};

/// Lets `known` (features as loaded) and every other feature that the change touches follow its tasks, then closes
/// `phase` when nothing in it is open. `gone` counts features that the same change deletes.
pub(super) async fn settle(
    unit: &mut dyn UnitOfWork,
    changes: &mut Changes,
    phase: &Phase,
    known: Vec<Feature>,
    gone: Moved,
) -> Result<(), Refused> {
    let known = with_neighbours(unit, changes, known).await?;
    let here: Vec<Feature> = known.into_iter().filter(|feature| feature.phase == phase.id).collect();
    let mut moved = rollup::follow_tasks(changes, here)?;
    moved.open_features += gone.open_features;
    moved.tasks += gone.tasks;
    if moved.may_close() {
        let tally = unit.tally(phase.id, Counting::Features).await?;
        if rollup::phase_submits(phase, &tally, moved) {
            rollup::submit(changes, phase.clone())?;
        }
    }
    Ok(())
}

/// Counters of features next door move when a prerequisite passes or goes, but only `ready` does; their status
/// follows only from `tasks` and `passing`, so only features whose own tasks changed need to be loaded.
async fn with_neighbours(
    unit: &mut dyn UnitOfWork,
    changes: &Changes,
    mut known: Vec<Feature>,
) -> Result<Vec<Feature>, Refused> {
    for id in changes.shifted_features() {
        let shift = changes.shift_of(id);
        let moves_status = shift.tasks != 0 || shift.passing != 0;
        if moves_status && !known.iter().any(|feature| feature.id == id) {
            known.extend(unit.feature(id).await?);
        }
    }
    Ok(known)
}
