//! What the tasks of a plan cost in one play: drawn from the estimates, the same for every policy.

use super::random::Generator;
use super::stage::Stage;
use crate::estimate::Estimates;

/// No task costs more, whatever the estimates say.
const MOST: f64 = 1e12;

/// The tokens of the task at each place, in the play of that number. All estimates of a play are off in the same direction,
/// as they would be: how far follows from how much was learned.
#[must_use]
pub fn draw(stage: &Stage, estimates: &Estimates, seed: u64, number: u64) -> Vec<u64> {
    let level = Generator::new(&[seed, number]).normal();
    let cost = |(place, task): (usize, &autocoder_core::task::Task)| {
        let estimate = estimates.of(stage.project.id, "", task.complexity);
        let chance = Generator::new(&[seed, number, place as u64 + 1]).normal();
        let log = estimate.mu + estimate.mu_error() * level + estimate.sigma * chance;
        log.exp().clamp(1.0, MOST) as u64
    };
    stage.tasks.iter().enumerate().map(cost).collect()
}
