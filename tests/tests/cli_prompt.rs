//! `autocoder prompt`, `autocoder plan create`, and runs of roles that hold no task.

use autocoder_tests::Autocoder;

const SPEC: &str = "# Shop\n\n## Basics\n### Cart\n- add items\n- remove items\n### Pay\n1. by card\n## Later\n### Mail\nSend mails.\n";

#[test]
fn a_prompt_is_shown_as_an_agent_gets_it() {
    let autocoder = Autocoder::with_plan();
    let (page, task) =
        (autocoder.id("feature", "Page"), autocoder.json(&["task", "list"])["items"][0]["id"].to_string());
    let prompt = autocoder.ok(&["prompt", "show", "coder", "--task", &task]);
    assert!(prompt.starts_with(&format!("# Task {task} of project")) && prompt.contains("# Page\nA page."), "{prompt}");
    let shown = autocoder.json(&["prompt", "show", "spec_writer", "--feature", &page]);
    assert_eq!((&shown["filled"], &shown["file"]), (&true.into(), &serde_json::Value::Null));
    let tokens = |field: &str| shown[field].as_u64().unwrap();
    assert!(tokens("tokens") > 300 && tokens("tokens") + tokens("tools_tokens") < 4_000, "{shown}");
    let template = autocoder.ok(&["prompt", "show", "planner"]);
    assert!(template.contains("{{project_spec}}"), "{template}");
    autocoder.bad(2, &["prompt", "show", "painter"], "painter");
    autocoder.bad(2, &["prompt", "show", "planner", "--task", &task], "a planner gets no prompt about a task");
    autocoder.bad(3, &["prompt", "show", "coder", "--task", "4711"], "there is no task `4711`");
}

#[test]
fn a_spec_becomes_a_plan() {
    let autocoder = Autocoder::new();
    let folder = autocoder.folder("p");
    autocoder.ok(&["init", &folder.to_string_lossy(), "--name", "p"]);
    autocoder.file("SPEC.md", SPEC);
    autocoder.file("empty.md", " \n");
    autocoder.bad(2, &["plan", "create", "empty.md", "--agent", "rehearsal"], "empty.md is empty");
    autocoder.bad(2, &["plan", "create", "nowhere.md"], "cannot read `nowhere.md`");
    let said = autocoder.ok(&["plan", "create", "SPEC.md", "--agent", "rehearsal", "--speed", "1000"]);
    assert!(said.contains("\"p\" has a plan: 2 phases, 3 features, 5 tasks"), "{said}");
    let phases = autocoder.json(&["phase", "list"]);
    let names: Vec<_> = phases["items"].as_array().unwrap().iter().map(|phase| phase["name"].clone()).collect();
    assert_eq!(names, ["Basics", "Later"]);
    let cart = autocoder.id("feature", "Cart");
    assert!(autocoder.ok(&["feature", "spec", &cart]).contains("- remove items"));
    assert_eq!(autocoder.json(&["feature", "show", &cart])["status"], "ready");
    let tasks = autocoder.json(&["task", "list", "--feature", &cart]);
    assert_eq!((&tasks["items"][0]["is_blocked"], &tasks["items"][1]["is_blocked"]), (&false.into(), &true.into()));
    autocoder.bad(4, &["plan", "create", "SPEC.md", "--agent", "rehearsal"], "has a plan with 3 features");
    autocoder.ok(&["run", "--agent", "rehearsal", "--speed", "2000"]);
}

#[test]
fn roles_without_tasks_run_in_the_foreground() {
    let autocoder = Autocoder::with_plan();
    let role = |role: &'static str| ["run", "--agent", "rehearsal", "--speed", "2000", "--role", role];
    let made = autocoder.json(&["feature", "add", "Dark mode", "--description", "Let users choose."]);
    let id = made["id"].to_string();
    assert!(autocoder.ok(&role("spec_writer")).contains("there is nothing to write"));
    assert!(autocoder.ok(&["feature", "spec", &id]).contains("## Acceptance"));
    assert_eq!(autocoder.json(&["feature", "show", &id])["status"], "speccing");
    assert!(autocoder.ok(&role("planner")).contains("there is nothing to plan"));
    assert!(autocoder.ok(&role("reviewer")).contains("there is nothing to review"));
    autocoder.bad(2, &["run", "--role", "painter"], "painter");
}

#[test]
fn a_reviewer_reports_at_the_gate_and_a_tester_checks_again() {
    let autocoder = Autocoder::with_plan();
    let role = |role: &'static str| ["run", "--agent", "rehearsal", "--speed", "2000", "--role", role];
    assert!(autocoder.ok(&role("tester")).contains("there is nothing to test"));
    autocoder.ok(&["run", "--agent", "rehearsal", "--speed", "2000"]);
    autocoder.ok(&role("reviewer"));
    let phase = autocoder.id("phase", "One");
    autocoder.ok(&["phase", "reject", &phase, "--reason", "one thing more"]);
    let tested = autocoder.ok(&role("tester"));
    assert!(tested.contains("there is nothing to test"), "{tested}");
    let runs = autocoder.json(&["agent", "list"]);
    let ids: Vec<_> = runs["items"].as_array().unwrap().iter().map(|agent| agent["id"].clone()).collect();
    assert!(ids.contains(&"reviewer-1".into()) && ids.contains(&"tester-1".into()), "{ids:?}");
}
