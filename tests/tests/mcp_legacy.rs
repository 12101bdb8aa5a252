//! The tools under the names of the legacy tool, over an imported list, with a client that is not ours: PyPI's `mcp`.

#![expect(clippy::unwrap_used, reason = "a test ends where its parts fail")]

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use autocoder_tests::{Autocoder, python, script};
use serde_json::{Value, json};

const NAMES: [&str; 21] = [
    "ask_user",
    "feature_add_dependency",
    "feature_claim_and_get",
    "feature_clear_in_progress",
    "feature_create",
    "feature_create_bulk",
    "feature_get_blocked",
    "feature_get_by_id",
    "feature_get_for_regression",
    "feature_get_graph",
    "feature_get_next",
    "feature_get_ready",
    "feature_get_stats",
    "feature_get_summary",
    "feature_mark_failing",
    "feature_mark_in_progress",
    "feature_mark_passing",
    "feature_remove_dependency",
    "feature_request_human_input",
    "feature_set_dependencies",
    "feature_skip",
];

/// A session of the foreign client; dropped, it ends.
struct Client {
    child: Child,
    stdin: Option<ChildStdin>,
    stdout: BufReader<ChildStdout>,
    tools: Value,
}

impl Client {
    fn open(autocoder: &Autocoder, agent: &str) -> Self {
        let server = autocoder.command(&["mcp", "--project", "p", "--legacy-tools", "--agent", agent]);
        let mut command = Command::new(python());
        command.arg(script("mcp_calls.py")).arg("--").arg(server.get_program()).args(server.get_args());
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let (stdin, stdout) = (child.stdin.take(), BufReader::new(child.stdout.take().unwrap()));
        let mut client = Self { child, stdin, stdout, tools: Value::Null };
        client.tools = client.line();
        client
    }

    fn line(&mut self) -> Value {
        let mut line = String::new();
        self.stdout.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: `{line}`"))
    }

    fn ask(&mut self, tool: &str, arguments: &Value) -> Value {
        writeln!(self.stdin.as_mut().unwrap(), "{}", json!({ "tool": tool, "arguments": arguments })).unwrap();
        self.line()
    }

    fn ok(&mut self, tool: &str, arguments: Value) -> Value {
        let answer = self.ask(tool, &arguments);
        assert_eq!(answer["is_error"], false, "{tool} {arguments}: {answer}");
        answer["reply"].clone()
    }

    fn bad(&mut self, tool: &str, arguments: Value) -> Value {
        let answer = self.ask(tool, &arguments);
        assert_eq!(answer["is_error"], true, "{tool} {arguments}: {answer}");
        answer["reply"].clone()
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        self.stdin = None;
        let _ = self.child.wait();
    }
}

/// An installation with one of the lists imported, its tasks under their old ids.
fn imported(name: &str) -> Autocoder {
    let autocoder = Autocoder::new();
    // Ids here and ids there must not be the same by chance.
    autocoder.ok(&["init", &autocoder.folder("other").to_string_lossy(), "--name", "other"]);
    for number in 0..3 {
        autocoder.ok(&["task", "add", "--project", "other", &format!("Task {number}")]);
    }
    let list = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/legacy").join(format!("{name}.db"));
    let folder = autocoder.folder("old");
    autocoder.file("old/features.db", std::fs::read(list).unwrap());
    autocoder.ok(&["import-legacy", folder.to_str().unwrap(), "--project", "p"]);
    autocoder
}

fn phase_status(autocoder: &Autocoder) -> Value {
    autocoder.json(&["phase", "list", "--project", "p"])["items"][0]["status"].clone()
}

#[test]
fn a_session_lists_the_legacy_names_and_no_others() {
    let autocoder = imported("flat-with-progress");
    let mut client = Client::open(&autocoder, "old-1");
    let names: BTreeSet<_> =
        client.tools.as_array().unwrap().iter().map(|tool| tool["name"].as_str().unwrap().to_owned()).collect();
    assert_eq!(names.iter().map(String::as_str).collect::<Vec<_>>(), NAMES);
    assert!(client.tools.to_string().len() <= 8_000, "{}", client.tools.to_string().len());
    for tool in ["task_get_next", "phase_get_current", "project_get_stats", "no_such_tool"] {
        assert!(client.ask(tool, &json!({}))["refused"].as_str().unwrap().contains(tool));
    }
    autocoder.bad(2, &["mcp", "--project", "p", "--legacy-tools", "--role", "coder"], "cannot be used with");
}

#[test]
fn an_imported_list_is_worked_to_its_end() {
    let autocoder = imported("flat-with-dependencies");
    let mut client = Client::open(&autocoder, "old-1");
    let stats = client.ok("feature_get_stats", json!({}));
    let expected = json!({
        "passing": 48, "in_progress": 0, "needs_human_input": stats["needs_human_input"], "total": 120, "percentage": 40.0,
    });
    assert_eq!(stats, expected);
    answer_everything(&autocoder);
    let mut passed = 48;
    loop {
        let ready = client.ok("feature_get_ready", json!({ "limit": 5 }));
        let Some(first) = ready["features"].as_array().unwrap().first().cloned() else {
            assert_eq!((&ready["reason"], &ready["advice"]), (&json!("phase_awaiting_approval"), &json!("stop")));
            break;
        };
        let id = first["id"].as_i64().unwrap();
        let claimed = client.ok("feature_claim_and_get", json!({ "feature_id": id }));
        assert_eq!((&claimed["id"], &claimed["already_claimed"]), (&json!(id), &json!(false)));
        assert_eq!(claimed["name"], first["name"]);
        let done = client.ok("feature_mark_passing", json!({ "feature_id": id }));
        assert_eq!(done, json!({ "success": true, "feature_id": id, "name": first["name"] }));
        passed += 1;
    }
    assert_eq!(passed, 120);
    assert_eq!(client.ok("feature_get_stats", json!({}))["percentage"], 100.0);
    assert_eq!(client.ok("feature_get_next", json!({}))["reason"], "phase_awaiting_approval");
    assert_eq!(phase_status(&autocoder), "awaiting_approval");
    client.bad("feature_create", json!({ "category": "x", "name": "x", "description": "", "steps": [] }));
    assert_eq!(client.bad("feature_mark_failing", json!({ "feature_id": 1 }))["code"], "phase_awaiting_approval");
}

/// Questions of the list are answered, so that nothing waits.
fn answer_everything(autocoder: &Autocoder) {
    let asked = autocoder.json(&["task", "list", "--project", "p", "--status", "needs_input", "--limit", "200"]);
    for task in asked["items"].as_array().unwrap() {
        autocoder.ok(&["task", "answer", &task["id"].to_string(), "as you like"]);
    }
}

#[test]
fn features_keep_their_old_ids_shape_and_dependencies() {
    let autocoder = imported("flat-with-dependencies");
    let mut client = Client::open(&autocoder, "old-1");
    let whole = client.ok("feature_get_by_id", json!({ "feature_id": 4 }));
    assert_eq!(whole["dependencies"], json!([1, 2]));
    assert_eq!((&whole["name"], &whole["priority"]), (&json!("Add and list items"), &json!(40)));
    let columns = [
        "category",
        "dependencies",
        "description",
        "human_input_request",
        "human_input_response",
        "id",
        "in_progress",
        "last_failure",
        "name",
        "needs_human_input",
        "passes",
        "priority",
        "steps",
    ];
    let mut fields: Vec<_> = whole.as_object().unwrap().keys().cloned().collect();
    fields.sort();
    assert_eq!(fields, columns);
    let summary = client.ok("feature_get_summary", json!({ "feature_id": 4 }));
    let expected = json!({
        "id": 4, "name": "Add and list items", "passes": true, "in_progress": false, "dependencies": [1, 2],
    });
    assert_eq!(summary, expected);
    let graph = client.ok("feature_get_graph", json!({}));
    assert_eq!(graph["nodes"].as_array().unwrap().len(), 120);
    let node = graph["nodes"].as_array().unwrap().iter().find(|node| node["id"] == 4).unwrap();
    assert_eq!((&node["status"], &node["dependencies"]), (&json!("done"), &json!([1, 2])));
    assert!(graph["edges"].as_array().unwrap().contains(&json!({ "source": 1, "target": 4 })), "{}", graph["edges"]);
    let blocked = client.ok("feature_get_blocked", json!({ "limit": 1 }));
    let waiting = &blocked["features"][0];
    assert_eq!(blocked["count"], 1);
    assert!(!waiting["blocked_by"].as_array().unwrap().is_empty(), "{waiting}");
    let refused = client.bad("feature_claim_and_get", json!({ "feature_id": waiting["id"] }));
    let wanted = format!("it waits for {}", waiting["blocked_by"][0]);
    assert_eq!(refused["code"], "not_ready");
    assert!(refused["message"].as_str().unwrap().contains(&wanted), "{refused}");
}

#[test]
fn a_claim_is_one_agents_and_can_be_handed_back() {
    let autocoder = imported("flat-with-progress");
    let (mut one, mut two) = (Client::open(&autocoder, "old-1"), Client::open(&autocoder, "old-2"));
    let ready = one.ok("feature_get_ready", json!({}));
    let ids: Vec<i64> = ready["features"].as_array().unwrap().iter().map(|f| f["id"].as_i64().unwrap()).collect();
    let (first, second) = (json!({ "feature_id": ids[0] }), json!({ "feature_id": ids[1] }));
    assert_eq!(one.ok("feature_get_next", json!({}))["id"], ids[0]);
    assert_eq!(one.ok("feature_mark_in_progress", first.clone())["in_progress"], true);
    assert_eq!(one.ok("feature_claim_and_get", first.clone())["already_claimed"], true);
    let other = one.bad("feature_claim_and_get", second.clone());
    assert_eq!(
        (&other["code"], &other["message"]),
        (&json!("not_your_task"), &json!(format!("you hold feature `{}`", ids[0])))
    );
    for (tool, code) in [
        ("feature_claim_and_get", "not_ready"),
        ("feature_mark_in_progress", "not_ready"),
        ("feature_mark_passing", "not_your_task"),
        ("feature_mark_failing", "not_your_task"),
        ("feature_clear_in_progress", "not_your_task"),
        ("feature_skip", "not_your_task"),
    ] {
        assert_eq!(two.bad(tool, first.clone())["code"], code, "{tool}");
    }
    assert_eq!(one.ok("feature_clear_in_progress", first.clone())["in_progress"], false);
    assert_eq!(one.ok("feature_clear_in_progress", first.clone())["in_progress"], false);
    assert_eq!(two.ok("feature_claim_and_get", first.clone())["already_claimed"], false);
    assert_eq!(one.bad("feature_mark_passing", first.clone())["code"], "not_your_task");
    let skipped = two.ok("feature_skip", first.clone());
    assert_eq!(skipped["id"], ids[0]);
    assert!(skipped["new_priority"].as_i64() > skipped["old_priority"].as_i64(), "{skipped}");
    one.ok("feature_claim_and_get", second.clone());
    assert_eq!(one.ok("feature_mark_failing", second)["feature"]["in_progress"], false);
}

#[test]
fn verification_and_questions_hold_under_legacy_names_too() {
    let autocoder = imported("flat-with-progress");
    autocoder.ok(&["project", "edit", "p", "--verify", "echo broken; false"]);
    let mut client = Client::open(&autocoder, "old-1");
    let id = client.ok("feature_get_next", json!({}))["id"].clone();
    let feature = json!({ "feature_id": id });
    client.ok("feature_claim_and_get", feature.clone());
    let failed = client.bad("feature_mark_passing", feature.clone());
    assert_eq!(failed["code"], "verification_failed");
    assert!(failed["message"].as_str().unwrap().contains("broken"), "{failed}");
    assert!(failed["hint"].as_str().unwrap().contains("`feature_mark_passing`"), "{failed}");
    let fields = json!([{ "id": "key", "label": "API key", "type": "select", "required": true,
        "options": [{ "value": "test", "label": "Test" }, { "value": "live", "label": "Live" }] }]);
    let asking = json!({ "feature_id": id, "prompt": "Which key?", "fields": fields });
    assert_eq!(client.ok("feature_request_human_input", asking)["success"], true);
    let asked = client.ok("feature_get_by_id", feature.clone());
    assert_eq!(asked["needs_human_input"], true);
    assert!(asked["human_input_request"]["prompt"].as_str().unwrap().starts_with("Which key?"), "{asked}");
    assert_eq!(client.bad("feature_mark_passing", feature.clone())["code"], "not_your_task");
    let task = &autocoder.json(&["task", "list", "--project", "p", "--status", "needs_input"])["items"][0]["id"];
    autocoder.ok(&["task", "answer", &task.to_string(), "Test"]);
    let answered = client.ok("feature_claim_and_get", feature.clone());
    assert_eq!(answered["human_input_response"], json!({ "answer": "Test" }));
    let question = json!([{ "question": "Which colour?", "header": "Style", "multiSelect": false,
        "options": [{ "label": "Red", "description": "warm" }, { "label": "Blue" }] }]);
    client.ok("ask_user", json!({ "questions": question }));
    assert_eq!(client.bad("ask_user", json!({ "questions": question }))["code"], "not_your_task");
    let shown = autocoder.json(&["task", "show", &task.to_string()]);
    assert_eq!(shown["question"]["choices"], json!(["Red: warm", "Blue"]));
}

#[test]
fn features_are_added_ordered_and_tested_again() {
    let autocoder = imported("flat-with-progress");
    let mut client = Client::open(&autocoder, "old-1");
    let new = |name: &str| json!({ "category": "style", "name": name, "description": "d", "steps": ["look"] });
    let made = client.ok("feature_create", new("Dark mode"))["feature"].clone();
    assert_eq!((&made["name"], &made["priority"]), (&json!("Dark mode"), &json!(61)));
    let mut late = new("Late");
    late["depends_on_indices"] = json!([0]);
    let bulk = client.ok("feature_create_bulk", json!({ "features": [new("Early"), late] }));
    assert_eq!(bulk, json!({ "created": 2, "with_dependencies": 1 }));
    let id = made["id"].clone();
    let on = |number: i64| json!({ "feature_id": id, "dependency_id": number });
    let set = client.ok("feature_set_dependencies", json!({ "feature_id": id, "dependency_ids": [30, 31] }));
    assert_eq!(set["dependencies"], json!([30, 31]));
    assert_eq!(client.ok("feature_add_dependency", on(32))["dependencies"], json!([30, 31, 32]));
    assert_eq!(client.ok("feature_remove_dependency", on(30))["dependencies"], json!([31, 32]));
    let circle = client.bad("feature_add_dependency", json!({ "feature_id": 31, "dependency_id": id }));
    assert_eq!(circle["code"], "dependency_cycle");
    assert!(circle["message"].as_str().unwrap().contains("31"), "{circle}");
    let picked = client.ok("feature_get_for_regression", json!({ "limit": 1 }));
    let tested = picked["features"][0]["id"].clone();
    assert_eq!((&picked["count"], &picked["features"][0]["passes"]), (&json!(1), &json!(true)));
    let failing = client.ok("feature_mark_failing", json!({ "feature_id": tested }));
    assert_eq!((&failing["feature"]["id"], &failing["feature"]["passes"]), (&tested, &json!(false)));
    let project = autocoder.json(&["project", "show", "p"]);
    assert_eq!((&project["task_count"], &project["feature_count"]), (&json!(63), &json!(1)));
}

#[test]
fn wrong_arguments_name_their_field() {
    let autocoder = imported("flat-with-progress");
    let before = autocoder.everything();
    let mut client = Client::open(&autocoder, "old-1");
    let feature_only = [
        "feature_get_by_id",
        "feature_get_summary",
        "feature_claim_and_get",
        "feature_mark_in_progress",
        "feature_mark_passing",
        "feature_mark_failing",
        "feature_clear_in_progress",
        "feature_skip",
    ];
    for tool in feature_only {
        for (arguments, code, part) in [
            (json!({}), "invalid_field", "missing field `feature_id`"),
            (json!({ "feature_id": "x" }), "invalid_field", "feature_id is `\"x\"`"),
            (json!({ "feature_id": 1, "agent": "eve" }), "invalid_field", "unknown field `agent`"),
            (json!({ "feature_id": 999 }), "not_found", "there is no feature `999`"),
        ] {
            let refused = client.bad(tool, arguments);
            assert_eq!(refused["code"], code, "{tool}: {refused}");
            assert!(refused["message"].as_str().unwrap().contains(part), "{tool}: {refused}");
        }
    }
    let blank = json!({ "category": "c", "name": " ", "description": "", "steps": [] });
    let ahead = json!({ "category": "c", "name": "n", "description": "", "steps": [], "depends_on_indices": [7] });
    for (tool, arguments, part) in [
        ("feature_get_stats", json!({ "project": "other" }), "unknown field `project`"),
        ("feature_get_next", json!({ "x": 1 }), "unknown field `x`"),
        ("feature_get_graph", json!({ "x": 1 }), "unknown field `x`"),
        ("feature_get_ready", json!({ "limit": 0 }), "limit is `0`"),
        ("feature_get_blocked", json!({ "limit": 1000 }), "limit is `1000`"),
        ("feature_get_for_regression", json!({ "limit": -1 }), "limit is `-1`"),
        ("feature_create", blank.clone(), "name must not be empty"),
        ("feature_create", json!({ "name": "x" }), "missing field `category`"),
        ("feature_create_bulk", json!({ "features": [] }), "tasks"),
        ("feature_create_bulk", json!({ "features": [ahead] }), "names index `7`"),
        ("feature_create_bulk", json!({ "features": "[]" }), "features"),
        ("feature_add_dependency", json!({ "feature_id": 1 }), "missing field `dependency_id`"),
        ("feature_remove_dependency", json!({ "feature_id": 1, "dependency_id": 999 }), "there is no feature `999`"),
        ("feature_set_dependencies", json!({ "feature_id": 30, "dependency_ids": [30] }), "wait for each other: 30"),
        ("feature_request_human_input", json!({ "feature_id": 30, "prompt": "Why?" }), "feature `30` is not yours"),
        ("feature_request_human_input", json!({ "feature_id": 30 }), "missing field `prompt`"),
        ("ask_user", json!({ "questions": [{}] }), "missing field `question`"),
    ] {
        let refused = client.bad(tool, arguments);
        assert!(refused["message"].as_str().unwrap().contains(part), "{tool}: {refused}");
        assert!(refused.get("hint").is_some(), "{tool}: {refused}");
    }
    drop(client);
    assert_eq!(autocoder.everything(), before);
}
