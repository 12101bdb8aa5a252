//! Bounded faults: `autocoder run` is killed with SIGKILL at random moments, and nothing acknowledged is lost.

#![expect(clippy::unwrap_used, reason = "a test ends where its parts fail")]

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::Duration;

use autocoder_tests::{Autocoder, plan_of};

const KILLS: u64 = 50;

/// A small generator of moments; the same seed gives the same ones.
fn next(state: &mut u64) -> u64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    *state
}

/// The ids of tasks that `run` said had passed.
fn run_and_kill(autocoder: &Autocoder, after: Duration) -> BTreeSet<i64> {
    let mut child = autocoder
        .command(&["run", "--project", "p", "--agent", "rehearsal", "--agents", "2", "--speed", "5000", "--seed", "7"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let stdout = child.stdout.take().unwrap();
    let killer = std::thread::spawn(move || {
        std::thread::sleep(after);
        child.kill().unwrap();
        child.wait().unwrap();
    });
    let lines = BufReader::new(stdout).lines().map_while(Result::ok);
    let passed = lines.filter_map(|line| line.split_once("passed ").and_then(|(_, rest)| first_number(rest))).collect();
    killer.join().unwrap();
    passed
}

fn first_number(text: &str) -> Option<i64> {
    text.split_whitespace().next()?.parse().ok()
}

fn tasks_with(autocoder: &Autocoder, status: &str) -> BTreeSet<i64> {
    let list = autocoder.json(&["task", "list", "--project", "p", "--status", status, "--limit", "1000"]);
    list["items"].as_array().unwrap().iter().map(|task| task["id"].as_i64().unwrap()).collect()
}

#[test]
fn killing_run_fifty_times_loses_no_acknowledged_change_and_leaves_no_task_claimed() {
    let autocoder = Autocoder::new();
    autocoder.ok(&["init", autocoder.folder("p").to_str().unwrap(), "--name", "p"]);
    let plan = autocoder.file("plan.yaml", plan_of(10, 40));
    autocoder.ok(&["plan", "import", plan.to_str().unwrap(), "--project", "p"]);

    let mut random = 0x9e37_79b9_7f4a_7c15;
    let mut acknowledged = BTreeSet::new();
    for _ in 0..KILLS {
        let after = Duration::from_millis(20 + next(&mut random) % 700);
        acknowledged.extend(run_and_kill(&autocoder, after));
        let passing = tasks_with(&autocoder, "passing");
        assert!(acknowledged.is_subset(&passing), "lost: {:?}", acknowledged.difference(&passing));
    }

    let run = ["run", "--project", "p", "--agent", "rehearsal", "--agents", "4", "--speed", "100000"];
    let ended = autocoder.ok(&run);
    assert!(ended.contains("PHASE COMPLETE: Phase 1"), "{ended}");
    assert_eq!(tasks_with(&autocoder, "passing").len(), 400);
    assert!(tasks_with(&autocoder, "in_progress").is_empty());
    assert!(!acknowledged.is_empty(), "no task passed between the kills: the moments are too short");
    assert_no_process_left(&autocoder);
}

/// Every process of an agent carries its run's id; none may outlive the runs.
fn assert_no_process_left(autocoder: &Autocoder) {
    let listed = Command::new("ps").args(["-eo", "args"]).output().unwrap();
    let marker = autocoder.data_dir().display().to_string();
    let text = String::from_utf8_lossy(&listed.stdout).into_owned();
    let left: Vec<_> = text.lines().filter(|line| line.contains(&marker)).collect();
    assert!(left.is_empty(), "{left:?}");
}
