//! What real processes of Claude Code printed, against the tokens they reported and the outcomes they stand for.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails here")]

use std::collections::BTreeMap;

use autocoder_agent::runner::claude_code::ClaudeCodeRunner;
use autocoder_agent::runner::{AgentEvent, AgentRunner, Ending, Exit, LimitStatus, LimitWindow, Stream};
use autocoder_core::run::{RunOutcome, Tokens};
use autocoder_core::time::Timestamp;
use autocoder_core::usage_record::UsageQuality;
use autocoder_usage::ledger::Ledger;
use serde_json::Value;

use RunOutcome::{
    Aborted, Auth, Billing, Budget, Completed, ContextFull, Crashed, Failed, LimitReached, Misconfigured, Overloaded,
    Refused, Turns,
};

/// Written by hand: sample, exit code of its process, outcome.
const OUTCOMES: [(&str, i32, RunOutcome); 35] = [
    ("badmcp.jsonl", 0, Misconfigured),
    ("bare.jsonl", 0, Completed),
    ("cutoff.jsonl", 0, Completed),
    ("denied.jsonl", 0, Misconfigured),
    ("dontask.jsonl", 0, Misconfigured),
    ("happy.jsonl", 0, Completed),
    ("hooks.jsonl", 0, Completed),
    ("hookstop.jsonl", 0, Aborted),
    ("hookstop2.jsonl", 0, Aborted),
    ("http400credit.jsonl", 1, Billing),
    ("http400ctx.jsonl", 1, ContextFull),
    ("http401.jsonl", 1, Auth),
    ("http402.jsonl", 1, Billing),
    ("http429.jsonl", 1, LimitReached),
    ("http429once.jsonl", 0, Completed),
    ("http429plain.jsonl", 1, LimitReached),
    ("http500.jsonl", 1, Overloaded),
    ("http529.jsonl", 1, Overloaded),
    ("http529once.jsonl", 0, Completed),
    ("maxbudget.jsonl", 1, Budget),
    ("maxtok.jsonl", 1, Failed),
    ("maxturns.jsonl", 1, Turns),
    ("mcphttp.jsonl", 0, Completed),
    ("noSession.jsonl", 0, Completed),
    ("oauth_429.jsonl", 1, LimitReached),
    ("oauth_unified.jsonl", 0, Completed),
    ("partial.jsonl", 0, Completed),
    ("refusal.jsonl", 1, Refused),
    ("resume1.jsonl", 0, Completed),
    ("resume2.jsonl", 0, Completed),
    ("resumebad.jsonl", 1, Failed),
    ("retries10.jsonl", 1, Overloaded),
    ("sigINT.jsonl", 0, Aborted),
    ("sigTERM.jsonl", 143, Crashed),
    ("v197.jsonl", 0, Completed),
];
const SAME_AS_V197: &str = "v197r1.jsonl";

fn sample(name: &str) -> String {
    std::fs::read_to_string(format!("{}/tests/samples/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn expected() -> BTreeMap<String, Value> {
    serde_json::from_str(&sample("expected.json")).unwrap()
}

fn outcomes() -> impl Iterator<Item = (&'static str, i32, RunOutcome)> {
    OUTCOMES.into_iter().chain([(SAME_AS_V197, 0, Completed)])
}

fn decode<'a>(lines: impl IntoIterator<Item = &'a str>, exit: Exit) -> (Vec<AgentEvent>, Ending) {
    let mut decoder = ClaudeCodeRunner.decoder();
    let events = lines.into_iter().flat_map(|line| decoder.push(Stream::Stdout, line)).collect();
    (events, decoder.finish(exit))
}

fn sum(ending: &Ending) -> Tokens {
    ending.totals.iter().fold(Tokens::default(), |sum, total| sum.plus(total.tokens))
}

/// What accounting makes of a run.
fn ledger(events: &[AgentEvent], ending: &Ending) -> Ledger {
    let mut ledger = Ledger::default();
    for event in events {
        if let AgentEvent::Usage(sample) = event {
            ledger.sample(sample.clone());
        }
    }
    for total in &ending.totals {
        ledger.total(&total.model, total.tokens);
    }
    ledger
}

#[test]
fn every_sample_has_an_outcome() {
    let listed: Vec<&str> = outcomes().map(|(name, ..)| name).collect();
    let all: Vec<String> = expected().into_keys().collect();
    assert_eq!(listed.len(), all.len());
    assert!(all.iter().all(|name| listed.contains(&name.as_str())));
}

#[test]
fn every_sample_gives_its_outcome_and_its_tokens() {
    for (name, code, outcome) in outcomes() {
        let (_, ending) = decode(sample(name).lines(), Exit::code(code));
        assert_eq!(ending.outcome, outcome, "{name}: {:?}", ending.detail);
        let expected = &expected()[name];
        let number = |field: &str| expected.pointer(field).and_then(Value::as_u64).unwrap_or_default();
        let tokens = sum(&ending);
        assert_eq!(
            [tokens.input, tokens.output, tokens.cache_read, tokens.cache_write()],
            ["/tokens/input", "/tokens/output", "/tokens/cache_read", "/tokens/cache_write"].map(number),
            "{name}"
        );
        // The stub writes a sixth for an hour; version 2.1.197 does not say.
        let one_hour = if name.starts_with("v197") { 0 } else { tokens.cache_write() / 6 };
        assert_eq!(tokens.cache_write_1h, one_hour, "{name}");
    }
}

#[test]
fn the_reported_cost_is_that_of_this_process() {
    for (name, code, _) in outcomes().filter(|(name, ..)| *name != "resume2.jsonl") {
        let (_, ending) = decode(sample(name).lines(), Exit::code(code));
        let nusd: u64 = ending.totals.iter().filter_map(|total| total.cost_reported_nusd).sum();
        let usd = expected()[name].pointer("/cost").and_then(Value::as_f64).unwrap_or_default();
        assert_eq!(nusd, (usd * 1e9).round() as u64, "{name}");
    }
    let (_, resumed) = decode(sample("resume2.jsonl").lines(), Exit::code(0));
    assert_eq!(resumed.totals[0].cost_reported_nusd, Some(7_914_000));
}

#[test]
fn samples_and_totals_meet_in_the_ledger() {
    for (name, code, _) in outcomes().filter(|(_, code, _)| *code != 143) {
        let (events, ending) = decode(sample(name).lines(), Exit::code(code));
        let reconciled = ledger(&events, &ending).reconcile("run:1");
        assert_eq!(reconciled.drift, [] as [&str; 0], "{name}");
        let (booked, total) = (reconciled.tokens(), sum(&ending));
        assert_eq!([booked.total(), booked.all()], [total.total(), total.all()], "{name}");
    }
}

#[test]
fn partial_messages_leave_nothing_to_reconcile() {
    let (events, ending) = decode(sample("partial.jsonl").lines(), Exit::code(0));
    let records = ledger(&events, &ending).reconcile("run:1").records;
    assert_eq!(records.len(), 3);
    assert!(records.iter().all(|record| record.quality == UsageQuality::Exact), "{records:?}");
}

#[test]
fn any_truncation_and_any_order_of_lines_is_survived() {
    for (name, code, _) in outcomes() {
        let text = sample(name);
        let lines: Vec<&str> = text.lines().collect();
        for end in 0..=lines.len() {
            decode(lines[..end].iter().copied(), Exit::code(code));
            decode(lines[end..].iter().rev().copied(), Exit::signal(9));
        }
        for line in &lines {
            for end in (0..line.len()).step_by(97).filter(|end| line.is_char_boundary(*end)) {
                decode([&line[..end]], Exit::code(code));
            }
        }
    }
}

#[test]
fn a_run_cut_before_its_result_crashed_or_met_what_it_was_retrying() {
    for (name, outcome) in [("happy.jsonl", Crashed), ("retries10.jsonl", Overloaded), ("http429.jsonl", LimitReached)]
    {
        let text = sample(name);
        let lines: Vec<&str> = text.lines().collect();
        let (_, ending) = decode(lines[..lines.len() - 1].iter().copied(), Exit::signal(9));
        assert_eq!(ending.outcome, outcome, "{name}");
        assert!(ending.totals.is_empty());
    }
}

#[test]
fn a_broken_setup_is_told_at_once() {
    for (name, line) in [("badmcp.jsonl", 1), ("denied.jsonl", 4)] {
        let text = sample(name);
        let (events, _) = decode(text.lines().take(line), Exit::code(0));
        assert!(events.iter().any(|event| matches!(event, AgentEvent::Misconfigured(_))), "{name}: {events:?}");
    }
    let missing =
        r#"{"type":"system","subtype":"init","session_id":"s","mcp_servers":[{"name":"other","status":"connected"}]}"#;
    let (events, ending) = decode([missing], Exit::code(0));
    assert!(matches!(events.as_slice(), [AgentEvent::Started { .. }, AgentEvent::Misconfigured(_)]), "{events:?}");
    assert_eq!(ending.outcome, Misconfigured);
}

#[test]
fn windows_of_the_provider_are_reported() {
    let window = |window: &str, status, used_bp, resets_at: i64| LimitWindow {
        window: window.into(),
        status,
        used_bp: Some(used_bp),
        resets_at: Some(Timestamp(resets_at * 1_000_000)),
    };
    let windows = |name: &str| -> Vec<LimitWindow> {
        let (events, _) = decode(sample(name).lines(), Exit::code(0));
        let limits = events
            .into_iter()
            .filter_map(|event| if let AgentEvent::Limit(limit) = event { Some(limit) } else { None });
        limits.collect()
    };
    let open = windows("oauth_unified.jsonl");
    assert_eq!(open[0], window("five_hour", LimitStatus::Warning, 9_300, 1_795_366_177));
    assert_eq!(open[1], window("seven_day", LimitStatus::Allowed, 4_100, 1_795_794_577));
    let hit = windows("oauth_429.jsonl");
    assert_eq!(hit[0], window("five_hour", LimitStatus::Rejected, 10_000, 1_795_366_178));
    let last = hit.iter().rfind(|limit| limit.status == LimitStatus::Rejected).unwrap();
    assert_eq!(last.resets_at, Some(Timestamp(1_795_366_178_000_000)));
}

#[test]
fn lines_of_an_unknown_kind_are_kept_and_ignored() {
    let unknown = r#"{"type":"new_in_the_next_version","x":[1]}"#;
    let text = sample("happy.jsonl");
    let mixed = text.lines().flat_map(|line| [unknown, "not json", "[1]", "42", "null", line]);
    let (events, ending) = decode(mixed, Exit::code(0));
    assert_eq!(ending.outcome, Completed);
    assert!(events.contains(&AgentEvent::Raw(serde_json::from_str(unknown).unwrap())));
}

#[test]
fn fields_of_the_wrong_type_are_ignored() {
    for line in [
        r#"{"type":"result","is_error":"yes","terminal_reason":7,"modelUsage":[],"model_usage_since_last_result":3,"errors":{}}"#,
        r#"{"type":"assistant","message":{"id":7,"usage":"lots","content":{}}}"#,
        r#"{"type":"assistant","message":{"id":"m","model":[],"usage":{"input_tokens":-5,"output_tokens":1e30,"cache_creation_input_tokens":18446744073709551615}}}"#,
        r#"{"type":"stream_event","event":{"type":"message_delta","usage":null}}"#,
        r#"{"type":"rate_limit_event","rate_limit_info":{"status":"rejected","resetsAt":9223372036854775807,"utilization":-1e300}}"#,
        r#"{"type":"system","subtype":"init","mcp_servers":"none"}"#,
        r#"{"type":7}"#,
        "{}",
    ] {
        decode([line, line], Exit::code(0));
    }
}
