//! `autocoder task` and `autocoder why`.

use autocoder_tests::Autocoder;
use serde_json::json;

#[test]
fn tasks_are_listed_by_status_feature_and_page() {
    let autocoder = Autocoder::with_plan();
    let text = autocoder.ok(&["task", "list"]);
    assert!(text.contains("pending (waits)"), "{text}");
    let first = autocoder.json(&["task", "list", "--limit", "3"]);
    assert_eq!(first["items"].as_array().unwrap().len(), 3);
    let cursor = first["next_cursor"].as_str().unwrap();
    let rest = autocoder.json(&["task", "list", "--cursor", cursor]);
    assert_eq!((rest["items"].as_array().unwrap().len(), &rest["next_cursor"]), (1, &json!(null)));
    assert_eq!(autocoder.json(&["task", "list", "--all"])["items"].as_array().unwrap().len(), 4);
    let page = autocoder.id("feature", "Page");
    let some = autocoder.json(&["task", "list", "--feature", &page, "--status", "pending", "--search", "b"]);
    assert_eq!(some["items"][0]["name"], "B");
    assert!(autocoder.ok(&["task", "list", "--status", "blocked"]).contains("no task matches"));
    autocoder.bad(2, &["task", "list", "--status", "done"], "use one of `pending`, `in_progress`");
    autocoder.bad(2, &["task", "list", "--limit", "0"], "0 is not in 1..=1000");
    autocoder.bad(3, &["task", "list", "--feature", "4711"], "there is no feature `4711`");
}

#[test]
fn a_task_is_added_shown_edited_and_deleted() {
    let autocoder = Autocoder::with_plan();
    let (a, page) = (autocoder.id("task", "A"), autocoder.id("feature", "Page"));
    let said = autocoder.ok(&["task", "add", "Quick one"]);
    assert!(said.contains("added to feature") && said.contains("\"Quick tasks\""), "{said}");
    let add = ["task", "add", "Toggle", "--feature", &page, "--complexity", "2", "--step", "one", "--step", "two"];
    let made = autocoder.json(&[&add[..], &["--depends-on", &a]].concat());
    assert_eq!((&made["steps"], &made["depends_on"][0]["name"]), (&json!(["one", "two"]), &json!("A")));
    let id = made["id"].to_string();
    autocoder.bad(3, &["task", "add", "x", "--feature", "4711"], "there is no feature `4711`");
    autocoder.bad(3, &["task", "add", "x", "--depends-on", "4711"], "there is no task `4711`");
    assert!(autocoder.ok(&["task", "show", &id]).contains("1. one\n"));
    autocoder.bad(3, &["task", "show", "4711"], "there is no task `4711`");
    assert_eq!(autocoder.json(&["task", "edit", &id, "--complexity", "5"])["estimated_complexity"], 5);
    autocoder.bad(2, &["task", "edit", &id, "--complexity", "6"], "must be a whole number from 1 to 5");
    autocoder.bad(2, &["task", "delete", &id], "cannot be undone");
    assert_eq!(autocoder.ok(&["task", "delete", &id, "--yes"]), format!("task {id} \"Toggle\" deleted\n"));
    autocoder.bad(3, &["task", "show", &id], "there is no task");
}

#[test]
fn next_shows_a_task_and_takes_it_only_on_request() {
    let autocoder = Autocoder::with_plan();
    let before = autocoder.everything();
    assert!(autocoder.ok(&["task", "next"]).contains("\"A\""));
    assert_eq!(autocoder.json(&["task", "next"])["task"]["name"], "A");
    assert_eq!(autocoder.everything(), before);
    autocoder.bad(2, &["task", "next", "--claim"], "--agent <ID>");
    autocoder.bad(2, &["task", "next", "--agent", "a b"], "agent is `a b`");
    let said = autocoder.ok(&["task", "next", "--claim", "--agent", "coder-1"]);
    assert!(said.starts_with("coder-1 holds it now\n") && said.contains("held until:"), "{said}");
    let again = autocoder.json(&["task", "next", "--agent", "coder-1"]);
    assert_eq!((&again["task"]["name"], &again["task"]["attempt"]), (&json!("A"), &json!(1)));
    let held = autocoder.id("task", "A");
    autocoder.bad(4, &["task", "delete", &held, "--yes"], "that an agent holds");
    autocoder.ok(&["task", "delete", &held, "--yes", "--force"]);
}

#[test]
fn there_is_a_reason_when_there_is_no_task() {
    let autocoder = Autocoder::with_plan();
    autocoder.agent("coder-1").finish_everything();
    let none = autocoder.json(&["task", "next"]);
    assert_eq!((&none["task"], &none["reason"]), (&json!(null), &json!("phase_awaiting_approval")));
    let text = autocoder.ok(&["task", "next"]);
    assert!(text.starts_with("no task: phase awaiting approval; advice: stop"), "{text}");
}

#[test]
fn a_task_is_skipped_and_reopened() {
    let autocoder = Autocoder::with_plan();
    let a = autocoder.id("task", "A");
    let said = autocoder.ok(&["task", "skip", &a, "--reason", "later"]);
    assert_eq!(said, format!("task {a} \"A\" comes last in its feature now\n"));
    assert_eq!(autocoder.json(&["task", "show", &a])["skip_count"], 1);
    autocoder.bad(4, &["task", "reopen", &a], "a task that is `pending` cannot `reopen`");
    let mut agent = autocoder.agent("coder-1");
    let next = agent.call("task_get_next", json!({}))["task"]["id"].clone();
    agent.call("task_mark_passing", json!({ "task_id": next }));
    autocoder.bad(4, &["task", "skip", &next.to_string()], "cannot `skip`");
    assert_eq!(autocoder.json(&["task", "reopen", &next.to_string(), "--reason", "broken"])["status"], "pending");
}

#[test]
fn a_question_is_answered() {
    let autocoder = Autocoder::with_plan();
    let mut agent = autocoder.agent("coder-1");
    let id = agent.call("task_get_next", json!({}))["task"]["id"].clone();
    agent.call("task_ask", json!({ "task_id": id, "question": "Which colour?" }));
    let id = id.to_string();
    assert!(autocoder.ok(&["inbox"]).contains("asks: Which colour?"));
    autocoder.bad(2, &["task", "answer", &id, " "], "text must not be empty");
    assert_eq!(autocoder.json(&["task", "answer", &id, "Blue"])["answer"], "Blue");
    autocoder.bad(4, &["task", "answer", &id, "Red"], "cannot `answer`");
}

#[test]
fn dependencies_are_set_and_never_run_in_a_circle() {
    let autocoder = Autocoder::with_plan();
    let [a, b, c, d] = ["A", "B", "C", "D"].map(|name| autocoder.id("task", name));
    let said = autocoder.ok(&["task", "depends", &c, "--on", &a, &b]);
    assert_eq!(said, format!("task {c} \"C\" waits for {a} \"A\", {b} \"B\"\n"));
    let before = autocoder.everything();
    autocoder.bad(2, &["task", "depends", &a, "--on", &c], "would wait for each other");
    autocoder.bad(2, &["task", "depends", &a, "--on", &a], "would wait for each other");
    autocoder.bad(2, &["task", "depends", &a, "--on", &d], "later phase `Two`");
    autocoder.bad(3, &["task", "depends", &a, "--on", "4711"], "there is no task `4711`");
    autocoder.bad(2, &["task", "depends", &a], "--on <TASK>");
    assert_eq!(autocoder.everything(), before);
    assert_eq!(autocoder.json(&["task", "depends", &c, "--on-nothing"])["depends_on"], json!([]));
}

#[test]
fn why_names_everything_in_the_way() {
    let autocoder = Autocoder::with_plan();
    let [a, b] = ["A", "B"].map(|name| autocoder.id("task", name));
    assert!(autocoder.ok(&["why", &a]).contains("is ready"));
    let view = autocoder.json(&["why", &b]);
    assert_eq!((&view["ready"], &view["reasons"][0]["code"]), (&json!(false), &json!("dependency")));
    autocoder.bad(3, &["why", "4711"], "there is no task `4711`");
}
