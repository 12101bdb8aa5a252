//! `autocoder simulate`: what a budget will finish of a plan.

use std::time::{Duration, Instant};

use autocoder_tests::{Autocoder, plan_of};
use serde_json::{Value, json};

#[test]
fn the_plan_of_a_project_is_played_against_what_is_left() {
    let autocoder = Autocoder::with_plan();
    let found = autocoder.json(&["simulate", "--project", "p"]);
    assert_eq!((&found["limit_tokens"], &found["left_tokens"]), (&json!(1_000_000), &json!(1_000_000)));
    assert_eq!((&found["plays"], &found["agents"], &found["learned_from"]), (&json!(200), &json!(1), &json!(0)));
    let outcome = &found["policies"][0];
    assert_eq!(outcome["policy"], "default");
    assert_eq!(outcome["position"]["median"], "the whole plan (phases 1–2)");
    assert_eq!((&outcome["features"]["median"], &outcome["tokens_unfinished"]["high"]), (&json!(3), &json!(0)));
    assert_eq!(found, twice(&autocoder, &found), "the same seed gives the same plays, only later");
    let text = autocoder.ok(&["simulate"]);
    for part in ["1,000,000 of 1,000,000 tokens left, until ", "a guess: no task is finished yet", "approved at once"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(text.contains("Finished when it is over: the whole plan (phases 1–2)"), "{text}");
    let (_, events, _) = autocoder.everything();
    autocoder.ok(&["simulate", "--policy", "seed,priority"]);
    assert_eq!(autocoder.everything().1, events, "nothing is changed");
}

/// The same simulation once more, with the moments of the first.
fn twice(autocoder: &Autocoder, first: &Value) -> Value {
    let mut again = autocoder.json(&["simulate", "--project", "p"]);
    again["starts_at"] = first["starts_at"].clone();
    again["policies"][0]["ends_at"] = first["policies"][0]["ends_at"].clone();
    again["policies"][0]["by_phase"] = first["policies"][0]["by_phase"].clone();
    again
}

#[test]
fn a_plan_file_is_played_without_an_import() {
    let autocoder = Autocoder::new();
    let file = autocoder.file("plan.yaml", plan_of(12, 4));
    let file = file.to_str().unwrap();
    let played = |more: &[&str]| autocoder.json(&[&["simulate", "--plan", file, "--plays", "40"], more].concat());
    let all = played(&["--budget", "100000000", "--agents", "3"]);
    assert_eq!((&all["policies"][0]["complete_percentage"], &all["agents"]), (&json!(100.0), &json!(3)));
    let none = played(&["--budget", "0", "--policy", "default", "--policy", "priority,seed,default"]);
    let policies = none["policies"].as_array().unwrap();
    let names: Vec<_> = policies.iter().map(|outcome| &outcome["policy"]).collect();
    assert_eq!(names, ["default", "priority", "seed"]);
    assert!(policies.iter().all(|outcome| outcome["tokens_used"]["high"] == 0 && outcome["features"]["high"] == 0));
    let some = played(&["--budget", "300000"]);
    let outcome = &some["policies"][0];
    assert!(outcome["position"]["median"].as_str().unwrap().ends_with("of 12 features of phase 1"), "{outcome}");
    assert!(outcome["tokens_used"]["high"].as_u64().unwrap() <= 300_000, "{outcome}");
    assert_ne!(played(&["--budget", "300000", "--seed", "2"])["policies"], some["policies"]);
    let text = autocoder.ok(&[
        "simulate",
        "--plan",
        file,
        "--budget",
        "300000",
        "--policy",
        "default,seed",
        "--gate-hours",
        "8",
    ]);
    assert!(text.contains("POLICY") && text.contains("approved 8 hours after the last task"), "{text}");
    assert_eq!(autocoder.json(&["project", "list"])["items"], json!([]));
}

#[test]
fn a_plan_file_is_played_with_what_a_project_has_left() {
    let autocoder = Autocoder::with_plan();
    let file = autocoder.file("plan.yaml", plan_of(3, 2));
    autocoder.ok(&["usage", "budgets", "add", "50000", "--project", "p"]);
    let found = autocoder.json(&["simulate", "--plan", file.to_str().unwrap(), "--project", "p"]);
    assert_eq!((&found["limit_tokens"], &found["features"]), (&json!(50_000), &json!(3)));
}

#[test]
fn a_bad_simulation_is_told_the_rule() {
    let autocoder = Autocoder::with_plan();
    let file = autocoder.file("plan.yaml", plan_of(1, 1));
    let broken = autocoder.file("broken.yaml", "version: 1\n");
    autocoder.bad(2, &["simulate", "--plan", file.to_str().unwrap()], "--budget is needed with --plan");
    autocoder.bad(2, &["simulate", "--plan", broken.to_str().unwrap(), "--budget", "1"], "has 2 problems");
    autocoder.bad(2, &["simulate", "--plan", "/no/such/file", "--budget", "1"], "cannot read `/no/such/file`");
    autocoder.bad(3, &["simulate", "--project", "q"], "there is no project `q`");
    for (arguments, message) in [
        (["--agents", "0"], "1..=64"),
        (["--agents", "65"], "1..=64"),
        (["--plays", "0"], "1..=100000"),
        (["--budget", "-1"], "--budget <TOKENS>"),
        (["--budget", "many"], "--budget"),
        (["--gate-hours", "9000"], "0..=8760"),
        (["--policy", "random"], "must be `default`, `priority` or `seed`"),
        (["--seed", "x"], "--seed"),
    ] {
        autocoder.bad(2, &[&["simulate"], &arguments[..]].concat(), message);
    }
}

#[test]
fn two_hundred_plays_of_five_hundred_tasks_take_seconds() {
    let autocoder = Autocoder::new();
    let file = autocoder.file("plan.yaml", plan_of(50, 10));
    let start = Instant::now();
    autocoder.ok(&["simulate", "--plan", file.to_str().unwrap(), "--budget", "5000000", "--agents", "4"]);
    assert!(start.elapsed() < Duration::from_secs(60), "{:?}", start.elapsed());
}
