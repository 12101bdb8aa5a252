//! The tools over streamable HTTP, checked with a client that is not ours: PyPI's `mcp`. Who may come in to them.
#![expect(clippy::unwrap_used, reason = "a test ends where its parts fail")]

use std::process::Command;

use autocoder_tests::{Answer, Autocoder, Server, python, script};
use reqwest::blocking::Client;
use serde_json::{Value, json};

fn agents_token(autocoder: &Autocoder, project: &str) -> String {
    autocoder.ok(&["agent", "add", "ci-1", "--project", project]);
    let made = autocoder.json(&["token", "create", "--agent", "ci-1", "--project", project]);
    made["secret"].as_str().unwrap().to_owned()
}

/// The answer to the first message of a session.
fn hello(server: &Server, token: Option<&str>, header: Option<(&str, &str)>) -> Answer {
    let client = Client::builder().no_proxy().build().unwrap();
    let hello = json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {
        "protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": { "name": "test", "version": "1" },
    }});
    let mut request = client.post(format!("{}/mcp", server.url)).json(&hello);
    request = request.header("accept", "application/json, text/event-stream");
    if let Some(token) = token {
        request = request.bearer_auth(token);
    }
    if let Some((name, value)) = header {
        request = request.header(name, value);
    }
    server.send(request)
}

#[test]
fn a_foreign_client_works_through_a_phase_over_http() {
    let autocoder = Autocoder::with_plan();
    let server = Server::start(&autocoder);
    let output = Command::new(python())
        .arg(script("mcp_http_client.py"))
        .args(["--tasks", "10", &format!("{}/mcp", server.url), &agents_token(&autocoder, "p")])
        .output()
        .unwrap();
    let said = String::from_utf8(output.stdout.clone()).unwrap();
    assert!(output.status.success(), "{output:?}");
    let steps: Vec<Value> = said.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let passed = steps.iter().filter(|step| step["step"] == "call" && step["tool"] == "task_mark_passing").count();
    assert!(passed >= 3, "{said}");
    let phases = server.get("/projects/p/phases");
    assert_eq!(phases["items"][0]["status"], "awaiting_approval", "{phases}");
}

#[test]
fn only_an_agents_live_token_opens_the_tools() {
    let autocoder = Autocoder::with_plan();
    let server = Server::start(&autocoder);
    let token = agents_token(&autocoder, "p");
    assert_eq!(hello(&server, Some(&token), None).status, 200);
    hello(&server, None, None).refused(401, "token_needed");
    assert_eq!(hello(&server, Some(&server.token), None).status, 403);
    assert_eq!(hello(&server, Some("ac_agent_1_x"), None).status, 401);
    hello(&server, Some(&token), Some(("origin", "http://evil.example"))).refused(403, "foreign_origin");
    hello(&server, Some(&token), Some(("host", "evil.example"))).refused(421, "unknown_host");
    // An agent's token opens nothing else.
    server.send(server.anonymous("GET", "/projects").bearer_auth(&token)).refused(403, "forbidden");
    let list = server.get("/tokens");
    let agents = list["items"].as_array().unwrap().iter().find(|token| token["access"] == "agent").unwrap();
    let _ = server.call("DELETE", &format!("/tokens/{}", agents["id"]), &Value::Null).expect(200);
    assert_eq!(hello(&server, Some(&token), None).status, 401);
}
