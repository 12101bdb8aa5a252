//! What real processes of Codex, Gemini CLI and opencode printed, against their tokens and what they stand for.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails here")]

use autocoder_agent::runner::codex::CodexRunner;
use autocoder_agent::runner::gemini::GeminiRunner;
use autocoder_agent::runner::opencode::OpencodeRunner;
use autocoder_agent::runner::{
    AgentEvent, AgentRunner, Decoder, Ending, Exit, LimitStatus, LimitWindow, McpEndpoint, RunSpec, Session, Stream,
};
use autocoder_core::agent::Role;
use autocoder_core::run::{RunOutcome, Tokens};
use autocoder_core::time::Timestamp;
use autocoder_usage::ledger::Ledger;

use RunOutcome::{
    Aborted, Auth, Billing, Completed, ContextFull, Crashed, Failed, LimitReached, Misconfigured, Overloaded, Turns,
};
use Stream::{Stderr, Stdout};

fn sample(name: &str) -> String {
    std::fs::read_to_string(format!("{}/tests/samples/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// A run with a model that goes on with a conversation which was counted for `counted`.
fn spec(counted: Tokens) -> RunSpec {
    RunSpec {
        run_id: "i1-1".into(),
        workdir: "/project".into(),
        scratch_dir: "/scratch".into(),
        prompt: "Do it".into(),
        role: Role::Coder,
        task: None,
        feature: None,
        phase: None,
        model: Some("stub-model".into()),
        session: Session::Fresh,
        counted,
        mcp: McpEndpoint::Stdio { program: "autocoder".into(), args: vec![], env: std::collections::BTreeMap::new() },
        max_turns: None,
        max_cost_nusd: None,
        program: None,
        extra_args: vec![],
        environment: std::collections::BTreeMap::new(),
        allow: vec![],
    }
}

fn decode(mut decoder: Box<dyn Decoder>, lines: &[(Stream, &str)], exit: Exit) -> (Vec<AgentEvent>, Ending) {
    let events = lines.iter().flat_map(|(stream, line)| decoder.push(*stream, line)).collect();
    (events, decoder.finish(exit))
}

fn decode_sample(decoder: Box<dyn Decoder>, name: &str, exit: Exit) -> (Vec<AgentEvent>, Ending) {
    let text = sample(name);
    let lines: Vec<(Stream, &str)> = text.lines().map(|line| (Stdout, line)).collect();
    decode(decoder, &lines, exit)
}

/// What accounting makes of a run, its messages told twice.
fn booked(events: &[AgentEvent], ending: &Ending) -> Tokens {
    let mut ledger = Ledger::default();
    for event in events.iter().chain(events) {
        if let AgentEvent::Usage(sample) = event {
            ledger.sample(sample.clone());
        }
    }
    for total in &ending.totals {
        ledger.total(&total.model, total.tokens);
    }
    let reconciled = ledger.reconcile("run:1");
    assert_eq!(reconciled.drift, [] as [&str; 0]);
    reconciled.tokens()
}

const fn tokens(input: u64, output: u64, cache_read: u64) -> Tokens {
    Tokens { input, output, cache_read, cache_write_5m: 0, cache_write_1h: 0 }
}

#[test]
fn every_sample_gives_its_outcome_and_its_tokens_once() {
    let before = tokens(2_400, 84, 18_000);
    let cases: [(Box<dyn AgentRunner>, &str, Tokens, Tokens); 4] = [
        (Box::new(CodexRunner), "codex.jsonl", Tokens::default(), before),
        // The usage of a thread counts its earlier processes too.
        (Box::new(CodexRunner), "codex_resume.jsonl", before, tokens(1_200, 42, 9_000)),
        (Box::new(GeminiRunner), "gemini.jsonl", Tokens::default(), tokens(2_400, 84, 18_000)),
        (Box::new(OpencodeRunner), "opencode.jsonl", Tokens::default(), tokens(2_400, 84, 18_000)),
    ];
    for (runner, name, counted, expected) in cases {
        let (events, ending) = decode_sample(runner.decoder_of(&spec(counted)), name, Exit::code(0));
        assert_eq!((ending.outcome, ending.detail.clone()), (Completed, None), "{name}");
        assert_eq!(booked(&events, &ending), expected, "{name}");
        let said = |event: &AgentEvent| matches!(event, AgentEvent::Text(text) if text == "STUB-DONE");
        assert_eq!(events.iter().filter(|event| said(event)).count(), 1, "{name}");
        assert!(!events.iter().any(|event| matches!(event, AgentEvent::Raw(_))), "{name}: {events:?}");
    }
}

#[test]
fn sessions_and_tools_are_told() {
    let cases: [(Box<dyn AgentRunner>, &str, &str, &str); 3] = [
        (Box::new(CodexRunner), "codex.jsonl", "01a203f7-496c-7bf3-b4e6-4794128f5574", "autocoder.task_get_next"),
        (Box::new(GeminiRunner), "gemini.jsonl", "fe57a32d-8c1f-4fb1-bede-ffa1653a40ef", "mcp_autocoder_task_get_next"),
        (Box::new(OpencodeRunner), "opencode.jsonl", "ses_dfc07d641ffeObe2PCkSpp4r8f", "autocoder_task_get_next"),
    ];
    for (runner, file, session, tool) in cases {
        let (events, _) = decode_sample(runner.decoder(), file, Exit::code(0));
        let sessions: Vec<&str> = events
            .iter()
            .filter_map(|event| match event {
                AgentEvent::Started { session, .. } => Some(session.as_str()),
                _ => None,
            })
            .collect();
        assert_eq!(sessions, [session], "{file}");
        let called = events.iter().any(|event| matches!(event, AgentEvent::ToolCall { name, .. } if name == tool));
        let answered = events.iter().any(|event| matches!(event, AgentEvent::ToolDone { ok: true, .. }));
        assert!(called && answered && runner.resumes(), "{file}: {events:?}");
    }
}

#[test]
fn what_codex_dies_of_is_understood() {
    let failed = |message: &str| format!(r#"{{"type":"turn.failed","error":{{"message":"{message}"}}}}"#);
    let limit = failed("You've hit your usage limit. Upgrade, or try again later.");
    let required = r#"{"type":"error","message":"required MCP servers failed to initialize: autocoder: no such file"}"#;
    let warning =
        r#"{"type":"item.completed","item":{"id":"i","type":"error","message":"unknown model, falling back"}}"#;
    for (lines, exit, outcome) in [
        (vec![(Stdout, limit.as_str())], Exit::code(1), LimitReached),
        (vec![(Stdout, &*failed("unexpected status 401 Unauthorized"))], Exit::code(1), Auth),
        (vec![(Stdout, &*failed("Quota exceeded. Check your plan and billing details."))], Exit::code(1), Billing),
        (vec![(Stdout, &*failed("the input exceeds the context window"))], Exit::code(1), ContextFull),
        (vec![(Stdout, &*failed("stream disconnected before completion"))], Exit::code(1), Overloaded),
        (vec![(Stdout, &*failed("something else"))], Exit::code(1), Failed),
        (vec![(Stdout, required)], Exit::code(1), Misconfigured),
        (vec![(Stdout, warning)], Exit::code(0), Aborted),
        (vec![(Stderr, "error: unexpected argument")], Exit::code(2), Failed),
        (vec![(Stderr, "thread panicked")], Exit::signal(6), Crashed),
        (vec![(Stdout, "{\"type\":"), (Stdout, "[]")], Exit::signal(15), Crashed),
    ] {
        let (_, ending) = decode(CodexRunner.decoder(), &lines, exit);
        assert_eq!(ending.outcome, outcome, "{lines:?}: {:?}", ending.detail);
    }
}

#[test]
fn what_gemini_dies_of_is_understood() {
    let text = sample("gemini_429.jsonl");
    let silent: Vec<(Stream, &str)> = text.lines().map(|line| (Stdout, line)).collect();
    let refused =
        [silent.clone(), vec![(Stderr, "Attempt 1 failed with status 429. Retrying with backoff...")]].concat();
    let answered = r#"{"type":"message","role":"assistant","content":"Hello","delta":true}"#;
    let recovered = [refused.clone(), vec![(Stdout, answered)]].concat();
    let no_tools = "Error during discovery for MCP server 'autocoder': Connection closed";
    let insecure = "Security Warning: Skipping system settings file '/data/gemini.json': Parent directory is insecure";
    let result = r#"{"type":"result","status":"error","error":{"type":"Error","message":"model is overloaded"}}"#;
    for (lines, exit, outcome) in [
        (silent.clone(), Exit::signal(9), Crashed),
        (refused.clone(), Exit::signal(9), LimitReached),
        (recovered, Exit::code(1), Failed),
        (vec![(Stdout, result)], Exit::code(1), Overloaded),
        (vec![(Stderr, no_tools)], Exit::code(0), Misconfigured),
        (vec![(Stderr, insecure)], Exit::code(0), Misconfigured),
        (vec![(Stderr, "Please set an Auth method in your settings")], Exit::code(41), Auth),
        (vec![], Exit::code(53), Turns),
    ] {
        let (_, ending) = decode(GeminiRunner.decoder(), &lines, exit);
        assert_eq!(ending.outcome, outcome, "{lines:?}: {:?}", ending.detail);
    }
    let (events, _) = decode(GeminiRunner.decoder(), &refused, Exit::code(1));
    assert!(events.iter().any(|event| matches!(event, AgentEvent::Retry { .. })), "{events:?}");
}

#[test]
fn what_opencode_dies_of_is_understood() {
    let error = |status: u64, rest: &str| {
        format!(
            r#"{{"type":"error","timestamp":1795362932000,"sessionID":"s","error":{{"name":"APIError","data":{{"message":"no","statusCode":{status},"isRetryable":true{rest}}}}}}}"#
        )
    };
    let limited = error(429, r#","responseHeaders":{"retry-after":"30"}"#);
    let auth = r#"{"type":"error","sessionID":"s","error":{"name":"ProviderAuthError","data":{"message":"no key"}}}"#;
    let recovered = r#"{"type":"step_start","sessionID":"s","part":{}}"#;
    for (lines, exit, outcome) in [
        (vec![(Stdout, limited.as_str())], Exit::code(1), LimitReached),
        (vec![(Stdout, &*error(402, ""))], Exit::code(1), Billing),
        (vec![(Stdout, &*error(503, ""))], Exit::code(1), Overloaded),
        (vec![(Stdout, &*error(400, ""))], Exit::code(1), Failed),
        (vec![(Stdout, auth)], Exit::code(1), Auth),
        (vec![(Stdout, limited.as_str()), (Stdout, recovered)], Exit::code(0), Completed),
        (vec![(Stderr, "Unexpected error")], Exit::code(1), Failed),
        (vec![], Exit::signal(9), Crashed),
    ] {
        let (_, ending) = decode(OpencodeRunner.decoder(), &lines, exit);
        assert_eq!(ending.outcome, outcome, "{lines:?}: {:?}", ending.detail);
    }
    let (events, _) = decode(OpencodeRunner.decoder(), &[(Stdout, &limited)], Exit::code(1));
    let resets_at = Some(Timestamp(1_795_362_962_000_000));
    let window = LimitWindow { window: "requests".into(), status: LimitStatus::Rejected, used_bp: None, resets_at };
    assert!(events.contains(&AgentEvent::Limit(window)), "{events:?}");
}

#[test]
fn costs_that_are_reported_are_kept() {
    let (_, ending) = decode_sample(OpencodeRunner.decoder(), "opencode.jsonl", Exit::code(0));
    assert_eq!(ending.totals[0].cost_reported_nusd, Some(13_860_000));
}
