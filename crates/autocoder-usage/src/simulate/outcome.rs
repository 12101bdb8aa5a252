//! What many plays of one policy have in common: medians, and the range that holds 80 % of them.

use autocoder_core::ids::PhaseId;
use autocoder_core::time::Timestamp;
use serde::Serialize;

use super::play::Played;
use super::policy::Policy;
use super::stage::Stage;

/// A number over all plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Range {
    /// Half of the plays stay below.
    pub median: u64,
    /// A tenth of the plays stays below.
    pub low: u64,
    /// A tenth of the plays goes above.
    pub high: u64,
}

/// A moment over all plays that come to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Moments {
    /// Half of the plays are there by then.
    pub median: Timestamp,
    /// A tenth of the plays is earlier.
    pub earliest: Timestamp,
    /// A tenth of the plays is later.
    pub latest: Timestamp,
}

/// How far the plan comes, in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Position {
    /// In the middle of all plays.
    #[cfg_attr(feature = "openapi", schema(example = "phases 1–2 and 3 of 7 features of phase 3"))]
    pub median: String,
    /// At the low end of the 80 % range.
    pub low: String,
    /// At its high end.
    pub high: String,
}

/// What one policy comes to.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PolicyOutcome {
    /// The policy.
    pub policy: Policy,
    /// How far the plan comes.
    pub position: Position,
    /// Features that are finished at the end, earlier ones included.
    pub features: Range,
    /// Phases that are finished at the end, earlier ones included.
    pub phases: Range,
    /// Tasks that pass until then.
    pub tasks: Range,
    /// Tokens used.
    pub tokens_used: Range,
    /// Tokens used for features that are not finished at the end.
    pub tokens_unfinished: Range,
    /// When the last work ends: the budget is gone, or the plan, or the time.
    pub ends_at: Moments,
    /// In how many per cent of the plays the whole plan is finished.
    pub complete_percentage: f64,
    /// Every phase.
    pub by_phase: Vec<PhaseOutcome>,
}

/// What becomes of one phase.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PhaseOutcome {
    /// Its id; of a plan that is not imported: its place.
    pub id: PhaseId,
    /// Its name.
    pub name: String,
    /// Its features, those without tasks left out.
    pub features: u64,
    /// Features that are finished at the end, earlier ones included.
    pub finished: Range,
    /// In how many per cent of the plays the whole phase is finished.
    pub complete_percentage: f64,
    /// When it is, in those plays; null: in none, or before.
    pub finished_at: Option<Moments>,
}

impl Range {
    /// The range of these numbers; all 0 without any.
    #[must_use]
    pub fn of(numbers: impl IntoIterator<Item = u64>) -> Self {
        let mut numbers: Vec<u64> = numbers.into_iter().collect();
        numbers.sort_unstable();
        let at = |share: f64| {
            let place = (share * numbers.len().saturating_sub(1) as f64).round() as usize;
            numbers.get(place).copied().unwrap_or(0)
        };
        Self { median: at(0.5), low: at(0.1), high: at(0.9) }
    }
}

impl Moments {
    fn of(moments: impl IntoIterator<Item = Timestamp>) -> Option<Self> {
        let moments: Vec<u64> = moments.into_iter().map(|at| at.0.max(0) as u64).collect();
        let Range { median, low, high } = Range::of(moments.iter().copied());
        let at = |micros: u64| Timestamp(i64::try_from(micros).unwrap_or(i64::MAX));
        (!moments.is_empty()).then(|| Self { median: at(median), earliest: at(low), latest: at(high) })
    }
}

impl PolicyOutcome {
    /// The outcome of these plays of `stage`.
    #[must_use]
    pub fn of(stage: &Stage, policy: Policy, plays: &[Played]) -> Self {
        let sizes = stage.sizes();
        let over = |count: &dyn Fn(&Played) -> u64| Range::of(plays.iter().map(count));
        let before = stage.finished(None);
        let features = over(&|play| before + play.finished() as u64);
        let by_phase: Vec<_> = (0..stage.phases.len()).map(|place| phase(stage, place, plays)).collect();
        let told = |finished| match policy {
            Policy::Default | Policy::Priority => position(&sizes, finished),
            Policy::Seed => format!("{finished} of {} features", sizes.iter().sum::<u64>()),
        };
        let whole = |play: &Played| {
            (0..sizes.len()).filter(|place| of_phase(stage, *place, play) == sizes[*place] && sizes[*place] > 0).count()
        };
        Self {
            policy,
            position: Position { median: told(features.median), low: told(features.low), high: told(features.high) },
            features,
            phases: over(&|play| whole(play) as u64),
            tasks: over(&|play| play.tasks as u64),
            tokens_used: over(&|play| play.spent),
            tokens_unfinished: over(&|play| play.unfinished),
            ends_at: Moments::of(plays.iter().map(|play| play.ended_at)).unwrap_or(Moments {
                median: Timestamp(0),
                earliest: Timestamp(0),
                latest: Timestamp(0),
            }),
            complete_percentage: percentage(plays, |play| play.complete),
            by_phase,
        }
    }
}

fn of_phase(stage: &Stage, place: usize, play: &Played) -> u64 {
    let own = play.features.iter().zip(&stage.phase_of).filter(|(_, phase)| **phase == place);
    stage.finished(Some(place)) + own.filter(|(at, _)| at.is_some()).count() as u64
}

fn phase(stage: &Stage, place: usize, plays: &[Played]) -> PhaseOutcome {
    let features = stage.sizes()[place];
    PhaseOutcome {
        id: stage.phases[place].id,
        name: stage.phases[place].name.clone(),
        features,
        finished: Range::of(plays.iter().map(|play| of_phase(stage, place, play))),
        complete_percentage: percentage(plays, |play| of_phase(stage, place, play) == features),
        finished_at: Moments::of(plays.iter().filter_map(|play| play.phases[place])),
    }
}

fn percentage(plays: &[Played], wanted: impl Fn(&Played) -> bool) -> f64 {
    let count = plays.iter().filter(|play| wanted(play)).count();
    (1_000.0 * count as f64 / plays.len().max(1) as f64).round() / 10.0
}

/// "phases 1–2 and 3 of 7 features of phase 3", when the phases are filled one after the other.
fn position(sizes: &[u64], mut finished: u64) -> String {
    let mut whole = 0;
    for size in sizes {
        if *size > finished {
            let rest = format!("{finished} of {size} features of phase {}", whole + 1);
            return match (whole, finished) {
                (0, _) => rest,
                (_, 0) => phases(whole),
                _ => format!("{} and {rest}", phases(whole)),
            };
        }
        (finished, whole) = (finished - size, whole + 1);
    }
    if whole == 0 { "nothing".to_owned() } else { format!("the whole plan ({})", phases(whole)) }
}

fn phases(count: usize) -> String {
    if count == 1 { "phase 1".to_owned() } else { format!("phases 1–{count}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_names_whole_phases_and_the_part_of_the_next() {
        for (sizes, finished, expected) in [
            (&[4, 5, 7][..], 0, "0 of 4 features of phase 1"),
            (&[4, 5, 7], 3, "3 of 4 features of phase 1"),
            (&[4, 5, 7], 4, "phase 1"),
            (&[4, 5, 7], 5, "phase 1 and 1 of 5 features of phase 2"),
            (&[4, 5, 7], 9, "phases 1–2"),
            (&[4, 5, 7], 12, "phases 1–2 and 3 of 7 features of phase 3"),
            (&[4, 5, 7], 16, "the whole plan (phases 1–3)"),
            (&[4, 0, 7], 4, "phases 1–2"),
            (&[], 0, "nothing"),
        ] {
            assert_eq!(position(sizes, finished), expected, "{sizes:?} {finished}");
        }
    }

    #[test]
    fn a_range_holds_eighty_per_cent() {
        assert_eq!(Range::of(1..=11), Range { median: 6, low: 2, high: 10 });
        assert_eq!(Range::of([7]), Range { median: 7, low: 7, high: 7 });
        assert_eq!(Range::of([]), Range { median: 0, low: 0, high: 0 });
    }
}
