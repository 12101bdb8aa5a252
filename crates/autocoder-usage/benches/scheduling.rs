//! Scheduling quality: on 1,000 random plans, how many features each policy finishes of the most that anybody could who
//! knew every cost. What the plans and the bound are stands in docs/guide/simulate.md.

#![expect(clippy::unwrap_used, reason = "a benchmark ends where it cannot measure")]
#![expect(clippy::print_stdout, reason = "a benchmark prints what it measures")]

use std::time::Duration;

use autocoder_core::ids::ProjectId;
use autocoder_core::plan::{PlanDocument, PlanFeature, PlanPhase, PlanTask};
use autocoder_core::scheduler::BandThresholds;
use autocoder_core::time::Timestamp;
use autocoder_usage::estimate::{Estimates, Observation, PRIOR_TOKENS};
use autocoder_usage::simulate::random::Generator;
use autocoder_usage::simulate::{Policy, Purse, Stage, Terms, plan_of, play};

const PLANS: u64 = 1_000;
const PHASES: u64 = 4;
/// The spread of the logarithm of a task's cost; the first is the figure, the others show how it depends on this.
const SPREADS: [f64; 4] = [0.5, 0.0, 0.3, 0.9];
/// Finished tasks from which the scheduler has learned what tasks cost.
const LEARNED: u64 = 400;

/// A plan with what its tasks will cost.
struct Case {
    stage: Stage,
    costs: Vec<u64>,
    /// What the features of each phase cost.
    phases: Vec<Vec<u64>>,
    budget: u64,
}

fn main() {
    for spread in SPREADS {
        let estimates = learned(spread);
        let cases: Vec<Case> = (0..PLANS).map(|number| case(number, spread)).collect();
        let bound: usize = cases.iter().map(|case| bound(case, case.budget)).sum();
        let spendable: usize = cases.iter().map(bound_above_the_reserve).sum();
        println!("spread {spread}: the bound is {bound} features; {spendable} with the 95 % that new work may use");
        let usual = BandThresholds::default();
        let late = BandThresholds { critical_bp: 1, low_bp: 1, moderate_bp: 10_000 };
        for (name, policy, thresholds) in [
            ("default", Policy::Default, usual),
            ("default, completion first, no reserve", Policy::Default, late),
            ("priority", Policy::Priority, usual),
            ("seed", Policy::Seed, usual),
        ] {
            let finished: usize = cases.iter().map(|case| finished(case, policy, thresholds, &estimates)).sum();
            let (whole, above) = (share(finished, bound), share(finished, spendable));
            println!(
                "  {name}: {finished} features, {whole:.1} % of the bound, {above:.1} % of the bound above the reserve"
            );
        }
    }
}

fn share(part: usize, whole: usize) -> f64 {
    100.0 * part as f64 / whole as f64
}

fn finished(case: &Case, policy: Policy, thresholds: BandThresholds, estimates: &Estimates) -> usize {
    let terms = Terms {
        purses: vec![Purse::once(case.budget)],
        estimates: estimates.clone(),
        thresholds,
        starts_at: Timestamp(0),
        ends_at: None,
        gate: Duration::ZERO,
    };
    play(&case.stage, &terms, policy, &case.costs).finished()
}

/// The most features that cost at most `budget` together, where a phase counts only once all before it are whole: whole
/// phases as long as they can be paid, then the cheapest features of the next.
fn bound(case: &Case, budget: u64) -> usize {
    let (mut left, mut count) = (budget, 0);
    for phase in &case.phases {
        let mut costs = phase.clone();
        costs.sort_unstable();
        for cost in costs {
            if cost > left {
                return count;
            }
            (left, count) = (left - cost, count + 1);
        }
    }
    count
}

fn bound_above_the_reserve(case: &Case) -> usize {
    bound(case, case.budget - case.budget / 10_000 * u64::from(BandThresholds::default().critical_bp))
}

fn learned(spread: f64) -> Estimates {
    let mut dice = Generator::new(&[u64::MAX]);
    let observation = |number: u64| {
        let complexity = (number % 5) as u8 + 1;
        Observation {
            project: ProjectId(1),
            model: "m".to_owned(),
            complexity,
            tokens: cost(&mut dice, complexity, spread),
        }
    };
    Estimates::learn(&(0..LEARNED).map(observation).collect::<Vec<_>>())
}

fn cost(dice: &mut Generator, complexity: u8, spread: f64) -> u64 {
    (PRIOR_TOKENS[usize::from(complexity) - 1].ln() + spread * dice.normal()).exp() as u64
}

fn case(number: u64, spread: f64) -> Case {
    let mut dice = Generator::new(&[20_261_123, number]);
    let document = document(&mut dice);
    let feature = |dice: &mut Generator, feature: &PlanFeature| -> Vec<u64> {
        feature.tasks.iter().map(|task| cost(dice, task.complexity, spread)).collect()
    };
    let costs: Vec<Vec<Vec<u64>>> = document
        .phases
        .iter()
        .map(|phase| phase.features.iter().map(|one| feature(&mut dice, one)).collect())
        .collect();
    let phases = costs.iter().map(|phase| phase.iter().map(|tasks| tasks.iter().sum()).collect()).collect();
    let costs: Vec<u64> = costs.into_iter().flatten().flatten().collect();
    let budget = (costs.iter().sum::<u64>() as f64 * (0.25 + 0.65 * dice.share())) as u64;
    let agents = dice.between(1, 4) as u32;
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let (project, rows) = runtime.block_on(plan_of(document, Timestamp(0))).unwrap();
    Case { stage: Stage::new(project, rows, agents), costs, phases, budget }
}

/// 5 to 10 features a phase, 2 to 8 tasks a feature, of which about half wait for an earlier one of it.
fn document(dice: &mut Generator) -> PlanDocument {
    let phases = (0..PHASES).map(|phase| PlanPhase {
        name: format!("Phase {phase}"),
        features: (0..dice.between(5, 10)).map(|place| feature(dice, &format!("{phase}.{place}"))).collect(),
        ..PlanPhase::default()
    });
    PlanDocument { phases: phases.collect(), ..PlanDocument::default() }
}

fn feature(dice: &mut Generator, name: &str) -> PlanFeature {
    let task = |dice: &mut Generator, place: u64| PlanTask {
        name: format!("Task {name}.{place}"),
        complexity: dice.between(1, 5) as u8,
        depends_on: match place {
            1.. if dice.share() < 0.5 => vec![(format!("Task {name}.{}", dice.between(0, place - 1)), 0)],
            _ => Vec::new(),
        },
        ..PlanTask::default()
    };
    let tasks = (0..dice.between(2, 8)).map(|place| task(dice, place)).collect();
    PlanFeature { name: format!("Feature {name}"), tasks, ..PlanFeature::default() }
}
