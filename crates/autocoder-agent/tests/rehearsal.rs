//! A rehearsal against a server of tools that is a real child process.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails here")]

use std::collections::BTreeMap;
use std::future::pending;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use autocoder_agent::runner::rehearsal::{PlayError, PlayOptions, RehearsalRunner, play};
use autocoder_agent::runner::{AgentEvent, AgentRunner, BearerToken, Ending, Exit, McpEndpoint, Stream};
use autocoder_core::agent::Role;
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
    let args = vec![script, dir.join("calls").display().to_string(), mode.to_owned()];
    let mcp_config = written(dir, &McpEndpoint::Stdio { program: "python3".into(), args, env: BTreeMap::new() });
    PlayOptions {
        run_id: "7".into(),
        seed: 1,
        speed: 1e6,
        fail_rate: 0.0,
        role: Role::Coder,
        feature: None,
        phase: None,
        said: None,
        mcp_config,
    }
}

fn written(dir: &Path, endpoint: &McpEndpoint) -> PathBuf {
    let path = dir.join("mcp.json");
    std::fs::write(&path, endpoint.config()).unwrap();
    path
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
    let none = tempfile::tempdir().unwrap();
    let stdio = |program: &str| McpEndpoint::Stdio { program: program.into(), args: vec![], env: BTreeMap::new() };
    let url = "http://127.0.0.1:1/mcp".to_owned();
    for endpoint in
        [stdio("/no/such/program"), stdio("true"), McpEndpoint::Http { url, token: BearerToken("x".into()) }]
    {
        let mcp_config = written(none.path(), &endpoint);
        let played = played(|options| PlayOptions { mcp_config, ..options }, "work", pending()).await;
        assert!(matches!(played.result, Err(PlayError::Start { .. } | PlayError::Handshake(_))), "{endpoint:?}");
        assert_eq!(played.decoded().1.outcome, RunOutcome::Misconfigured);
    }
    let mcp_config = none.path().join("missing.json");
    let played = played(|options| PlayOptions { mcp_config, ..options }, "work", pending()).await;
    assert!(matches!(played.result, Err(PlayError::Config { .. })));
    assert_eq!(played.decoded().1.outcome, RunOutcome::Misconfigured);
}

#[tokio::test]
async fn a_task_is_played_over_http_with_the_token() {
    let dir = tempfile::tempdir().unwrap();
    let script = format!("{}/tests/samples/tools_http.py", env!("CARGO_MANIFEST_DIR"));
    let mut server = std::process::Command::new("python3")
        .args([script, dir.path().join("calls").display().to_string(), "s3cret".to_owned()])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut address = String::new();
    BufReader::new(server.stdout.take().unwrap()).read_line(&mut address).unwrap();
    let outcome = async |token: &str| {
        let options = options(dir.path(), "work");
        let url = format!("http://{}/mcp", address.trim());
        written(dir.path(), &McpEndpoint::Http { url, token: BearerToken(token.to_owned()) });
        play(options, &mut vec![], pending()).await
    };
    let (good, bad) = (outcome("s3cret").await, outcome("another").await);
    server.kill().unwrap();
    server.wait().unwrap();
    assert_eq!(good.unwrap(), RunOutcome::Completed);
    assert!(matches!(bad, Err(PlayError::Handshake(_))), "{bad:?}");
    let calls = std::fs::read_to_string(dir.path().join("calls")).unwrap();
    let tools: Vec<_> = calls.lines().filter_map(|line| line.split(' ').next()).collect();
    assert_eq!(tools, ["task_get_next", "usage_should_continue", "task_mark_passing"]);
}
