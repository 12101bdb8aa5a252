//! The handshake, what no tool answers, garbage, and the end.

use serde_json::json;

use crate::client::Client;
use crate::plan::Plan;

#[tokio::test]
async fn every_version_with_a_handshake_is_answered() {
    for (asked, answered) in [
        ("2024-11-05", "2024-11-05"),
        ("2025-06-18", "2025-06-18"),
        ("2025-11-25", "2025-11-25"),
        ("2026-07-28", "2025-11-25"),
        ("1999-01-01", "2025-11-25"),
    ] {
        let mut client = Client::connect(Plan::new().await.session(None));
        let reply = client.initialize(asked).await;
        assert_eq!(reply["result"]["protocolVersion"], answered, "{reply}");
        assert_eq!(reply["result"]["serverInfo"]["name"], "autocoder");
    }
}

#[tokio::test]
async fn a_client_may_probe_by_server_discover_first() {
    let mut client = Client::connect(Plan::new().await.session(None));
    let meta = json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientInfo": { "name": "test", "version": "1" },
        "io.modelcontextprotocol/clientCapabilities": {},
    });
    let discovered = client.request("server/discover", json!({ "_meta": meta })).await;
    assert!(discovered["result"]["supportedVersions"].is_array(), "{discovered}");
    client.notify("notifications/cancelled", json!({ "requestId": 1 })).await;
    let refused = client.request("server/discover", json!({})).await;
    assert!(refused["error"]["code"].is_i64(), "{refused}");
    let reply = client.initialize("2025-11-25").await;
    assert_eq!(reply["result"]["protocolVersion"], "2025-11-25");
    client.call("task_get_next", json!({})).await.unwrap();
}

#[tokio::test]
async fn an_unknown_method_is_not_found() {
    let mut client = Client::open(Plan::new().await.session(None)).await;
    for method in ["no/such", "resources/list", "prompts/list", "logging/setLevel"] {
        let params = if method == "logging/setLevel" { json!({ "level": "info" }) } else { json!({}) };
        let reply = client.request(method, params).await;
        assert_eq!(reply["error"]["code"], -32_601, "{method}: {reply}");
    }
    assert!(client.request("ping", json!({})).await.get("result").is_some());
}

#[tokio::test]
async fn an_unknown_tool_is_an_invalid_parameter() {
    let mut client = Client::open(Plan::new().await.session(None)).await;
    let reply = client.request("tools/call", json!({ "name": "phase_approve", "arguments": {} })).await;
    assert_eq!(reply["error"]["code"], -32_602, "{reply}");
}

#[tokio::test]
async fn garbage_does_not_end_the_server() {
    let mut client = Client::connect(Plan::new().await.session(None));
    client.line("not json").await;
    client
        .line(r#"{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":1,"progress":1}}"#)
        .await;
    client.initialize("2025-06-18").await;
    client.line("{").await;
    client.line("[]").await;
    client.line("").await;
    client.line(r#"{"jsonrpc":"2.0","id":7}"#).await;
    client.bytes(b"\xff\xfe\x00\n").await;
    client.bytes(&vec![b'x'; 17 * 1024 * 1024]).await;
    client.line("").await;
    client.call("phase_get_current", json!({})).await.unwrap();
}

#[tokio::test]
async fn the_end_of_input_ends_the_server() {
    let plan = Plan::new().await;
    Client::connect(plan.session(None)).close().await.unwrap();
    Client::open(plan.session(None)).await.close().await.unwrap();
}
