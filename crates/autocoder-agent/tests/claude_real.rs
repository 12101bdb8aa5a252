//! A real Claude Code, when there is one: `AUTOCODER_TEST_CLAUDE` names its program and `AUTOCODER_TEST_BASE_URL` a
//! loopback stub of the Messages API that calls `task_get_next` and then ends. Skipped when either is unset.

use std::collections::BTreeMap;
use std::time::Duration;

use autocoder_agent::runner::claude_code::ClaudeCodeRunner;
use autocoder_agent::runner::{AgentEvent, AgentRunner, McpEndpoint, RunSpec, Session};
use autocoder_agent::supervisor::{Limits, Supervision, run_process};
use autocoder_core::agent::Role;
use autocoder_core::run::{RunOutcome, Tokens};
use tokio::sync::watch;

#[tokio::test]
async fn a_real_run_calls_our_tools_and_ends() {
    let variable = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
    let (Some(program), Some(url)) = (variable("AUTOCODER_TEST_CLAUDE"), variable("AUTOCODER_TEST_BASE_URL")) else {
        return;
    };
    assert!(url.starts_with("http://127.0.0.1:"), "only a stub on this machine");
    let dir = tempfile::tempdir().unwrap();
    let calls = dir.path().join("calls");
    let script = format!("{}/tests/samples/tools.py", env!("CARGO_MANIFEST_DIR"));
    let spec = RunSpec {
        run_id: dir.path().display().to_string(),
        workdir: dir.path().to_owned(),
        scratch_dir: dir.path().join("scratch"),
        prompt: "# Take the next task".into(),
        role: Role::Coder,
        task: None,
        feature: None,
        phase: None,
        model: Some("claude-sonnet-4-5".into()),
        session: Session::Fresh,
        counted: Tokens::default(),
        mcp: McpEndpoint::Stdio {
            program: "python3".into(),
            args: vec![script, calls.display().to_string(), "work".into()],
            env: BTreeMap::new(),
        },
        max_turns: Some(10),
        max_cost_nusd: Some(1_000_000_000),
        program: Some(program.into()),
        extra_args: vec![],
        environment: BTreeMap::from([
            ("PATH".into(), "/usr/local/bin:/usr/bin:/bin".into()),
            ("HOME".into(), dir.path().display().to_string()),
            ("ANTHROPIC_API_KEY".into(), "dummy-local-test".into()),
            ("ANTHROPIC_BASE_URL".into(), url),
        ]),
        allow: vec![],
    };
    let (_stop, stopped) = watch::channel(false);
    let mut events = vec![];
    let log = dir.path().join("run.log");
    let supervision = Supervision {
        limits: Limits { wall: Duration::from_secs(120), ..Limits::default() },
        log: log.clone(),
        secrets: vec![],
        stop: stopped,
        on_event: &mut |event| events.push(event),
    };
    let report = run_process(ClaudeCodeRunner.command(&spec).unwrap(), ClaudeCodeRunner.decoder(), supervision).await;
    let log = std::fs::read_to_string(&log).unwrap();
    assert_eq!(report.outcome, RunOutcome::Completed, "{report:?}\n{log}");
    assert!(report.session.is_some() && !report.totals.is_empty(), "{report:?}");
    assert!(std::fs::read_to_string(&calls).unwrap().starts_with("task_get_next"));
    assert!(events.iter().any(|event| matches!(event, AgentEvent::Usage(_))));
}
