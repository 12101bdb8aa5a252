//! Which tasks can still be paid for: what is left of a budget, less what the work at hand is expected to take.

use autocoder_core::ids::ProjectId;
use autocoder_core::usage_record::InFlight;

use crate::estimate::{Estimate, Estimates};

/// What is left of a limit in tokens (input + output).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Left {
    /// What is left of it.
    pub left: u64,
    /// Of this the last part is never planned with: from there down nothing new is started.
    pub floor: u64,
}

/// The largest complexity of which 80 % of the tasks can be paid for; none: every one. Only what was learned from finished
/// tasks refuses: a guess keeps nothing from starting.
#[must_use]
pub fn affordable(left_of: Left, estimates: &Estimates, project: ProjectId, in_flight: &[InFlight]) -> Option<u8> {
    let learned = |estimate: &Estimate| estimate.learned_from > 0;
    let expected = |task: &InFlight| {
        let estimate = Some(estimates.of(task.project, "", task.complexity)).filter(learned);
        estimate.map_or(0.0, |estimate| (estimate.p80() - task.used as f64).max(0.0))
    };
    let reserved: f64 = in_flight.iter().map(expected).sum();
    let room = left_of.left as f64 - left_of.floor as f64 - reserved;
    let too_dear = |complexity: &u8| {
        let estimate = estimates.of(project, "", *complexity);
        learned(&estimate) && estimate.p80() > room
    };
    (1..=5).find(too_dear).map(|complexity: u8| complexity - 1)
}

/// How many tasks can be paid for, each at what 80 % of the tasks stay below, all complexities alike; none: nothing was
/// learned.
#[must_use]
pub fn payable_tasks(left_of: Left, estimates: &Estimates, project: ProjectId) -> Option<u32> {
    let each = (1..=5).map(|complexity| estimates.of(project, "", complexity));
    let learned = each.clone().any(|estimate| estimate.learned_from > 0);
    let dear = each.map(|estimate| estimate.p80()).sum::<f64>() / 5.0;
    learned.then(|| (left_of.left.saturating_sub(left_of.floor) as f64 / dear) as u32)
}

#[cfg(test)]
mod tests {
    use autocoder_core::usage_record::Observation;

    use super::*;

    const SHOP: ProjectId = ProjectId(1);

    /// Twenty tasks each of complexity 2 (always 10,000) and 4 (always 40,000).
    fn learned() -> Estimates {
        let task = |complexity, tokens| Observation { project: SHOP, model: "m".into(), complexity, tokens };
        let tasks: Vec<_> = (0..40).map(|n| if n % 2 == 0 { task(2, 10_000) } else { task(4, 40_000) }).collect();
        Estimates::learn(&tasks)
    }

    #[test]
    fn a_task_is_started_when_it_can_be_paid_for_beside_the_work_at_hand() {
        let estimates = learned();
        let [small, large] = [2, 4].map(|complexity| estimates.of(SHOP, "", complexity).p80());
        let held = |complexity, used| InFlight { project: SHOP, complexity, used };
        for (left, floor, in_flight, expected) in [
            (10.0 * large, 0.0, vec![], None),
            (large + 1.0, 0.0, vec![], None),
            (large - 1.0, 0.0, vec![], Some(3)),
            (large + 1.0, 5.0, vec![], Some(3)),
            (small - 1.0, 0.0, vec![], Some(1)),
            (large + small + 1.0, 0.0, vec![held(2, 0)], None),
            (large + small - 2.0, 0.0, vec![held(2, 0)], Some(3)),
            (large + small - 2.0, 0.0, vec![held(2, 5_000)], None),
            (large + 1.0, 0.0, vec![held(2, 1_000_000)], None),
        ] {
            let left_of = Left { left: left as u64, floor: floor as u64 };
            assert_eq!(affordable(left_of, &estimates, SHOP, &in_flight), expected, "{left} {floor} {in_flight:?}");
        }
    }

    #[test]
    fn what_is_above_the_floor_pays_for_so_many_tasks() {
        let estimates = learned();
        let dear = (1..=5).map(|complexity| estimates.of(SHOP, "", complexity).p80()).sum::<f64>() / 5.0;
        for (left, floor, tasks) in [(3.5, 0.0, 3), (3.5, 1.0, 2), (1.0, 2.0, 0)] {
            let left_of = Left { left: (left * dear) as u64, floor: (floor * dear) as u64 };
            assert_eq!(payable_tasks(left_of, &estimates, SHOP), Some(tasks), "{left} {floor}");
        }
        assert_eq!(payable_tasks(Left { left: 1, floor: 0 }, &Estimates::default(), SHOP), None);
    }

    #[test]
    fn a_guess_keeps_nothing_from_starting() {
        let nothing = Estimates::default();
        let held = [InFlight { project: SHOP, complexity: 5, used: 0 }];
        assert_eq!(affordable(Left { left: 1, floor: 0 }, &nothing, SHOP, &held), None);
    }
}
