//! An agent over standard input and output, as small as one can be.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

/// A client of `autocoder mcp`; dropped, it goes away and its server ends.
pub struct Agent {
    child: Child,
    stdin: Option<ChildStdin>,
    stdout: BufReader<ChildStdout>,
    asked: u64,
}

impl Agent {
    pub(crate) fn start(mut command: Command) -> Self {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the binary is built");
        let stdin = child.stdin.take();
        let stdout = BufReader::new(child.stdout.take().expect("it is piped"));
        let mut agent = Self { child, stdin, stdout, asked: 0 };
        let client = json!({ "name": "test", "version": "1" });
        agent.ask("initialize", json!({ "protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": client }));
        agent.send(&json!({ "jsonrpc": "2.0", "method": "notifications/initialized" }));
        agent
    }

    /// What a tool answers.
    pub fn call(&mut self, tool: &str, arguments: Value) -> Value {
        let answer = self.ask("tools/call", json!({ "name": tool, "arguments": arguments }));
        assert_ne!(answer["isError"], true, "{tool}: {answer}");
        answer["structuredContent"].clone()
    }

    /// What a tool answers that must refuse.
    pub fn refused(&mut self, tool: &str, arguments: Value) -> Value {
        let answer = self.ask("tools/call", json!({ "name": tool, "arguments": arguments }));
        assert_eq!(answer["isError"], true, "{tool}: {answer}");
        answer["structuredContent"].clone()
    }

    /// Asks a tool and does not wait for what it answers.
    pub fn begin(&mut self, tool: &str, arguments: Value) {
        self.asked += 1;
        let params = json!({ "name": tool, "arguments": arguments });
        self.send(&json!({ "jsonrpc": "2.0", "id": self.asked, "method": "tools/call", "params": params }));
    }

    /// Ends the tools' process as a crash would.
    pub fn kill(mut self) {
        self.child.kill().expect("it is ours");
    }

    /// Claims and passes tasks until there is none, and answers their ids.
    pub fn finish_everything(&mut self) -> Vec<i64> {
        let mut passed = Vec::new();
        while let Some(id) = self.call("task_get_next", json!({}))["task"]["id"].as_i64() {
            self.call("task_mark_passing", json!({ "task_id": id }));
            passed.push(id);
        }
        passed
    }

    fn ask(&mut self, method: &str, params: Value) -> Value {
        self.asked += 1;
        self.send(&json!({ "jsonrpc": "2.0", "id": self.asked, "method": method, "params": params }));
        loop {
            let mut line = String::new();
            assert!(self.stdout.read_line(&mut line).is_ok_and(|bytes| bytes > 0), "{method}: the server went away");
            let message: Value = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"));
            if message["id"] == self.asked {
                assert!(message.get("error").is_none(), "{method}: {message}");
                return message["result"].clone();
            }
        }
    }

    fn send(&mut self, message: &Value) {
        let stdin = self.stdin.as_mut().expect("it is open until the end");
        writeln!(stdin, "{message}").expect("the server reads");
    }
}

impl Drop for Agent {
    fn drop(&mut self) {
        self.stdin = None;
        let _ = self.child.wait();
    }
}
