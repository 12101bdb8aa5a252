//! What a task will cost: learned from finished tasks, log-normal, shrunk towards wider pools.

mod isotonic;

use std::collections::BTreeMap;

use autocoder_core::ids::ProjectId;
use autocoder_core::ports::{Out, Store};
pub use autocoder_core::usage_record::Observation;
use autocoder_core::usage_record::ObservationQuery;

use isotonic::non_decreasing;

/// The median tokens (input + output) of a task of complexity 1 to 5, before anything is learned. A guess that is good to
/// a factor of two or three, to be measured; five observations weigh as much as it does.
pub const PRIOR_TOKENS: [f64; COMPLEXITIES] = [4_000.0, 8_000.0, 16_000.0, 30_000.0, 55_000.0];
/// The spread of the natural logarithm before anything is learned: 80 % of the tasks cost a third to three times the median.
pub const PRIOR_SIGMA: f64 = 0.9;
/// How many observations the next wider pool weighs.
const SHRINK: f64 = 5.0;
/// Tokens above this share of a complexity's observations count as if they lay on it.
const WINSOR: f64 = 0.95;
/// The standard normal distribution stays below this in 80 % of the cases.
const Z80: f64 = 0.8416;

/// From how many finished tasks is learned, the newest.
const LEARNED_TASKS: u64 = 2_000;

const COMPLEXITIES: usize = 5;

/// What a task is expected to cost in tokens (input + output): a log-normal distribution.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// The mean of the natural logarithm.
    pub mu: f64,
    /// Its standard deviation.
    pub sigma: f64,
    /// From how many finished tasks: those of the narrowest pool (project and model, project, all) that has any.
    pub learned_from: u32,
}

impl Estimate {
    /// Half of the tasks stay below.
    #[must_use]
    pub fn p50(&self) -> f64 {
        self.mu.exp()
    }

    /// 80 % of the tasks stay below.
    #[must_use]
    pub fn p80(&self) -> f64 {
        (self.mu + Z80 * self.sigma).exp()
    }

    /// The average, which is above the median.
    #[must_use]
    pub fn mean(&self) -> f64 {
        (self.mu + self.sigma * self.sigma / 2.0).exp()
    }

    /// How far `mu` itself may be off: its standard error, the prior counted as five observations.
    #[must_use]
    pub fn mu_error(&self) -> f64 {
        self.sigma / (f64::from(self.learned_from) + SHRINK).sqrt()
    }
}

/// Estimates for every project, model and complexity.
#[derive(Clone, Debug)]
pub struct Estimates {
    all: Pool,
    projects: BTreeMap<ProjectId, Pool>,
    models: BTreeMap<(ProjectId, String), Pool>,
}

impl Default for Estimates {
    fn default() -> Self {
        Self::learn(&[])
    }
}

impl Estimates {
    /// Learns from finished tasks; those without tokens say nothing.
    #[must_use]
    pub fn learn(observations: &[Observation]) -> Self {
        let logs = winsorised(observations);
        let prior = Pool { mu: PRIOR_TOKENS.map(f64::ln), sigma: PRIOR_SIGMA, counts: [0; COMPLEXITIES] };
        let all = prior.narrowed(&logs.iter().map(|(_, place, log)| (*place, *log)).collect::<Vec<_>>());
        let mut of_project: BTreeMap<ProjectId, Vec<Log>> = BTreeMap::new();
        let mut of_model: BTreeMap<(ProjectId, String), Vec<Log>> = BTreeMap::new();
        for (observation, place, log) in &logs {
            of_project.entry(observation.project).or_default().push((*place, *log));
            of_model.entry((observation.project, observation.model.clone())).or_default().push((*place, *log));
        }
        let projects: BTreeMap<_, _> = of_project.into_iter().map(|(id, logs)| (id, all.narrowed(&logs))).collect();
        let wider = |id: &ProjectId| projects.get(id).unwrap_or(&all);
        let models = of_model.into_iter().map(|(key, logs)| (key.clone(), wider(&key.0).narrowed(&logs))).collect();
        Self { all, projects, models }
    }

    /// What a task of `project` costs `model` at this complexity (1 to 5; others count as the nearest of these).
    #[must_use]
    pub fn of(&self, project: ProjectId, model: &str, complexity: u8) -> Estimate {
        let place = place(complexity);
        let own = self.models.get(&(project, model.to_owned()));
        let pools = [own, self.projects.get(&project), Some(&self.all)];
        let pools = || pools.iter().copied().flatten();
        let pool = pools().next().unwrap_or(&self.all);
        let learned_from = pools().map(|pool| pool.counts[place]).find(|count| *count > 0).unwrap_or(0);
        Estimate { mu: pool.mu[place], sigma: pool.sigma, learned_from }
    }
}

/// What finished tasks of all projects have taught: real work, or rehearsals.
///
/// # Errors
/// Only what the store refuses.
pub async fn read_estimates(store: &dyn Store, rehearsal: bool) -> Out<Estimates> {
    let query = ObservationQuery { rehearsal, tasks: LEARNED_TASKS };
    Ok(Estimates::learn(&store.accounting().observations(&query).await?))
}

/// The place of a complexity, and the natural logarithm of a task's tokens.
type Log = (usize, f64);

/// The estimates of one pool of observations. One spread for all complexities, so that every quantile grows with them.
#[derive(Clone, Debug)]
struct Pool {
    mu: [f64; COMPLEXITIES],
    sigma: f64,
    counts: [u32; COMPLEXITIES],
}

impl Pool {
    /// The pool of these observations, shrunk towards `self`.
    fn narrowed(&self, logs: &[Log]) -> Self {
        let (mut counts, mut sums) = ([0_u32; COMPLEXITIES], [0.0; COMPLEXITIES]);
        for (place, log) in logs {
            counts[*place] += 1;
            sums[*place] += log;
        }
        let mean = |place: usize| sums[place] / f64::from(counts[place]).max(1.0);
        let squares: f64 = logs.iter().map(|(place, log)| (log - mean(*place)).powi(2)).sum();
        let used = counts.iter().filter(|count| **count > 0).count() as f64;
        let freedom = logs.len() as f64 - used;
        let shrunk =
            std::array::from_fn(|place| (sums[place] + SHRINK * self.mu[place]) / (f64::from(counts[place]) + SHRINK));
        let weights = counts.map(|count| f64::from(count) + SHRINK);
        Self {
            mu: non_decreasing(shrunk, weights),
            sigma: ((squares + SHRINK * self.sigma.powi(2)) / (freedom + SHRINK)).sqrt(),
            counts,
        }
    }
}

fn place(complexity: u8) -> usize {
    usize::from(complexity.clamp(1, 5)) - 1
}

/// The logarithms, where outliers of each complexity are drawn in.
fn winsorised(observations: &[Observation]) -> Vec<(&Observation, usize, f64)> {
    let mut by_place: [Vec<u64>; COMPLEXITIES] = Default::default();
    let told = || observations.iter().filter(|observation| observation.tokens > 0);
    for observation in told() {
        by_place[place(observation.complexity)].push(observation.tokens);
    }
    let most = by_place.map(|mut tokens| {
        tokens.sort_unstable();
        let at = (tokens.len() as f64 * WINSOR).ceil() as usize;
        tokens.get(at.saturating_sub(1)).copied().unwrap_or(u64::MAX)
    });
    told()
        .map(|observation| {
            let place = place(observation.complexity);
            (observation, place, (observation.tokens.min(most[place]) as f64).ln())
        })
        .collect()
}

#[cfg(test)]
mod tests;
