//! `autocoder agent`, `autocoder run` and `autocoder mcp`.

use autocoder_tests::Autocoder;
use serde_json::json;

#[test]
fn agents_are_added_listed_shown_and_told_what_to_do() {
    let autocoder = Autocoder::with_plan();
    assert!(autocoder.ok(&["agent", "list"]).contains("has no agents yet"));
    autocoder.bad(3, &["agent", "list", "--project", "q"], "there is no project `q`");
    let said = autocoder.ok(&["agent", "add", "coder-1", "--runner", "claude-code", "--model", "opus"]);
    assert!(said.starts_with("agent coder-1 of \"p\" is a coder driven by claude-code; start it with: "), "{said}");
    assert_eq!(autocoder.json(&["agent", "show", "coder-1"])["wanted"], "stopped", "no paid agent starts unasked");
    autocoder.bad(2, &["agent", "add", "coder-1", "--runner", "klaude"], "use one of `claude-code`");
    autocoder.bad(2, &["agent", "add", "a b"], "agent is `a b`");
    assert_eq!(autocoder.json(&["agent", "show", "coder-1"])["model"], "opus");
    autocoder.bad(3, &["agent", "show", "coder-2"], "there is no agent `coder-2`");
    assert_eq!(autocoder.json(&["agent", "pause", "coder-1"])["wanted"], "paused");
    autocoder.bad(3, &["agent", "pause", "coder-2"], "there is no agent `coder-2`");
    assert_eq!(autocoder.json(&["agent", "resume", "coder-1"])["wanted"], "running");
    autocoder.bad(3, &["agent", "resume", "coder-2"], "there is no agent `coder-2`");
    assert_eq!(autocoder.json(&["agent", "stop", "coder-1"])["wanted"], "stopped");
    autocoder.bad(3, &["agent", "stop", "coder-2"], "there is no agent `coder-2`");
    assert!(autocoder.ok(&["agent", "start", "coder-1"]).contains("run --project p"));
    autocoder.bad(3, &["agent", "start", "coder-2"], "there is no agent `coder-2`");
}

#[test]
fn options_of_an_agent_are_set_kept_and_checked() {
    let autocoder = Autocoder::with_plan();
    autocoder.ok(&["agent", "add", "r", "--runner", "rehearsal", "--speed", "60", "--seed", "7"]);
    let edited = autocoder.json(&["agent", "edit", "r", "--fail-rate", "0.25"]);
    assert_eq!(
        edited["options"],
        json!({ "command": [], "speed": 60.0, "seed": 7, "fail_rate": 0.25, "isolation": null })
    );
    assert!(autocoder.ok(&["agent", "show", "r"]).contains("speed 60, seed 7, fail rate 0.25"));
    autocoder.ok(&["agent", "edit", "r", "--runner", "command", "--", "./agent", "--flag", "{prompt_file}"]);
    assert!(autocoder.ok(&["agent", "show", "r"]).contains("./agent --flag {prompt_file}"));
    autocoder.bad(2, &["agent", "edit", "r", "--speed", "0"], "options.speed is `0`, must be from 0.001 to 100000");
    autocoder.bad(2, &["agent", "add", "s", "--fail-rate", "NaN"], "options.fail_rate is `NaN`");
    autocoder.bad(3, &["agent", "edit", "nobody", "--seed", "1"], "there is no agent `nobody`");
}

#[test]
fn a_rehearsal_runs_to_the_gate_and_leaves_its_logs() {
    let autocoder = Autocoder::with_plan();
    let said = autocoder.ok(&["run", "--project", "p", "--agent", "rehearsal", "--speed", "100000"]);
    assert!(said.contains("PHASE COMPLETE: One"), "{said}");
    let log = autocoder.ok(&["agent", "logs", "rehearsal-1", "--lines", "2"]);
    assert_eq!(log.lines().count(), 2, "{log}");
    assert_eq!(autocoder.ok(&["agent", "logs", "rehearsal-1", "--lines", "2", "--follow"]), log);
    assert_eq!(autocoder.json(&["agent", "logs", "rehearsal-1", "--lines", "1"])["lines"].as_array().unwrap().len(), 1);
    let status = autocoder.json(&["status"]);
    assert!(status["rehearsal"]["used"].as_u64().unwrap() > 0);
    assert_eq!(status["usage"]["used"], 0);
    autocoder.bad(2, &["run", "--project", "p", "--agent", "nonsense"], "nonsense");
    autocoder.bad(3, &["agent", "logs", "coder-9"], "there is no agent `coder-9`");
    autocoder.ok(&["agent", "add", "coder-1"]);
    autocoder.bad(3, &["agent", "logs", "coder-1"], "agent `coder-1` has no log yet");
}

#[test]
fn an_agent_works_through_the_tools() {
    let autocoder = Autocoder::with_plan();
    assert_eq!(autocoder.ok(&["mcp", "--project", "p"]), "");
    autocoder.bad(3, &["mcp", "--project", "q"], "there is no project `q`");
    autocoder.bad(2, &["mcp", "--project", "p", "--role", "boss"], "use one of `planner`");
    let mut agent = autocoder.agent("coder-7");
    assert_eq!(agent.call("task_get_next", json!({}))["task"]["name"], "A");
    let agents = autocoder.json(&["agent", "list"]);
    assert_eq!((&agents["items"][0]["id"], &agents["items"][0]["runner"]), (&json!("coder-7"), &json!("external")));
}
