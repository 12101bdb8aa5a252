//! A JSON-RPC client over a pair of streams.

use autocoder_mcp::{ServeError, Session, serve};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, DuplexStream, Lines, ReadHalf, WriteHalf, duplex, split};
use tokio::task::JoinHandle;

pub(crate) struct Client {
    write: WriteHalf<DuplexStream>,
    lines: Lines<BufReader<ReadHalf<DuplexStream>>>,
    serving: JoinHandle<Result<(), ServeError>>,
    last_id: i64,
}

impl Client {
    /// A connection before the handshake.
    pub(crate) fn connect(session: Session) -> Self {
        let (ours, theirs) = duplex(1 << 20);
        let (read, write) = split(theirs);
        let serving = tokio::spawn(serve(session, read, write));
        let (read, write) = split(ours);
        Self { write, lines: BufReader::new(read).lines(), serving, last_id: 0 }
    }

    /// A connection after the handshake.
    pub(crate) async fn open(session: Session) -> Self {
        let mut client = Self::connect(session);
        client.initialize("2025-11-25").await;
        client
    }

    pub(crate) async fn initialize(&mut self, version: &str) -> Value {
        let params = json!({
            "protocolVersion": version, "capabilities": {}, "clientInfo": { "name": "test", "version": "1" },
        });
        let reply = self.request("initialize", params).await;
        self.notify("notifications/initialized", json!({})).await;
        reply
    }

    pub(crate) async fn line(&mut self, line: &str) {
        self.write.write_all(format!("{line}\n").as_bytes()).await.unwrap();
    }

    pub(crate) async fn bytes(&mut self, bytes: &[u8]) {
        self.write.write_all(bytes).await.unwrap();
    }

    pub(crate) async fn notify(&mut self, method: &str, params: Value) {
        self.line(&json!({ "jsonrpc": "2.0", "method": method, "params": params }).to_string()).await;
    }

    /// Sends a request and answers its id.
    pub(crate) async fn send(&mut self, method: &str, params: Value) -> i64 {
        self.last_id += 1;
        let id = self.last_id;
        self.line(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }).to_string()).await;
        id
    }

    pub(crate) async fn next_message(&mut self) -> Value {
        let line = self.lines.next_line().await.unwrap().expect("the server ended before it answered");
        serde_json::from_str(&line).unwrap()
    }

    /// The reply to a request; what comes before it is dropped.
    pub(crate) async fn reply(&mut self, id: i64) -> Value {
        loop {
            let message = self.next_message().await;
            if message["id"] == id && message.get("method").is_none() {
                return message;
            }
        }
    }

    pub(crate) async fn request(&mut self, method: &str, params: Value) -> Value {
        let id = self.send(method, params).await;
        self.reply(id).await
    }

    pub(crate) async fn start_call(&mut self, tool: &str, arguments: Value) -> i64 {
        self.send("tools/call", json!({ "name": tool, "arguments": arguments })).await
    }

    pub(crate) async fn call_reply(&mut self, id: i64) -> Result<Value, Value> {
        let reply = self.reply(id).await;
        let result = reply.get("result").unwrap_or_else(|| panic!("not a tool's reply: {reply}"));
        let text = result["content"][0]["text"].as_str().unwrap();
        let structured = result["structuredContent"].clone();
        assert_eq!(serde_json::from_str::<Value>(text).unwrap(), structured, "text and structured content differ");
        assert!(structured.is_object(), "{structured}");
        if result["isError"] == true { Err(structured) } else { Ok(structured) }
    }

    /// What a tool answers, or its error.
    pub(crate) async fn call(&mut self, tool: &str, arguments: Value) -> Result<Value, Value> {
        let id = self.start_call(tool, arguments).await;
        self.call_reply(id).await
    }

    /// Closes the input and waits for the server's end.
    pub(crate) async fn close(mut self) -> Result<(), ServeError> {
        self.write.shutdown().await.unwrap();
        self.serving.await.unwrap()
    }
}
