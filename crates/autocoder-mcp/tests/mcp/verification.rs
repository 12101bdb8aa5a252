//! Passing a task: verified first, reported back when it fails, never lost when a caller stops waiting.

use std::time::Duration;

use serde_json::{Value, json};

use crate::client::Client;
use crate::plan::Plan;

async fn with_task(plan: &Plan) -> (Client, Value) {
    let mut client = Client::open(plan.session(None)).await;
    let task = client.call("task_get_next", json!({})).await.unwrap()["task"]["id"].clone();
    (client, json!({ "task_id": task }))
}

#[tokio::test]
async fn a_failed_verification_goes_back_to_the_agent_that_still_holds_the_task() {
    let plan = Plan::new().await;
    plan.fail_next(&["npm test failed:\n1 of 3"]);
    let (mut client, task) = with_task(&plan).await;
    let error = client.call("task_mark_passing", task.clone()).await.unwrap_err();
    assert_eq!(
        (&error["code"], &error["message"]),
        (&json!("verification_failed"), &json!("npm test failed:\n1 of 3"))
    );
    assert!(error["hint"].as_str().unwrap().contains("still yours"), "{error}");
    assert_eq!(plan.evidence_count(plan.tasks[0]).await, 0);
    let passed = client.call("task_mark_passing", task.clone()).await.unwrap();
    assert_eq!(passed["task"]["status"], "passing");
    assert_eq!(plan.evidence_count(plan.tasks[0]).await, 2);
    let again = client.call("task_mark_passing", task).await.unwrap();
    assert_eq!(again["task"]["status"], "passing");
    assert_eq!(plan.evidence_count(plan.tasks[0]).await, 2);
}

#[tokio::test]
async fn the_fifth_failed_verification_fails_the_task() {
    let plan = Plan::new().await;
    plan.fail_next(&["1", "2", "3", "4", "5"]);
    let (mut client, task) = with_task(&plan).await;
    for expected in ["1", "2", "3", "4", "5"] {
        let error = client.call("task_mark_passing", task.clone()).await.unwrap_err();
        assert_eq!((&error["code"], &error["message"]), (&json!("verification_failed"), &json!(expected)));
    }
    let failed = client.call("task_get", task.clone()).await.unwrap();
    assert_eq!((&failed["task"]["status"], &failed["task"]["failures"]), (&json!("pending"), &json!(1)));
    assert_eq!(failed["task"]["blocked_reason"], "5");
    assert_eq!(plan.evidence_count(plan.tasks[0]).await, 5);
    assert_eq!(client.call("task_mark_passing", task).await.unwrap_err()["code"], "not_your_task");
}

#[tokio::test]
async fn while_a_verification_runs_every_other_call_on_the_task_waits() {
    let plan = Plan::new().await;
    plan.hold_verifications();
    let (mut client, task) = with_task(&plan).await;
    let first = client.start_call("task_mark_passing", task.clone()).await;
    assert_eq!(client.call("task_mark_passing", task.clone()).await.unwrap_err()["code"], "verifying");
    let release = json!({ "task_id": task["task_id"], "reason": "changed my mind" });
    assert_eq!(client.call("task_release", release).await.unwrap_err()["code"], "verifying");
    plan.verifier.permits.add_permits(1);
    assert_eq!(client.call_reply(first).await.unwrap()["task"]["status"], "passing");
}

#[tokio::test]
async fn a_cancelled_call_leaves_its_result_to_the_next_one() {
    let plan = Plan::new().await;
    plan.hold_verifications();
    plan.fail_next(&["late report"]);
    let (mut client, task) = with_task(&plan).await;
    let first = client.start_call("task_mark_passing", task.clone()).await;
    client.notify("notifications/cancelled", json!({ "requestId": first, "reason": "timeout" })).await;
    client.request("ping", json!({})).await;
    plan.verifier.permits.add_permits(1);
    let error = client.call("task_mark_passing", task).await.unwrap_err();
    assert_eq!((&error["code"], &error["message"]), (&json!("verification_failed"), &json!("late report")));
}

#[tokio::test(start_paused = true)]
async fn a_long_verification_reports_progress_and_answers_before_clients_give_up() {
    let plan = Plan::new().await;
    plan.hold_verifications();
    let (mut client, task) = with_task(&plan).await;
    let params = json!({ "name": "task_mark_passing", "arguments": task, "_meta": { "progressToken": "p" } });
    let begun = tokio::time::Instant::now();
    let id = client.send("tools/call", params).await;
    let mut progress = 0;
    let reply = loop {
        let message = client.next_message().await;
        if message["method"] == "notifications/progress" {
            assert_eq!(message["params"]["progressToken"], "p");
            progress += 1;
        }
        if message["id"] == id {
            break message;
        }
    };
    assert!(progress >= 4 && begun.elapsed() < Duration::from_secs(60), "{progress} {:?}", begun.elapsed());
    assert_eq!(reply["result"]["structuredContent"]["code"], "verifying");
    plan.verifier.permits.add_permits(1);
    client.call("task_mark_passing", task).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn the_end_of_input_stops_a_verification_and_passes_nothing() {
    let plan = Plan::new().await;
    plan.hold_verifications();
    let (mut client, task) = with_task(&plan).await;
    client.start_call("task_mark_passing", task.clone()).await;
    client.request("ping", json!({})).await;
    client.close().await.unwrap();
    plan.verifier.permits.add_permits(1);
    let mut other = Client::open(plan.session(None)).await;
    assert_eq!(other.call("task_get", task).await.unwrap()["task"]["status"], "in_progress");
}
