//! Plays of plans: the same for the same seed, never over the budget, and as the use cases would have it.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use autocoder_core::budget::Period;
use autocoder_core::event::Actor;
use autocoder_core::ids::{AgentId, ProjectId};
use autocoder_core::memory::MemoryStore;
use autocoder_core::plan::PlanDocument;
use autocoder_core::ports::{Out, Store, UsageMeter};
use autocoder_core::scheduler::{BandThresholds, UsageLevel};
use autocoder_core::time::Timestamp;
use autocoder_core::workflow::{self, Claiming, Context, Fence};
use autocoder_testkit::builder::Plan;
use autocoder_testkit::clock::TestClock;
use autocoder_usage::estimate::Estimates;
use autocoder_usage::gauge::available_bp;
use autocoder_usage::simulate::{Plays, Policy, Purse, Simulation, Stage, Terms, draw, plan_of, play, simulate};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

const HOUR_S: i64 = 3_600;

/// Phases of features of tasks by complexity, the lines of a plan file.
fn document(phases: &[Vec<Vec<u8>>]) -> PlanDocument {
    let mut text = "version: 1\nproject: {name: p}\nphases:\n".to_owned();
    for (phase, features) in phases.iter().enumerate() {
        text += &format!("- name: Phase {phase}\n  features:\n");
        for (feature, tasks) in features.iter().enumerate() {
            text += &format!("  - name: Feature {phase}.{feature}\n    tasks:\n");
            for (task, complexity) in tasks.iter().enumerate() {
                text += &format!("    - {{name: Task {phase}.{feature}.{task}, complexity: {complexity}}}\n");
            }
        }
    }
    autocoder_core::plan::parse(text.as_bytes()).unwrap()
}

fn stage(phases: &[Vec<Vec<u8>>], agents: u32) -> Stage {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let (project, rows) = runtime.block_on(plan_of(document(phases), Timestamp(0))).unwrap();
    Stage::new(project, rows, agents)
}

fn terms(purses: Vec<Purse>) -> Terms {
    Terms {
        purses,
        estimates: Estimates::default(),
        thresholds: BandThresholds::default(),
        starts_at: Timestamp(0),
        ends_at: None,
        gate: Duration::ZERO,
    }
}

fn shop() -> Vec<Vec<Vec<u8>>> {
    vec![
        vec![vec![3, 2], vec![1, 4, 2], vec![3]],
        vec![vec![5, 1], vec![2, 2, 2], vec![3, 3], vec![1]],
        vec![vec![4, 4], vec![3]],
    ]
}

fn played(budget: u64, agents: u32, policy: Policy) -> Simulation {
    let plays = Plays { count: 60, seed: 7, policies: vec![policy] };
    simulate(&stage(&shop(), agents), &terms(vec![Purse::once(budget)]), &plays)
}

#[test]
fn the_same_seed_gives_the_same_answer_and_another_one_another() {
    let plays = |seed| Plays { count: 20, seed, policies: Policy::ALL.to_vec() };
    let (stage, terms) = (stage(&shop(), 2), terms(vec![Purse::once(150_000)]));
    assert_eq!(simulate(&stage, &terms, &plays(1)), simulate(&stage, &terms, &plays(1)));
    assert_ne!(simulate(&stage, &terms, &plays(1)).policies, simulate(&stage, &terms, &plays(2)).policies);
}

#[test]
fn everything_is_finished_with_a_large_budget_and_nothing_without() {
    for policy in Policy::ALL {
        for agents in [1, 3] {
            let large = played(1_000_000_000, agents, policy);
            let all = &large.policies[0];
            assert_eq!((all.features.low, all.phases.low, all.complete_percentage), (9, 3, 100.0), "{policy:?}");
            assert_eq!((all.tokens_unfinished.high, all.tokens_used), (0, large.tokens_needed), "{policy:?}");
            let none = &played(0, agents, policy).policies[0];
            assert_eq!((none.features.high, none.tokens_used.high), (0, 0), "{policy:?}");
        }
    }
    let all = &played(1_000_000_000, 2, Policy::Default).policies[0];
    assert_eq!(all.position.median, "the whole plan (phases 1–3)");
}

#[test]
fn nothing_is_limited_without_a_budget() {
    let found =
        simulate(&stage(&shop(), 1), &terms(vec![]), &Plays { count: 3, seed: 0, policies: vec![Policy::Default] });
    assert_eq!((found.limit_tokens, found.policies[0].complete_percentage), (None, 100.0));
}

#[test]
fn the_budget_is_never_overspent_and_more_of_it_finishes_no_less_on_average() {
    for policy in Policy::ALL {
        for agents in [1, 4] {
            let stage = stage(&shop(), agents);
            let averages = [40_000, 120_000, 200_000, 300_000, 500_000, 900_000].map(|budget| {
                let terms = terms(vec![Purse::once(budget)]);
                let played = (0..100).map(|number| {
                    let played = play(&stage, &terms, policy, &draw(&stage, &terms.estimates, 3, number));
                    assert!(played.spent <= budget, "{policy:?} {budget}");
                    assert!(played.unfinished <= played.spent, "{policy:?} {budget}");
                    played.finished()
                });
                played.sum::<usize>()
            });
            assert!(averages.is_sorted(), "{policy:?} {averages:?}");
        }
    }
}

#[test]
fn the_policies_differ_where_the_rest_of_the_budget_counts() {
    // Three features of 10 tasks, of which one is begun by each agent; what is left pays for one.
    let stage = stage(&[vec![vec![2; 10], vec![2; 2], vec![2; 2], vec![2; 2]]], 1);
    let costs = vec![10_000; 16];
    let finished =
        |policy| play(&stage, &terms(vec![Purse { used: 76_000, ..Purse::once(100_000) }]), policy, &costs).finished();
    assert_eq!(finished(Policy::Default), 1, "the smallest feature first");
    assert_eq!(finished(Policy::Priority), 0, "the first feature first, which is too large");
    assert_eq!(finished(Policy::Seed), 0);
}

#[test]
fn the_seed_hands_out_tasks_of_later_phases_and_those_of_others() {
    let stage = stage(&[vec![vec![5]], vec![vec![1, 1]]], 2);
    let terms = terms(vec![Purse { used: 76_000, ..Purse::once(100_000) }]);
    let handed_out = play(&stage, &terms, Policy::Seed, &[5_000, 1_000, 1_000]).handed_out;
    assert_eq!(&handed_out[..2], &[0, 0], "the second agent is given the task of the first");
}

#[test]
fn work_waits_for_the_gate_and_for_the_reset() {
    let stage = stage(&[vec![vec![1]], vec![vec![1]]], 1);
    let gate = Terms { gate: Duration::from_secs(36_000), ..terms(vec![]) };
    let played = play(&stage, &gate, Policy::Default, &[15, 15]);
    assert!((10 * HOUR_S..10 * HOUR_S + 5).contains(&played.ended_at.seconds()), "{played:?}");
    let daily = Purse { limit: 100, used: 0, period: Some(Period::Daily { time_zone: "UTC".to_owned() }) };
    let played = play(&stage, &terms(vec![daily.clone()]), Policy::Default, &[99, 50]);
    assert_eq!((played.finished(), played.ended_at.seconds() / (24 * HOUR_S)), (2, 1), "{played:?}");
    let until = Terms { ends_at: Some(Timestamp(0).plus_seconds(12 * HOUR_S)), ..terms(vec![daily]) };
    let played = play(&stage, &until, Policy::Default, &[99, 50]);
    assert_eq!((played.finished(), played.complete), (1, false), "{played:?}");
    let never = Purse { limit: 0, used: 0, period: Some(Period::Daily { time_zone: "UTC".to_owned() }) };
    assert_eq!(play(&stage, &terms(vec![never]), Policy::Default, &[99, 50]).finished(), 0);
}

/// What is left of a budget, told by hand.
struct Meter {
    limit: u64,
    spent: AtomicU64,
}

#[async_trait]
impl UsageMeter for Meter {
    async fn level(&self, _: ProjectId) -> Out<UsageLevel> {
        let available_bp = available_bp(self.spent.load(Ordering::Relaxed), Some(self.limit));
        Ok(UsageLevel { available_bp, ..UsageLevel::default() })
    }
}

/// One agent works on the plan through the use cases until it is given nothing; the tasks by their places.
async fn worked(document: PlanDocument, limit: u64, costs: &[u64]) -> Vec<usize> {
    let (clock, actor) = (TestClock::default(), Actor::Person("ann".to_owned()));
    let (store, meter) = (MemoryStore::new(clock.reader()), Meter { limit, spent: AtomicU64::new(0) });
    let cx = Context { store: &store, usage: &meter, actor: &actor, request: None };
    let project = Plan::new("p").create(&cx).await.unwrap();
    workflow::import_plan(&cx, project, document).await.unwrap();
    let tasks: Vec<_> = store.queries().plan(project).await.unwrap().tasks.iter().map(|task| task.id).collect();
    let agent = AgentId("simulated-1".to_owned());
    let mut handed_out = Vec::new();
    while let Claiming::Task(claim) = workflow::claim_task(&cx, project, &agent, None).await.unwrap() {
        let place = tasks.iter().position(|id| *id == claim.task.id).unwrap();
        handed_out.push(place);
        if meter.spent.fetch_add(costs[place], Ordering::Relaxed) + costs[place] > limit {
            break;
        }
        let fence = Fence { agent: agent.clone(), attempt: claim.attempt() };
        workflow::pass_task(&cx, project, claim.task.id, &fence, Vec::new()).await.unwrap();
        // It is refused until the last task of the phase passes.
        let _ = workflow::approve_phase(&cx, project, claim.phase.id, "").await;
    }
    handed_out
}

#[test]
fn a_play_hands_out_what_the_use_cases_hand_out() {
    let plans = prop::collection::vec(prop::collection::vec(prop::collection::vec(1_u8..=5, 1..5), 1..5), 1..4);
    let strategy = (plans, prop::collection::vec(1_u64..30_000, 64), 20_000_u64..1_000_000);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    TestRunner::new(ProptestConfig { cases: 40, ..ProptestConfig::default() })
        .run(&strategy, |(plan, costs, limit)| {
            let played =
                play(&stage(&plan, 1), &terms(vec![Purse::once(limit)]), Policy::Default, &costs[..tasks(&plan)]);
            prop_assert_eq!(played.handed_out, runtime.block_on(worked(document(&plan), limit, &costs)));
            Ok(())
        })
        .unwrap();
}

fn tasks(plan: &[Vec<Vec<u8>>]) -> usize {
    plan.iter().flatten().map(Vec::len).sum()
}
