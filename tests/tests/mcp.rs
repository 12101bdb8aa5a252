//! The tools over stdio, checked with a client that is not ours: PyPI's `mcp`.

#![expect(clippy::unwrap_used, reason = "a test ends where its parts fail")]

use std::process::Command;

use autocoder_tests::{Autocoder, python, script};
use serde_json::Value;

/// What the client said, step by step.
fn session(autocoder: &Autocoder, arguments: &[&str]) -> Vec<Value> {
    let server = autocoder.command(arguments);
    let output = Command::new(python())
        .arg(script("mcp_client.py"))
        .args(["--tasks", "10", "--"])
        .arg(server.get_program())
        .args(server.get_args())
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn calls<'a>(steps: &'a [Value], tool: &str) -> Vec<&'a Value> {
    steps.iter().filter(|step| step["step"] == "call" && step["tool"] == tool).collect()
}

#[test]
fn a_foreign_client_works_through_a_phase() {
    let autocoder = Autocoder::with_plan();
    let steps = session(&autocoder, &["mcp", "--project", "p", "--agent", "foreign-1", "--role", "coder"]);
    let passed = calls(&steps, "task_mark_passing");
    assert!(!passed.is_empty() && passed.iter().all(|step| step["is_error"] == false), "{passed:?}");
    let kept = steps.iter().filter(|step| step["step"] == "claim_is_kept");
    assert!(kept.clone().count() > 0 && kept.clone().all(|step| step["same"] == true));
    let list = steps.iter().find(|step| step["step"] == "list_tools").unwrap();
    assert!(list["bytes"].as_u64().unwrap() <= 8_000, "{list}");
    assert!(!list["names"].as_array().unwrap().iter().any(|name| name == "feature_create"));
    let refused = steps.iter().find(|step| step["step"] == "refused").unwrap();
    assert_eq!(refused["tool"], "no_such_tool");
    let errors: Vec<_> = steps.iter().filter(|step| step["is_error"] == true).collect();
    assert!(errors.iter().any(|step| step["reply"]["message"].as_str().unwrap().contains("task_id")), "{errors:?}");
    assert!(errors.iter().any(|step| step["reply"]["message"].as_str().unwrap().contains("agent")), "{errors:?}");
    assert_eq!(autocoder.json(&["phase", "list", "--project", "p"])["items"][0]["status"], "awaiting_approval");
}
