//! The claim of a session: held, renewed, lost, and its task handed to nobody else.

use std::time::Duration;

use autocoder_core::ids::AgentId;
use autocoder_core::task::{HEARTBEAT_S, LEASE_TTL_S};
use autocoder_mcp::Session;
use serde_json::json;

use crate::client::Client;
use crate::plan::Plan;

fn as_agent(session: Session, agent: &str) -> Session {
    Session { agent: AgentId(agent.to_owned()), ..session }
}

#[tokio::test]
async fn asking_again_gives_the_same_task() {
    let plan = Plan::new().await;
    let mut client = Client::open(plan.session(None)).await;
    let first = client.call("task_get_next", json!({})).await.unwrap();
    let again = client.call("task_get_next", json!({})).await.unwrap();
    assert_eq!(first["task"]["id"], plan.tasks[0].0);
    assert_eq!((&first["task"]["id"], &first["task"]["attempt"]), (&again["task"]["id"], &again["task"]["attempt"]));
    assert_eq!(first["advice"], "continue");
}

#[tokio::test]
async fn a_new_session_of_the_same_agent_goes_on_with_its_task() {
    let plan = Plan::new().await;
    let mut first = Client::open(plan.session(None)).await;
    let task = first.call("task_get_next", json!({})).await.unwrap()["task"]["id"].clone();
    first.close().await.unwrap();
    let mut second = Client::open(plan.session(None)).await;
    let error = second.call("task_mark_passing", json!({ "task_id": task })).await.unwrap_err();
    assert_eq!(error["code"], "not_your_task");
    assert_eq!(second.call("task_get_next", json!({})).await.unwrap()["task"]["id"], task);
    second.call("task_mark_passing", json!({ "task_id": task })).await.unwrap();
}

#[tokio::test]
async fn a_lapsed_claim_cannot_pass_its_task() {
    let plan = Plan::new().await;
    let mut slow = Client::open(plan.session(None)).await;
    let task = slow.call("task_get_next", json!({})).await.unwrap()["task"]["id"].clone();
    plan.advance(LEASE_TTL_S + 1);
    let mut quick = Client::open(as_agent(plan.session(None), "coder-2")).await;
    assert_eq!(quick.call("task_get_next", json!({})).await.unwrap()["task"]["id"], task);
    let advice = slow.call("usage_should_continue", json!({})).await.unwrap();
    assert_eq!((&advice["action"], &advice["reason"]), (&json!("stop"), &json!("lease_lost")));
    let error = slow.call("task_mark_passing", json!({ "task_id": task })).await.unwrap_err();
    assert_eq!(error["code"], "lease_lost");
    quick.call("task_mark_passing", json!({ "task_id": task })).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_claim_is_renewed_while_the_input_is_open() {
    let plan = Plan::new().await;
    let mut client = Client::open(plan.session(None)).await;
    let task = client.call("task_get_next", json!({})).await.unwrap()["task"]["id"].clone();
    for _ in 0..10 {
        plan.advance(HEARTBEAT_S as i64);
        tokio::time::sleep(Duration::from_secs(HEARTBEAT_S)).await;
    }
    client.call("task_mark_passing", json!({ "task_id": task })).await.unwrap();
}

#[tokio::test]
async fn a_session_with_a_given_claim_takes_no_other_task() {
    let plan = Plan::new().await;
    let mut outside = Client::open(plan.session(None)).await;
    let claim = outside.call("task_get_next", json!({})).await.unwrap()["task"].clone();
    let attempt = serde_json::from_value(claim["attempt"].clone()).unwrap();
    let session = Session { fence: Some((plan.tasks[0], attempt)), ..plan.session(None) };
    let mut client = Client::open(session).await;
    assert_eq!(client.call("task_get_next", json!({})).await.unwrap()["task"]["id"], claim["id"]);
    client.call("task_mark_passing", json!({ "task_id": claim["id"] })).await.unwrap();
    let next = client.call("task_get_next", json!({})).await.unwrap();
    assert_eq!(
        (&next["task"], &next["reason"], &next["advice"]),
        (&json!(null), &json!("run_finished"), &json!("stop"))
    );
    assert_eq!(client.call("usage_should_continue", json!({})).await.unwrap()["action"], "stop");
}

#[tokio::test]
async fn without_work_the_reason_and_the_advice_are_given() {
    let plan = Plan::new().await;
    let mut client = Client::open(plan.session(None)).await;
    for task in &plan.tasks {
        client.call("task_get_next", json!({})).await.unwrap();
        client.call("task_mark_passing", json!({ "task_id": task.0 })).await.unwrap();
    }
    let next = client.call("task_get_next", json!({})).await.unwrap();
    let told = (&next["task"], &next["reason"], &next["advice"]);
    assert_eq!(told, (&json!(null), &json!("phase_awaiting_approval"), &json!("stop")));
    let late = json!({ "feature_id": plan.feature.0, "tasks": [{ "name": "More" }] });
    let error = client.call("feature_create_tasks", late).await.unwrap_err();
    assert_eq!(error["code"], "phase_awaiting_approval");
}
