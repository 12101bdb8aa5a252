//! An agent's client that shows every answer, refusals too: over standard input and output, or over `/mcp`.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use autocoder_tests::Server;
use reqwest::blocking::{Client as Http, RequestBuilder};
use serde_json::{Value, json};

/// An agent that has said hello.
pub(crate) struct Client {
    way: Way,
    asked: u64,
}

enum Way {
    Stdio { child: Child, stdin: Option<ChildStdin>, stdout: BufReader<ChildStdout> },
    Web { http: Http, url: String, token: String, session: Option<String> },
}

impl Client {
    /// Over standard input and output of this command.
    pub(crate) fn stdio(mut command: Command) -> Self {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let (stdin, stdout) = (child.stdin.take(), BufReader::new(child.stdout.take().unwrap()));
        Self { way: Way::Stdio { child, stdin, stdout }, asked: 0 }.greeted()
    }

    /// Over `/mcp`, with an agent's token.
    pub(crate) fn web(server: &Server, token: &str) -> Self {
        let (http, url) = (Http::builder().no_proxy().build().unwrap(), format!("{}/mcp", server.url));
        Self { way: Way::Web { http, url, token: token.to_owned(), session: None }, asked: 0 }.greeted()
    }

    fn greeted(mut self) -> Self {
        let client = json!({ "name": "test", "version": "1" });
        let hello = json!({ "protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": client });
        assert!(self.ask("initialize", &hello)["result"].is_object());
        self.send(&json!({ "jsonrpc": "2.0", "method": "notifications/initialized" }), None);
        self
    }

    /// The tools that it sees.
    pub(crate) fn tools(&mut self) -> Vec<Value> {
        self.ask("tools/list", &json!({}))["result"]["tools"].as_array().unwrap().clone()
    }

    /// Whatever a call is answered with.
    pub(crate) fn call(&mut self, tool: &str, arguments: &Value) -> Value {
        self.ask("tools/call", &json!({ "name": tool, "arguments": arguments }))
    }

    fn ask(&mut self, method: &str, params: &Value) -> Value {
        self.asked += 1;
        let question = json!({ "jsonrpc": "2.0", "id": self.asked, "method": method, "params": params });
        self.send(&question, Some(self.asked)).unwrap()
    }

    fn send(&mut self, message: &Value, answer: Option<u64>) -> Option<Value> {
        let is_answer = |message: &Value| message["id"].as_u64() == answer;
        match &mut self.way {
            Way::Stdio { stdin, stdout, .. } => {
                writeln!(stdin.as_mut().unwrap(), "{message}").unwrap();
                answer?;
                let lines = stdout.lines().map(|line| serde_json::from_str(&line.unwrap()).unwrap());
                { lines }.find(is_answer)
            }
            Way::Web { http, url, token, session } => {
                let mut request = http.post(&*url).bearer_auth(token).json(message);
                request = request.header("accept", "application/json, text/event-stream");
                let response = session.iter().fold(request, in_session).send().unwrap();
                assert!(response.status().is_success(), "{message}: {response:?}");
                if let Some(id) = response.headers().get("mcp-session-id") {
                    *session = Some(id.to_str().unwrap().to_owned());
                }
                let text = response.text().unwrap();
                let events = text.lines().map(|line| line.strip_prefix("data:").unwrap_or(line).trim());
                answer.and_then(|_| events.filter_map(|event| serde_json::from_str(event).ok()).find(is_answer))
            }
        }
    }
}

fn in_session(request: RequestBuilder, id: &String) -> RequestBuilder {
    request.header("mcp-session-id", id)
}

impl Drop for Client {
    fn drop(&mut self) {
        if let Way::Stdio { child, stdin, .. } = &mut self.way {
            *stdin = None;
            let _ = child.wait();
        }
    }
}
