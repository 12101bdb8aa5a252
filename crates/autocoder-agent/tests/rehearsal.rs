//! A rehearsal against a server of tools that is a real child process.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails here")]

use std::future::pending;
use std::path::Path;
use std::time::Duration;

use autocoder_agent::runner::rehearsal::{PlayError, PlayOptions, RehearsalRunner, play};
use autocoder_agent::runner::{AgentEvent, AgentRunner, Ending, Exit, Stream};
use autocoder_core::run::RunOutcome;

struct Played {
    result: Result<RunOutcome, PlayError>,
    printed: String,
    calls: String,
}

impl Played {
    fn decoded(&self) -> (Vec<AgentEvent>, Ending) {
        let runner = RehearsalRunner { program: "x".into(), seed: 0, speed: 1.0, fail_rate: 0.0 };
        let mut decoder = runner.decoder();
        let events = self.printed.lines().flat_map(|line| decoder.push(Stream::Stdout, line)).collect();
        (events, decoder.finish(Exit::code(0)))
    }

    fn tools(&self) -> Vec<&str> {
        self.calls.lines().filter_map(|line| line.split(' ').next()).collect()
    }
}

fn options(dir: &Path, mode: &str) -> PlayOptions {
    let script = format!("{}/tests/samples/tools.py", env!("CARGO_MANIFEST_DIR"));
    PlayOptions {
        run_id: "7".into(),
        seed: 1,
        speed: 1e6,
        fail_rate: 0.0,
        mcp_program: "python3".into(),
        mcp_args: vec![script, dir.join("calls").display().to_string(), mode.to_owned()],
    }
}

async fn played(change: impl FnOnce(PlayOptions) -> PlayOptions, mode: &str, stop: impl Future<Output = ()>) -> Played {
    let dir = tempfile::tempdir().unwrap();
    let mut printed = vec![];
    let result = play(change(options(dir.path(), mode)), &mut printed, stop).await;
    let calls = std::fs::read_to_string(dir.path().join("calls")).unwrap_or_default();
    Played { result, printed: String::from_utf8(printed).unwrap(), calls }
}

#[tokio::test]
async fn one_task_is_claimed_worked_on_and_passed() {
    let played = played(|options| options, "work", pending()).await;
    assert_eq!(played.result.as_ref().unwrap(), &RunOutcome::Completed);
    assert_eq!(played.tools(), ["task_get_next", "usage_should_continue", "task_mark_passing"]);
    assert!(played.calls.contains(r#"task_mark_passing {"task_id": 42}"#), "{}", played.calls);
    let (events, ending) = played.decoded();
    assert_eq!(ending, Ending::new(RunOutcome::Completed, None));
    let usage: Vec<_> = events.iter().filter(|event| matches!(event, AgentEvent::Usage(_))).collect();
    assert_eq!(usage.len(), 6);
}

#[tokio::test]
async fn the_same_seed_prints_the_same() {
    let first = played(|options| options, "work", pending()).await;
    let same = played(|options| options, "work", pending()).await;
    let other = played(|options| PlayOptions { seed: 2, ..options }, "work", pending()).await;
    assert_eq!(first.printed, same.printed);
    assert_ne!(first.printed, other.printed);
}

#[tokio::test]
async fn each_ending_has_its_outcome_and_its_last_call() {
    let cases = [
        ("empty", 0.0, RunOutcome::Completed, "nothing to do: project_complete", "task_get_next"),
        ("stop", 0.0, RunOutcome::Released, "`usage_should_continue` said stop", "task_release"),
        ("work", 1.0, RunOutcome::Failed, "rehearsed a failure", "usage_should_continue"),
        ("refuse", 0.0, RunOutcome::Failed, "`task_mark_passing` failed: npm test failed", "task_mark_passing"),
        ("die", 0.0, RunOutcome::Failed, "", "task_get_next"),
    ];
    for (mode, fail_rate, outcome, detail, last_call) in cases {
        let played = played(|options| PlayOptions { fail_rate, ..options }, mode, pending()).await;
        let (_, ending) = played.decoded();
        assert_eq!(ending.outcome, outcome, "{mode}: {ending:?}");
        assert!(ending.detail.as_ref().unwrap().contains(detail), "{mode}: {ending:?}");
        assert_eq!(played.tools().last(), Some(&last_call), "{mode}");
    }
}

#[tokio::test]
async fn a_stop_hands_the_task_back() {
    let dir = tempfile::tempdir().unwrap();
    let calls = dir.path().join("calls");
    let claimed = async {
        while !calls.exists() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    };
    let mut printed = vec![];
    let result = play(PlayOptions { speed: 1.0, ..options(dir.path(), "work") }, &mut printed, claimed).await;
    assert_eq!(result.unwrap(), RunOutcome::Released);
    let calls = std::fs::read_to_string(&calls).unwrap();
    let last = calls.lines().last().unwrap();
    assert!(last.starts_with("task_release ") && last.contains("\"task_id\": 42"), "{calls}");
}

#[tokio::test]
async fn a_server_that_is_none_is_a_misconfiguration() {
    for program in ["/no/such/program", "true"] {
        let played = played(|options| PlayOptions { mcp_program: program.into(), ..options }, "work", pending()).await;
        assert!(matches!(played.result, Err(PlayError::Start { .. } | PlayError::Handshake(_))));
        assert_eq!(played.decoded().1.outcome, RunOutcome::Misconfigured);
    }
}
