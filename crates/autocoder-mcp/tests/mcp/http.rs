//! The tools over streamable HTTP: the same as over streams, and one identity a token.

use std::sync::Arc;

use autocoder_core::agent::Role;
use autocoder_core::ids::RunId;
use autocoder_core::token::{Access, Token};
use autocoder_mcp::{McpHttp, McpHttpError, Session};
use serde_json::{Value, json};

use crate::client::Client;
use crate::plan::Plan;
use crate::site::{Book, Got, WebClient, as_agent, initialize, post, request, serve};

/// A server for these sessions; bearer `n` is the n-th.
async fn site(sessions: Vec<Session>) -> (Arc<McpHttp>, String) {
    let book = Arc::new(Book::default());
    let tokens = sessions.into_iter().map(|session| book.add(session)).collect();
    let http = McpHttp::new(book);
    (Arc::clone(&http), serve(http, tokens).await)
}

#[tokio::test]
async fn http_lists_and_answers_what_streams_do() {
    for role in [None, Some(Role::Coder), Some(Role::Planner)] {
        let (here, there) = (Plan::new().await, Plan::new().await);
        let (_, address) = site(vec![there.session(role)]).await;
        let (mut piped, web) = (Client::open(here.session(role)).await, WebClient::open(&address, 0).await);
        let listed = piped.request("tools/list", json!({})).await["result"].clone();
        assert_eq!(web.ask("tools/list", json!({})).await["result"], listed);
        assert_eq!(web.ask("ping", json!({})).await["result"], json!({}));
        let (task, feature) = (here.tasks[0], here.feature);
        for (tool, arguments) in [
            ("usage_should_continue", json!({})),
            ("phase_get_current", json!({})),
            ("task_get_next", json!({})),
            ("task_get_next", json!({ "agent": "another" })),
            ("task_get", json!({ "task_id": task })),
            ("task_get", json!({ "task_id": -1 })),
            ("task_mark_passing", json!({ "task_id": task })),
            ("feature_create_tasks", json!({ "feature_id": feature, "tasks": [{ "name": "More" }] })),
            ("task_list", json!({ "status": "passing" })),
        ] {
            assert_eq!(web.call(tool, arguments.clone()).await, piped.call(tool, arguments).await, "{role:?} {tool}");
        }
    }
}

#[tokio::test]
async fn two_tokens_never_see_each_others_project() {
    let (first, second) = (Plan::new().await, Plan::new().await);
    let (_, address) = site(vec![first.session(None), as_agent("coder-2", second.session(None))]).await;
    let (ours, theirs) = (WebClient::open(&address, 0).await, WebClient::open(&address, 1).await);
    let secret = json!({ "feature_id": first.feature, "tasks": [{ "name": "Secret" }] });
    ours.call("feature_create_tasks", secret).await.unwrap();
    assert!(ours.call("task_list", json!({})).await.unwrap().to_string().contains("Secret"));
    let listed = theirs.call("task_list", json!({})).await.unwrap().to_string();
    assert!(!listed.contains("Secret"), "{listed}");
    let stolen = WebClient { session: ours.session.clone(), ..WebClient::new(&address, 1) };
    let got = stolen.send(stolen.post(), Some(&request("tools/list", json!({})))).await;
    assert_eq!(got.status, 404, "another token's session is none: {got:?}");
}

#[tokio::test]
async fn every_session_of_a_token_works_on_the_same_claim() {
    let plan = Plan::new().await;
    let (_, address) = site(vec![plan.session(None)]).await;
    let first = WebClient::open(&address, 0).await;
    let task = first.call("task_get_next", json!({})).await.unwrap()["task"]["id"].clone();
    let second = WebClient::open(&address, 0).await;
    assert_ne!(first.session, second.session);
    let passed = second.call("task_mark_passing", json!({ "task_id": task })).await.unwrap();
    assert_eq!(passed["task"]["status"], "passing");
}

#[tokio::test]
async fn the_newest_protocol_needs_no_session() {
    let plan = Plan::new().await;
    let (_, address) = site(vec![plan.session(None)]).await;
    let client = WebClient::new(&address, 0);
    let meta = json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientInfo": { "name": "test", "version": "1" },
        "io.modelcontextprotocol/clientCapabilities": {},
    });
    let ask = async |tool: &str, arguments: Value| {
        let body = request("tools/call", json!({ "name": tool, "arguments": arguments, "_meta": meta }));
        let post = client.post().header("mcp-protocol-version", "2026-07-28");
        let got = client.send(post.header("mcp-method", "tools/call").header("mcp-name", tool), Some(&body)).await;
        assert_eq!((got.status, &got.session), (200, &None), "{got:?}");
        got.message()["result"]["structuredContent"]["task"].clone()
    };
    let task = ask("task_get_next", json!({})).await;
    assert_eq!(ask("task_mark_passing", json!({ "task_id": task["id"] })).await["status"], "passing");
}

#[tokio::test]
async fn what_is_not_mcp_is_refused_by_its_status() {
    let plan = Plan::new().await;
    let (_, address) = site(vec![plan.session(None)]).await;
    let (new, open) = (WebClient::new(&address, 0), WebClient::open(&address, 0).await);
    let lost =
        WebClient { session: Some("6fa1c1b0-0000-4000-8000-000000000000".to_owned()), ..WebClient::new(&address, 0) };
    let (ping, begin) = (request("ping", json!({})), initialize("2025-11-25"));
    let batch = json!([ping]);
    let as_text = new.request("POST").header("content-type", "text/plain");
    for (what, client, request, body, status) in [
        ("an unknown session", &lost, lost.post(), Some(&ping), 404),
        ("a stream of an unknown session", &lost, lost.request("GET"), None, 404),
        ("a version nobody knows", &open, versioned(&open, "1999-01-01"), Some(&ping), 400),
        ("no session", &new, new.post(), Some(&ping), 400),
        ("a stream without a session", &new, new.request("GET"), None, 400),
        ("a batch", &open, open.post(), Some(&batch), 415),
        ("text", &new, as_text, Some(&begin), 415),
        ("an unknown method", &new, new.request("PUT"), Some(&begin), 405),
    ] {
        let got = client.send(request, body).await;
        assert_eq!(got.status, status, "{what}: {got:?}");
    }
}

fn versioned(client: &WebClient, version: &str) -> http::request::Builder {
    let bare = WebClient { session: None, ..WebClient::new("", 0) };
    let session = client.session.as_deref().unwrap();
    bare.post().header("mcp-session-id", session).header("mcp-protocol-version", version)
}

#[tokio::test]
async fn delete_ends_a_session_and_its_stream() {
    let plan = Plan::new().await;
    let of_a_run = Session { run: Some(RunId(1)), ..as_agent("coder-2", plan.session(None)) };
    let (_, address) = site(vec![plan.session(None), of_a_run]).await;
    for bearer in [0, 1] {
        let client = WebClient::open(&address, bearer).await;
        let stream = client.start(client.request("GET"), None).await;
        assert_eq!(stream.status(), 200);
        assert_eq!(client.send(client.request("DELETE"), None).await.status, 202);
        Got::read(stream).await;
        let got = client.send(client.post(), Some(&request("ping", json!({})))).await;
        assert_eq!(got.status, 404, "{bearer}: {got:?}");
    }
}

#[tokio::test]
async fn a_runs_session_goes_on_after_a_restart_of_the_server() {
    let plan = Plan::new().await;
    let session = Session { run: Some(RunId(1)), ..plan.session(None) };
    let (_, before) = site(vec![session.clone()]).await;
    let (_, after) = site(vec![session]).await;
    let client = WebClient { session: WebClient::open(&before, 0).await.session, ..WebClient::new(&after, 0) };
    assert!(client.call("task_get_next", json!({})).await.unwrap()["task"]["id"].is_i64());
}

#[tokio::test]
async fn a_person_cannot_use_the_tools() {
    let book = Arc::new(Book::default());
    let plan = Plan::new().await;
    let token = book.add(plan.session(None));
    let person = Token { access: Access::Admin, agent: None, ..token };
    let refused = McpHttp::new(book).handle(&person, post(None, &initialize("2025-11-25"))).await;
    let Err(error @ McpHttpError::NotAnAgent) = refused else { panic!("served") };
    assert_eq!(error.code(), "not_an_agent");
}

#[tokio::test]
async fn a_client_that_never_ends_its_sessions_goes_on_in_every_one() {
    let plan = Plan::new().await;
    let (_, address) = site(vec![plan.session(None)]).await;
    let first = WebClient::open(&address, 0).await;
    for _ in 0..100 {
        WebClient::open(&address, 0).await;
    }
    assert_eq!(first.ask("ping", json!({})).await["result"], json!({}));
}
