//! Notes reach later agents of the same phase; a spec writer keeps to its feature; a long spec comes in parts.

use autocoder_core::agent::Role;
use autocoder_core::event::Actor;
use autocoder_core::feature::NewFeature;
use autocoder_core::ids::{AgentId, Attempt, FeatureId, RunId};
use autocoder_core::ports::UsageLedger;
use autocoder_core::project::ProjectPatch;
use autocoder_core::run::{Run, RunKind, Tokens};
use autocoder_core::time::Timestamp;
use autocoder_core::workflow::{Context, add_feature, edit_project};
use serde_json::json;

use crate::client::Client;
use crate::plan::Plan;

async fn spec_run(plan: &Plan, feature: FeatureId) -> RunId {
    let run = Run {
        id: RunId(0),
        project: plan.project,
        agent: AgentId("w".to_owned()),
        task: None,
        feature: Some(feature),
        kind: RunKind::Spec,
        attempt: Attempt(0),
        rehearsal: false,
        started_at: Timestamp(0),
        ended_at: None,
        outcome: None,
        detail: None,
        tokens: Tokens::default(),
        cost_reported_nusd: None,
        log_path: None,
        branch: None,
    };
    plan.store.start_run(run).await.unwrap()
}

#[tokio::test]
async fn a_note_is_read_by_the_next_agent_newest_first() {
    let plan = Plan::new().await;
    let mut first = Client::open(plan.session(Some(Role::Coder))).await;
    for (kind, text) in [("decision", "SQLite"), ("interface", "`GET /lists`")] {
        first.call("note_add", json!({ "kind": kind, "text": text })).await.unwrap();
    }
    let mut next = Client::open(plan.session(Some(Role::Tester))).await;
    let notes = next.call("note_list", json!({ "limit": 1 })).await.unwrap();
    assert_eq!((&notes["count"], &notes["notes"][0]["text"]), (&json!(2), &json!("`GET /lists`")));
    let error = next.call("note_add", json!({ "kind": "decision", "text": "x" })).await.unwrap_err();
    assert_eq!(error["code"], "not_your_tool");
}

#[tokio::test]
async fn a_spec_writer_writes_its_own_feature_only_and_its_tasks_are_proposals() {
    let plan = Plan::new().await;
    let person = Actor::Person("ada".to_owned());
    let cx = Context { store: &*plan.store, usage: &*plan.meter, actor: &person, request: None };
    let new = NewFeature { name: "Search".to_owned(), ..NewFeature::default() };
    let own = add_feature(&cx, plan.project, new).await.unwrap().id;
    let mut session = plan.session(Some(Role::SpecWriter));
    session.run = Some(spec_run(&plan, own).await);
    let mut client = Client::open(session).await;
    client.call("feature_set_spec", json!({ "feature_id": own, "spec": "# Search" })).await.unwrap();
    let tasks = json!([{ "name": "Index" }]);
    let made = client.call("feature_create_tasks", json!({ "feature_id": own, "tasks": tasks })).await.unwrap();
    assert_eq!(made["proposals"][0]["status"], "open");
    let foreign = plan.feature;
    for (tool, arguments) in [
        ("feature_set_spec", json!({ "feature_id": foreign, "spec": "# Mine" })),
        ("feature_create_tasks", json!({ "feature_id": foreign, "tasks": tasks })),
    ] {
        assert_eq!(client.call(tool, arguments).await.unwrap_err()["code"], "not_your_feature", "{tool}");
    }
}

#[tokio::test]
async fn a_long_spec_is_read_in_parts() {
    let plan = Plan::new().await;
    let person = Actor::Person("ada".to_owned());
    let cx = Context { store: &*plan.store, usage: &*plan.meter, actor: &person, request: None };
    let spec = "ä".repeat(20_000) + "end";
    edit_project(&cx, plan.project, ProjectPatch { spec: Some(spec), ..ProjectPatch::default() }).await.unwrap();
    let mut client = Client::open(plan.session(Some(Role::Planner))).await;
    let first = client.call("project_get_spec", json!({})).await.unwrap();
    assert_eq!(first["next_offset"], 20_000);
    let rest = client.call("project_get_spec", json!({ "offset": first["next_offset"] })).await.unwrap();
    assert_eq!((&rest["spec"], &rest["next_offset"]), (&json!("end"), &json!(null)));
    let after = client.call("project_get_spec", json!({ "offset": 90_000 })).await.unwrap();
    assert_eq!(after["spec"], "");
}
