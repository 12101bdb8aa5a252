//! When a claim held over HTTP is renewed, and when what is open ends.

use std::sync::Arc;
use std::time::Duration;

use autocoder_core::task::LEASE_TTL_S;
use autocoder_core::token::Token;
use autocoder_mcp::{ABSENT, FORGOTTEN, McpHttp, McpResponse, Sessions};
use bytes::Bytes;
use http::Request;
use serde_json::{Value, json};

use crate::client::Client;
use crate::plan::Plan;
use crate::site::{Book, Got, as_agent, initialize, post, request};

/// Without sockets, so that the clock can be moved.
struct Quiet {
    plan: Plan,
    book: Arc<Book>,
    http: Arc<McpHttp>,
    token: Token,
    session: String,
}

impl Quiet {
    /// An agent that has claimed a task.
    async fn working() -> Self {
        let (book, plan) = (Arc::new(Book::default()), Plan::new().await);
        let token = book.add(plan.session(None));
        let http = McpHttp::new(Arc::clone(&book) as Arc<dyn Sessions>);
        let begun = Got::read(http.handle(&token, post(None, &initialize("2025-11-25"))).await.unwrap()).await;
        let quiet = Self { plan, book, http, token, session: begun.session.unwrap() };
        let initialized = json!({ "jsonrpc": "2.0", "method": "notifications/initialized" });
        assert_eq!(quiet.send(post(Some(&quiet.session), &initialized)).await.status(), 202);
        assert!(quiet.call("task_get_next", json!({})).await["task"]["id"].is_i64());
        quiet
    }

    async fn send(&self, request: Request<Bytes>) -> McpResponse {
        self.http.handle(&self.token, request).await.unwrap()
    }

    async fn call(&self, tool: &str, arguments: Value) -> Value {
        let body = request("tools/call", json!({ "name": tool, "arguments": arguments }));
        let got = Got::read(self.send(post(Some(&self.session), &body)).await).await;
        assert_eq!(got.status, 200, "{got:?}");
        got.message()["result"]["structuredContent"].clone()
    }

    async fn listen(&self) -> McpResponse {
        let request = Request::get("/mcp").header("host", "localhost").header("accept", "text/event-stream");
        self.send(request.header("mcp-session-id", &self.session).body(Bytes::new()).unwrap()).await
    }

    /// Lets both clocks run, the claim's and the process's.
    async fn wait(&self, time: Duration) {
        let step = Duration::from_secs(30);
        for _ in 0..time.as_secs() / step.as_secs() {
            self.plan.advance(step.as_secs() as i64);
            tokio::time::sleep(step).await;
        }
    }

    /// Whether another agent would get the task.
    async fn is_free(&self) -> bool {
        let mut other = Client::open(as_agent("coder-9", self.plan.session(None))).await;
        let next = other.call("task_get_next", json!({})).await.unwrap();
        let free = next["task"]["id"] == json!(self.plan.tasks[0]);
        if let Some(task) = next["task"]["id"].as_i64() {
            other.call("task_release", json!({ "task_id": task, "reason": "only looked" })).await.unwrap();
        }
        free
    }
}

#[tokio::test(start_paused = true)]
async fn a_claim_is_renewed_while_a_stream_is_open() {
    let agent = Quiet::working().await;
    let stream = agent.listen().await;
    agent.wait(ABSENT * 4).await;
    assert!(!agent.is_free().await);
    drop(stream);
    agent.wait(ABSENT + Duration::from_secs(LEASE_TTL_S as u64 + 60)).await;
    assert!(agent.is_free().await);
}

#[tokio::test(start_paused = true)]
async fn a_claim_is_renewed_for_five_minutes_after_the_last_request() {
    let agent = Quiet::working().await;
    agent.wait(ABSENT).await;
    assert!(!agent.is_free().await);
    agent.wait(Duration::from_secs(LEASE_TTL_S as u64 + 60)).await;
    assert!(agent.is_free().await);
}

#[tokio::test(start_paused = true)]
async fn an_agent_that_was_quiet_for_long_goes_on_with_its_task() {
    let agent = Quiet::working().await;
    let task = agent.plan.tasks[0];
    agent.wait(FORGOTTEN - Duration::from_secs(60)).await;
    assert_eq!(agent.call("task_get_next", json!({})).await["task"]["id"], json!(task));
    assert_eq!(agent.call("task_mark_passing", json!({ "task_id": task })).await["task"]["status"], "passing");
    agent.wait(FORGOTTEN + Duration::from_secs(60)).await;
    let got = Got::read(agent.send(post(Some(&agent.session), &request("ping", json!({})))).await).await;
    assert_eq!(got.status, 404, "{got:?}");
}

#[tokio::test(start_paused = true)]
async fn a_token_taken_back_ends_its_streams_and_its_claim() {
    for by_another_process in [true, false] {
        let agent = Quiet::working().await;
        let stream = agent.listen().await;
        agent.book.revoke(&agent.token);
        if !by_another_process {
            agent.http.close(agent.token.id);
        }
        agent.wait(Duration::from_secs(LEASE_TTL_S as u64 + 60)).await;
        assert!(agent.is_free().await);
        Got::read(stream).await;
    }
}

#[tokio::test]
async fn a_stop_ends_every_stream() {
    let agent = Quiet::working().await;
    let stream = agent.listen().await;
    agent.http.close_all();
    Got::read(stream).await;
}
