//! One play: agents take tasks by a policy and spend tokens in simulated time, until the budget or the plan ends.

use std::time::Duration;

use autocoder_core::scheduler::{Band, BandThresholds, UsageLevel};
use autocoder_core::time::Timestamp;
use autocoder_core::usage_record::InFlight;

use super::policy::Policy;
use super::purse::{Purse, Purses};
use super::stage::Stage;
use super::world::World;
use crate::admission::{affordable, payable_tasks};
use crate::estimate::Estimates;

/// How many tokens (input + output) an agent uses in a second, the time of its tools and tests included. A guess, to be
/// measured; dates follow from it, and nothing else.
pub const TOKENS_PER_SECOND: u64 = 15;

/// After so many fillings of purses without a task to hand out, none will come: every hour of a rolling one in a month.
const PATIENCE: u32 = 744;

/// Under what a plan is played.
#[derive(Clone, Debug)]
pub struct Terms {
    /// The budgets; all count. None: nothing is limited.
    pub purses: Vec<Purse>,
    /// What the scheduler expects tasks to take.
    pub estimates: Estimates,
    /// Where the bands begin.
    pub thresholds: BandThresholds,
    /// When the play begins.
    pub starts_at: Timestamp,
    /// When it ends at the latest.
    pub ends_at: Option<Timestamp>,
    /// How long a person takes at a gate.
    pub gate: Duration,
}

/// How a play went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Played {
    /// When each feature was finished, by places; none: it was not, or before.
    pub features: Vec<Option<Timestamp>>,
    /// When the last feature of each phase was finished.
    pub phases: Vec<Option<Timestamp>>,
    /// Tasks that passed.
    pub tasks: usize,
    /// Tokens used.
    pub spent: u64,
    /// Tokens used for features that are not finished.
    pub unfinished: u64,
    /// Whether every feature is finished.
    pub complete: bool,
    /// When the last work ended.
    pub ended_at: Timestamp,
    /// The places of the tasks, in the order they were handed out.
    pub handed_out: Vec<usize>,
}

impl Played {
    /// How many features were finished.
    #[must_use]
    pub fn finished(&self) -> usize {
        self.features.iter().flatten().count()
    }
}

/// Plays the stage by `policy`, where the task at each place costs `costs` tokens.
#[must_use]
pub fn play(stage: &Stage, terms: &Terms, policy: Policy, costs: &[u64]) -> Played {
    let mut play = Play::new(stage, terms, policy, costs);
    while play.step() {}
    play.ended()
}

struct Run {
    agent: usize,
    task: usize,
    left: u64,
}

struct Play<'a> {
    terms: &'a Terms,
    policy: Policy,
    world: World<'a>,
    purses: Purses,
    /// What each task still costs.
    left: Vec<u64>,
    spent_on: Vec<u64>,
    runs: Vec<Run>,
    /// Tokens since the beginning, were one agent always at work: the clock.
    clock: u64,
    gate: Option<(usize, Timestamp)>,
    /// How often purses were filled since anything was handed out.
    fruitless: u32,
    played: Played,
}

impl<'a> Play<'a> {
    fn new(stage: &'a Stage, terms: &'a Terms, policy: Policy, costs: &[u64]) -> Self {
        let played = Played {
            features: vec![None; stage.features.len()],
            phases: vec![None; stage.phases.len()],
            tasks: 0,
            spent: 0,
            unfinished: 0,
            complete: false,
            ended_at: terms.starts_at,
            handed_out: Vec::new(),
        };
        Self {
            terms,
            policy,
            world: World::new(stage),
            purses: Purses::new(&terms.purses, terms.starts_at),
            left: costs.to_vec(),
            spent_on: vec![0; costs.len()],
            runs: Vec::new(),
            clock: 0,
            gate: None,
            fruitless: 0,
            played,
        }
    }

    fn now(&self) -> Timestamp {
        let seconds = self.clock / TOKENS_PER_SECOND;
        self.terms.starts_at.plus_seconds(i64::try_from(seconds).unwrap_or(i64::MAX))
    }

    /// Hands out what can be, then goes to the next moment at which something changes. False: there is none.
    fn step(&mut self) -> bool {
        self.hand_out();
        if self.runs.is_empty() && !self.world.has_work() {
            return false;
        }
        let (next_gate, next_reset) = (self.gate.map(|(_, at)| at), self.purses.next_reset());
        let waits = if self.fruitless >= PATIENCE { next_gate } else { earliest(next_gate, next_reset) };
        let stop = earliest(waits, self.terms.ends_at).map(|at| self.ticks_until(at));
        let finish = self.runs.iter().map(|run| run.left).min();
        if finish.is_none() && waits.is_none() {
            return false;
        }
        let Some(ticks) = finish.into_iter().chain(stop).min() else { return false };
        if let Some(dry) = self.dry_in().filter(|dry| *dry < ticks && !self.runs.is_empty()) {
            self.advance(dry);
            self.stop_all();
            return true;
        }
        self.advance(ticks);
        self.finish();
        self.pass_time();
        if self.terms.ends_at.is_some_and(|end| self.now() >= end) {
            self.stop_all();
            return false;
        }
        true
    }

    fn hand_out(&mut self) {
        for agent in 0..self.world.stage.agents.len() {
            if self.runs.iter().any(|run| run.agent == agent) || self.dry_in() == Some(0) {
                continue;
            }
            let level = self.level();
            let id = &self.world.stage.agents[agent];
            let Some(task) = self.policy.choose(&self.world, id, &level, self.now()) else { continue };
            self.world.claim(task);
            self.played.handed_out.push(task);
            self.runs.push(Run { agent, task, left: self.left[task] });
            self.fruitless = 0;
        }
    }

    /// The level as the meter reads it.
    fn level(&self) -> UsageLevel {
        let (available_bp, thresholds) = (self.purses.available_bp(), self.terms.thresholds);
        let (affordable, payable_tasks) = match Band::of(available_bp, &thresholds) {
            Band::Normal | Band::Critical => (None, None),
            Band::Moderate | Band::Low => self.affordable(),
        };
        UsageLevel { available_bp, thresholds, affordable, payable_tasks, ..UsageLevel::default() }
    }

    fn affordable(&self) -> (Option<u8>, Option<u32>) {
        let project = self.world.stage.project.id;
        let held = |run: &Run| InFlight {
            project,
            complexity: self.world.tasks[run.task].complexity,
            used: self.spent_on[run.task],
        };
        let in_flight: Vec<_> = self.runs.iter().map(held).collect();
        let purses = self.purses.left_of_each(self.terms.thresholds.critical_bp);
        let (mut complexities, mut tasks) = (Vec::new(), Vec::new());
        for purse in purses {
            complexities.extend(affordable(purse, &self.terms.estimates, project, &in_flight));
            tasks.extend(payable_tasks(purse, &self.terms.estimates, project));
        }
        (complexities.into_iter().min(), tasks.into_iter().min())
    }

    /// After how many more tokens of each run the tightest purse cannot pay for all of them.
    fn dry_in(&self) -> Option<u64> {
        self.purses.left().map(|left| left / (self.runs.len() as u64).max(1))
    }

    fn advance(&mut self, ticks: u64) {
        for run in &mut self.runs {
            run.left -= ticks;
            self.spent_on[run.task] += ticks;
        }
        let spent = ticks.saturating_mul(self.runs.len() as u64);
        self.played.spent += spent;
        self.purses.spend(spent);
        self.clock = self.clock.saturating_add(ticks);
        if !self.runs.is_empty() {
            self.played.ended_at = self.now();
        }
    }

    fn finish(&mut self) {
        let (done, runs) = std::mem::take(&mut self.runs).into_iter().partition(|run| run.left == 0);
        self.runs = runs;
        let now = self.now();
        for run in Vec::<Run>::into_iter(done) {
            self.played.tasks += 1;
            let finished = self.world.pass(run.task);
            if let Some(feature) = finished.feature {
                self.played.features[feature] = Some(now);
            }
            if let Some(phase) = finished.phase {
                self.played.phases[phase] = Some(now);
                let wait = i64::try_from(self.terms.gate.as_secs()).unwrap_or(i64::MAX);
                self.gate = self.world.has_work().then(|| (phase, now.plus_seconds(wait)));
            }
        }
    }

    /// Gates are approved and purses filled when their time has come.
    fn pass_time(&mut self) {
        let now = self.now();
        if let Some((phase, _)) = self.gate.take_if(|(_, at)| *at <= now) {
            self.world.approve(phase, now);
        }
        if self.purses.next_reset().is_some_and(|at| at <= now) {
            self.purses.reset(now);
            self.fruitless += 1;
        }
    }

    /// The budget is used up, or the time is over: what is at hand goes back and goes on later from where it stands.
    fn stop_all(&mut self) {
        for run in std::mem::take(&mut self.runs) {
            self.left[run.task] = run.left;
            self.world.release(run.task);
        }
    }

    fn ticks_until(&self, at: Timestamp) -> u64 {
        let seconds = at.seconds_since(self.terms.starts_at).max(0) as u64;
        let ticks = seconds.saturating_add(1).saturating_mul(TOKENS_PER_SECOND);
        ticks.saturating_sub(self.clock)
    }

    fn ended(self) -> Played {
        let open = |task: &usize| !self.is_finished(self.world.stage.feature_of[*task]);
        let unfinished = (0..self.spent_on.len()).filter(open).map(|task| self.spent_on[task]).sum();
        let complete = (0..self.played.features.len()).all(|feature| self.is_finished(feature));
        Played { unfinished, complete, ..self.played }
    }

    fn is_finished(&self, feature: usize) -> bool {
        self.world.features[feature].tally.open() == 0
    }
}

fn earliest(a: Option<Timestamp>, b: Option<Timestamp>) -> Option<Timestamp> {
    a.into_iter().chain(b).min()
}
