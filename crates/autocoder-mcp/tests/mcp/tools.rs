//! Every tool once with good and once with bad input, what each role sees, and how much of the context it takes.

use std::collections::BTreeSet;

use autocoder_core::agent::Role;
use autocoder_mcp::tool_names;
use serde_json::{Value, json};

use crate::client::Client;
use crate::plan::Plan;

/// What one call must give: fields on success, a code and a part of the message on refusal.
enum Gives {
    Fields(&'static [&'static str]),
    Error(&'static str, &'static str),
}
use Gives::{Error, Fields};

type Case = (&'static str, Value, Gives);

/// One after the other in one session; the first task passes on the way.
fn cases(plan: &Plan) -> Vec<Case> {
    let (phase, feature) = (plan.phase.0, plan.feature.0);
    let [model, screen, sync] = [plan.tasks[0].0, plan.tasks[1].0, plan.tasks[2].0];
    let nothing = || json!({});
    vec![
        ("phase_get_current", nothing(), Fields(&["phase"])),
        ("phase_get_current", json!({ "agent": "eve" }), Error("invalid_field", "unknown field `agent`")),
        ("phase_check_status", json!({ "phase_id": phase }), Fields(&["complete", "unfinished", "phase"])),
        ("phase_check_status", json!({ "phase_id": feature }), Error("not_found", "there is no phase")),
        ("phase_mark_complete", json!({ "phase_id": phase }), Error("illegal_transition", "")),
        ("phase_mark_complete", nothing(), Error("invalid_field", "missing field `phase_id`")),
        ("phase_create", json!({ "name": "Later" }), Fields(&["phase"])),
        ("phase_create", json!({ "name": " " }), Error("invalid_field", "name must not be empty")),
        ("phase_report", json!({ "phase_id": phase, "report": "## Risks\nNone." }), Fields(&["note_id", "message"])),
        ("phase_report", json!({ "phase_id": feature, "report": "x" }), Error("not_found", "there is no phase")),
        ("note_add", json!({ "kind": "decision", "text": "SQLite" }), Fields(&["note"])),
        ("note_add", json!({ "kind": "report", "text": "x" }), Error("invalid_field", "unknown variant `report`")),
        ("note_list", nothing(), Fields(&["notes", "count"])),
        ("note_list", json!({ "limit": 0 }), Error("invalid_field", "limit is `0`")),
        ("project_get_spec", nothing(), Fields(&["spec", "next_offset"])),
        ("project_get_spec", json!({ "offset": -1 }), Error("invalid_field", "offset is `-1`")),
        ("project_get_stats", nothing(), Fields(&["project_name", "tasks", "phase"])),
        ("project_get_stats", json!({ "project": "other" }), Error("invalid_field", "unknown field `project`")),
        ("usage_get_remaining", nothing(), Fields(&["limited", "available_percent", "band", "resets_at"])),
        ("usage_get_remaining", json!({ "x": 1 }), Error("invalid_field", "unknown field `x`")),
        ("usage_should_continue", nothing(), Fields(&["action", "band", "reason", "message", "retry_at", "lease"])),
        ("usage_should_continue", json!({ "x": 1 }), Error("invalid_field", "unknown field `x`")),
        (
            "feature_create",
            json!({ "phase_id": phase, "name": "Search", "description": "Find tasks" }),
            Fields(&["feature"]),
        ),
        (
            "feature_create",
            json!({ "phase_id": phase, "name": "", "description": "" }),
            Error("invalid_field", "name must not be empty"),
        ),
        ("feature_set_spec", json!({ "feature_id": feature, "spec": "# Lists" }), Fields(&["feature"])),
        (
            "feature_set_spec",
            json!({ "feature_id": feature, "spec": "x".repeat(1024 * 1024 + 1) }),
            Error("invalid_field", "spec has 1048577 bytes"),
        ),
        ("feature_get_spec", json!({ "feature_id": feature }), Fields(&["spec", "feature"])),
        ("feature_get_spec", json!({ "feature_id": -1 }), Error("invalid_field", "feature_id is `-1`")),
        (
            "feature_create_tasks",
            json!({ "feature_id": feature, "tasks": [
                { "name": "Sort", "description": "by date", "category": "ui", "steps": ["look"],
                  "estimated_complexity": 2, "priority": 900, "depends_on": [1] },
                { "name": "Filter", "priority": 901, "depends_on": [model] },
            ] }),
            Fields(&["tasks"]),
        ),
        (
            "feature_create_tasks",
            json!({ "feature_id": feature, "tasks": [{ "name": "Sort", "estimated_complexity": 6 }] }),
            Error("invalid_field", "tasks[0].estimated_complexity is `6`, must be a whole number from 1 to 5"),
        ),
        ("task_list", json!({ "status": "pending", "feature_id": feature, "limit": 2 }), Fields(&["tasks", "more"])),
        ("task_list", json!({ "status": "done" }), Error("invalid_field", "unknown task status `done`; use one of")),
        ("task_set_dependencies", json!({ "task_id": sync, "depends_on": [model, screen] }), Fields(&["task"])),
        (
            "task_set_dependencies",
            json!({ "task_id": model, "depends_on": [sync] }),
            Error("dependency_cycle", "would wait for each other"),
        ),
        ("task_get_next", nothing(), Fields(&["task", "reason", "advice", "retry_at"])),
        ("task_get_next", json!({ "agent_id": "coder-2" }), Error("invalid_field", "unknown field `agent_id`")),
        ("task_get", json!({ "task_id": model }), Fields(&["task"])),
        ("task_get", json!({ "task_id": "7" }), Error("invalid_field", "task_id is `\"7\"`, must be a whole number")),
        ("task_mark_passing", json!({ "task_id": model }), Fields(&["task"])),
        ("task_mark_passing", json!({ "task_id": sync }), Error("not_your_task", "you hold none")),
        ("task_get_for_regression", json!({ "limit": 1 }), Fields(&["tasks"])),
        ("task_get_for_regression", json!({ "limit": 0 }), Error("invalid_field", "limit is `0`")),
        ("task_report_regression", json!({ "task_id": model, "evidence": "it crashes" }), Fields(&["task"])),
        (
            "task_report_regression",
            json!({ "task_id": model, "evidence": " " }),
            Error("invalid_field", "evidence must not be empty"),
        ),
        ("task_get_next", nothing(), Fields(&["task"])),
        ("task_release", json!({ "task_id": 9_999_999, "reason": "x" }), Error("not_your_task", "you hold task")),
        ("task_release", json!({ "task_id": "held", "reason": "too hard" }), Fields(&["task"])),
        ("task_get_next", nothing(), Fields(&["task"])),
        ("task_skip", json!({ "task_id": "held" }), Error("invalid_field", "missing field `reason`")),
        ("task_skip", json!({ "task_id": "held", "reason": "later" }), Fields(&["task"])),
        ("task_get_next", nothing(), Fields(&["task"])),
        (
            "task_ask",
            json!({ "task_id": "held", "question": "" }),
            Error("invalid_field", "question must not be empty"),
        ),
        (
            "task_ask",
            json!({ "task_id": "held", "question": "Which?", "choices": ["a", "b"], "recommendation": "a" }),
            Fields(&["task"]),
        ),
    ]
}

#[tokio::test]
async fn every_tool_answers_good_input_and_refuses_bad_input() {
    let plan = Plan::new().await;
    let mut client = Client::open(plan.session(None)).await;
    let (mut good, mut bad) = (BTreeSet::new(), BTreeSet::new());
    let mut held = Value::Null;
    for (tool, mut arguments, gives) in cases(&plan) {
        if arguments["task_id"] == "held" {
            arguments["task_id"] = held.clone();
        }
        let reply = client.call(tool, arguments.clone()).await;
        match (&gives, &reply) {
            (Fields(fields), Ok(answer)) => {
                for field in *fields {
                    assert!(answer.get(field).is_some(), "{tool} {arguments}: no `{field}` in {answer}");
                }
                if tool == "task_get_next" {
                    held = answer["task"]["id"].clone();
                }
                good.insert(tool);
            }
            (Error(code, part), Err(error)) => {
                assert_eq!(error["code"], *code, "{tool} {arguments}: {error}");
                assert!(error["message"].as_str().unwrap().contains(part), "{tool} {arguments}: {error}");
                assert!(error.get("hint").is_some(), "{error}");
                bad.insert(tool);
            }
            _ => panic!("{tool} {arguments}: {reply:?}"),
        }
    }
    good.insert(hand_over_a_finished_phase().await);
    let all: BTreeSet<_> = tool_names(None).into_iter().collect();
    assert_eq!((&good, &bad), (&all, &all), "tools without a case");
}

/// In a plan of its own, because nothing else can be called on it afterwards.
async fn hand_over_a_finished_phase() -> &'static str {
    let plan = Plan::new().await;
    let mut client = Client::open(plan.session(None)).await;
    for task in &plan.tasks {
        client.call("task_get_next", json!({})).await.unwrap();
        client.call("task_mark_passing", json!({ "task_id": task.0 })).await.unwrap();
    }
    let submitted = client.call("phase_mark_complete", json!({ "phase_id": plan.phase.0 })).await.unwrap();
    assert_eq!(submitted["phase"]["status"], "awaiting_approval");
    "phase_mark_complete"
}

async fn listed(role: Option<Role>) -> Value {
    let mut client = Client::open(Plan::new().await.session(role)).await;
    client.request("tools/list", json!({})).await["result"].clone()
}

fn names(list: &Value) -> Vec<&str> {
    list["tools"].as_array().unwrap().iter().map(|tool| tool["name"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn the_list_of_tools_is_small() {
    for (role, most) in [(None, 12_000), (Some(Role::Coder), 5_000)] {
        let list = listed(role).await;
        let bytes = list.to_string().len();
        assert!(bytes <= most, "{role:?}: {bytes} bytes\n{list:#}");
        for noise in ["$schema", "\"title\":\"", "\"format\"", "\"null\""] {
            assert!(!list.to_string().contains(noise), "{noise}");
        }
        assert_eq!(names(&list), tool_names(role));
    }
}

#[tokio::test]
async fn the_hot_tools_of_a_coder_are_always_loaded() {
    let list = listed(Some(Role::Coder)).await;
    let is_hot = |tool: &&Value| tool["_meta"]["anthropic/alwaysLoad"] == true;
    let hot: Vec<_> =
        list["tools"].as_array().unwrap().iter().filter(is_hot).map(|tool| tool["name"].clone()).collect();
    let expected =
        ["task_get_next", "task_mark_passing", "task_release", "task_skip", "task_ask", "usage_should_continue"];
    assert_eq!(hot, expected);
}

#[tokio::test]
async fn no_tool_approves_or_changes_budgets() {
    for name in tool_names(None) {
        for forbidden in ["approve", "reject", "budget", "webhook", "token", "delete"] {
            assert!(!name.contains(forbidden), "{name}");
        }
    }
}

#[tokio::test]
async fn a_tool_of_another_role_is_neither_listed_nor_called() {
    for (role, tool) in [
        (Role::Coder, "feature_create_tasks"),
        (Role::Coder, "feature_set_spec"),
        (Role::Coder, "phase_mark_complete"),
        (Role::Planner, "task_get_next"),
        (Role::SpecWriter, "task_mark_passing"),
        (Role::Tester, "feature_create"),
        (Role::Reviewer, "task_report_regression"),
    ] {
        let plan = Plan::new().await;
        let mut client = Client::open(plan.session(Some(role))).await;
        assert!(!tool_names(Some(role)).contains(&tool));
        let error = client.call(tool, json!({})).await.unwrap_err();
        assert_eq!(error["code"], "not_your_tool", "{role} {tool}");
    }
}

#[tokio::test]
async fn huge_and_wrong_ids_name_their_field() {
    let mut client = Client::open(Plan::new().await.session(None)).await;
    for bad in [json!(0), json!(-5), json!(1e30), json!(u64::MAX), json!(1.5), json!(null), json!([1]), json!(true)] {
        let error = client.call("task_get", json!({ "task_id": bad })).await.unwrap_err();
        assert_eq!(error["code"], "invalid_field", "{bad}");
        let message = error["message"].as_str().unwrap();
        assert!(message.starts_with("task_id is `") && message.ends_with("must be a whole number from 1"), "{message}");
    }
}

#[tokio::test]
async fn a_number_below_the_length_of_the_list_is_an_index() {
    let plan = Plan::new().await;
    let mut client = Client::open(plan.session(None)).await;
    let tasks = json!([{ "name": "A", "depends_on": [plan.tasks[0].0] }, { "name": "B", "depends_on": [0] }]);
    let made =
        client.call("feature_create_tasks", json!({ "feature_id": plan.feature.0, "tasks": tasks })).await.unwrap();
    let b = client.call("task_get", json!({ "task_id": made["tasks"][1]["id"] })).await.unwrap();
    assert_eq!(b["task"]["depends_on"][0]["id"], made["tasks"][0]["id"]);
    let a = client.call("task_get", json!({ "task_id": made["tasks"][0]["id"] })).await.unwrap();
    assert_eq!(a["task"]["depends_on"][0]["id"], plan.tasks[0].0);
}

#[tokio::test]
async fn a_spec_writer_proposes_tasks_and_makes_none() {
    let plan = Plan::new().await;
    let mut client = Client::open(plan.session(Some(Role::SpecWriter))).await;
    let tasks = json!([{ "name": "A", "depends_on": [plan.tasks[0].0] }, { "name": "B", "depends_on": [0] }]);
    let arguments = json!({ "feature_id": plan.feature.0, "tasks": tasks });
    let made = client.call("feature_create_tasks", arguments).await.unwrap();
    let first = &made["proposals"][0];
    assert_eq!((&first["status"], &first["task"]["name"]), (&json!("open"), &json!("A")));
    assert_eq!(made["proposals"][1]["task"]["depends_on"], json!([{ "proposal": first["id"] }]));
    assert!(made["note"].as_str().unwrap().contains("when a person accepts"), "{made}");
    let listed = client.call("task_list", json!({ "feature_id": plan.feature.0 })).await.unwrap();
    assert_eq!(listed["tasks"].as_array().unwrap().len(), plan.tasks.len());
}
