//! Plays a plan against a budget with the scheduler in force, in simulated time.
//!
//! Statuses, order, admission, bands and budgets are the rules of the core and of this crate, not copies of them; only the
//! store is a lean one, so that hundreds of plays take moments. A test compares it with the use cases on a real store.

mod costs;
mod document;
mod outcome;
mod play;
mod policy;
mod purse;
pub mod random;
mod scene;
mod stage;
mod world;

use autocoder_core::time::Timestamp;
use serde::Serialize;

pub use costs::draw;
pub use document::plan_of;
pub use outcome::{Moments, PhaseOutcome, PolicyOutcome, Position, Range};
pub use play::{Played, TOKENS_PER_SECOND, Terms, play};
pub use policy::{Policy, UnknownPolicy};
pub use purse::Purse;
pub use scene::{stage_of, terms_of};
pub use stage::Stage;

/// How often a plan is played, and by which policies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plays {
    /// How often; at least once.
    pub count: u64,
    /// The same seed gives the same plays.
    pub seed: u64,
    /// The policies to compare.
    pub policies: Vec<Policy>,
}

/// What a plan comes to.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Simulation {
    /// When the plays begin.
    pub starts_at: Timestamp,
    /// When they end at the latest; null: when the budget or the plan does.
    pub ends_at: Option<Timestamp>,
    /// How often the plan was played.
    pub plays: u64,
    /// What the plays were drawn from; the same seed gives the same plays.
    pub seed: u64,
    /// How many agents work.
    pub agents: u64,
    /// How many hours a person takes at a gate.
    pub gate_hours: f64,
    /// The tokens (input + output) of the tightest budget; null: nothing is limited.
    pub limit_tokens: Option<u64>,
    /// What is left of it.
    pub left_tokens: Option<u64>,
    /// From how many finished tasks the cost of a task of middling complexity was learned; 0: it is a guess.
    pub learned_from: u64,
    /// Features of the plan that have tasks.
    pub features: u64,
    /// Features without tasks, which are left out.
    pub features_without_tasks: u64,
    /// Features that are finished already.
    pub features_finished: u64,
    /// Tasks that do not pass yet.
    pub tasks_open: u64,
    /// What these take.
    pub tokens_needed: Range,
    /// What each policy comes to.
    pub policies: Vec<PolicyOutcome>,
}

/// Plays the stage.
#[must_use]
pub fn simulate(stage: &Stage, terms: &Terms, plays: &Plays) -> Simulation {
    let count = plays.count.max(1);
    let costs: Vec<_> = (0..count).map(|number| draw(stage, &terms.estimates, plays.seed, number)).collect();
    let outcome = |policy: &Policy| {
        let played: Vec<_> = costs.iter().map(|costs| play(stage, terms, *policy, costs)).collect();
        PolicyOutcome::of(stage, *policy, &played)
    };
    let need = |costs: &Vec<u64>| stage.open_tasks().map(|task| costs[task]).sum::<u64>();
    // The one that is empty first.
    let tightest = terms.purses.iter().min_by_key(|purse| purse.left());
    Simulation {
        starts_at: terms.starts_at,
        ends_at: terms.ends_at,
        plays: count,
        seed: plays.seed,
        agents: stage.agents.len() as u64,
        gate_hours: terms.gate.as_secs_f64() / 3_600.0,
        limit_tokens: tightest.map(|purse| purse.limit),
        left_tokens: tightest.map(Purse::left),
        learned_from: terms.estimates.of(stage.project.id, "", 3).learned_from.into(),
        features: stage.features.len() as u64,
        features_without_tasks: stage.without_tasks as u64,
        features_finished: stage.finished(None),
        tasks_open: stage.open_tasks().count() as u64,
        tokens_needed: Range::of(costs.iter().map(need)),
        policies: plays.policies.iter().map(outcome).collect(),
    }
}
