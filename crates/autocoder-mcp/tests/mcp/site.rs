//! A real HTTP server around the tools, and a client that knows nothing of them but HTTP and JSON-RPC.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use autocoder_core::error::Refused;
use autocoder_core::ids::{AgentId, TokenId};
use autocoder_core::time::Timestamp;
use autocoder_core::token::{Access, AgentTicket, Token};
use autocoder_mcp::{McpHttp, McpHttpError, McpResponse, Session, Sessions};
use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HOST};
use http::request::Builder;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};

/// The sessions of tokens, by the token's number.
#[derive(Default)]
pub(crate) struct Book(Mutex<HashMap<TokenId, Session>>);

impl Book {
    pub(crate) fn add(&self, session: Session) -> Token {
        let mut sessions = self.0.lock().unwrap();
        let id = TokenId(i64::try_from(sessions.len()).unwrap() + 1);
        let (project, agent, run, claim) = (session.project, session.agent.clone(), session.run, session.fence);
        sessions.insert(id, session);
        Token {
            id,
            name: "a token".to_owned(),
            access: Access::Agent,
            hash: String::new(),
            project: Some(project),
            agent: Some(AgentTicket { agent, run, claim }),
            created_at: Timestamp(0),
            expires_at: None,
            revoked_at: None,
        }
    }

    pub(crate) fn revoke(&self, token: &Token) {
        self.0.lock().unwrap().remove(&token.id);
    }
}

#[async_trait]
impl Sessions for Book {
    async fn session(&self, token: &Token) -> Result<Session, Refused> {
        let sessions = self.0.lock().unwrap();
        sessions.get(&token.id).cloned().ok_or_else(|| Refused::NotFound { noun: "token", id: token.id.to_string() })
    }

    async fn is_live(&self, token: TokenId) -> Result<bool, Refused> {
        Ok(self.0.lock().unwrap().contains_key(&token))
    }
}

/// A session of another agent's.
pub(crate) fn as_agent(name: &str, session: Session) -> Session {
    Session { agent: AgentId(name.to_owned()), ..session }
}

/// Serves on a free port of the loopback; the bearer is the place of its token in `tokens`, from 0.
pub(crate) async fn serve(http: Arc<McpHttp>, tokens: Vec<Token>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let tokens = Arc::new(tokens);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (http, tokens) = (Arc::clone(&http), Arc::clone(&tokens));
            let service = service_fn(move |request| answer(Arc::clone(&http), Arc::clone(&tokens), request));
            tokio::spawn(hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service));
        }
    });
    address
}

async fn answer(
    http: Arc<McpHttp>,
    tokens: Arc<Vec<Token>>,
    request: Request<Incoming>,
) -> Result<McpResponse, Infallible> {
    let bearer = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
    let token = bearer.and_then(|place| tokens.get(place.parse::<usize>().ok()?)).expect("the test sends its bearer");
    let (parts, body) = request.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    Ok(match http.handle(token, Request::from_parts(parts, body)).await {
        Ok(response) => response,
        Err(error) => refusal(&error),
    })
}

fn refusal(error: &McpHttpError) -> McpResponse {
    let body = Full::new(Bytes::from(error.code())).boxed();
    Response::builder().status(StatusCode::FORBIDDEN).body(body).unwrap()
}

/// A reply with its body read to the end.
#[derive(Debug)]
pub(crate) struct Got {
    pub(crate) status: u16,
    pub(crate) session: Option<String>,
    pub(crate) text: String,
}

impl Got {
    pub(crate) async fn read<B>(response: Response<B>) -> Self
    where
        B: hyper::body::Body<Data = Bytes>,
        B::Error: std::fmt::Debug,
    {
        let session = response.headers().get("mcp-session-id").map(|id| id.to_str().unwrap().to_owned());
        let status = response.status().as_u16();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        Self { status, session, text: String::from_utf8(body.to_vec()).unwrap() }
    }

    /// The last message of the event stream.
    pub(crate) fn message(&self) -> Value {
        let last =
            self.text.lines().filter_map(|line| line.strip_prefix("data:")).rfind(|data| !data.trim().is_empty());
        let text = last.unwrap_or(&self.text);
        serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// One MCP client.
pub(crate) struct WebClient {
    pub(crate) address: String,
    pub(crate) bearer: usize,
    pub(crate) session: Option<String>,
}

impl WebClient {
    pub(crate) fn new(address: &str, bearer: usize) -> Self {
        Self { address: address.to_owned(), bearer, session: None }
    }

    pub(crate) async fn open(address: &str, bearer: usize) -> Self {
        let mut client = Self::new(address, bearer);
        let got = client.send(client.post(), Some(&initialize("2025-11-25"))).await;
        assert_eq!(got.status, 200, "{got:?}");
        client.session = got.session;
        let initialized = json!({ "jsonrpc": "2.0", "method": "notifications/initialized" });
        assert_eq!(client.send(client.post(), Some(&initialized)).await.status, 202);
        client
    }

    pub(crate) fn post(&self) -> Builder {
        self.request("POST").header(CONTENT_TYPE, "application/json")
    }

    pub(crate) fn request(&self, method: &str) -> Builder {
        let request = Request::builder()
            .method(method)
            .uri("/mcp")
            .header(HOST, &self.address)
            .header(AUTHORIZATION, format!("Bearer {}", self.bearer))
            .header(ACCEPT, "application/json, text/event-stream");
        match &self.session {
            Some(id) => request.header("mcp-session-id", id).header("mcp-protocol-version", "2025-11-25"),
            None => request,
        }
    }

    pub(crate) async fn send(&self, request: Builder, body: Option<&Value>) -> Got {
        Got::read(self.start(request, body).await).await
    }

    /// The reply with its body still open.
    pub(crate) async fn start(&self, request: Builder, body: Option<&Value>) -> Response<Incoming> {
        let stream = TcpStream::connect(&self.address).await.unwrap();
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.unwrap();
        tokio::spawn(connection);
        let body = body.map_or_else(Bytes::new, |body| Bytes::from(body.to_string()));
        sender.send_request(request.body(Full::new(body)).unwrap()).await.unwrap()
    }

    pub(crate) async fn ask(&self, method: &str, params: Value) -> Value {
        let got = self.send(self.post(), Some(&request(method, params))).await;
        assert_eq!(got.status, 200, "{got:?}");
        got.message()
    }

    /// What a tool answers, or its error.
    pub(crate) async fn call(&self, tool: &str, arguments: Value) -> Result<Value, Value> {
        let reply = self.ask("tools/call", json!({ "name": tool, "arguments": arguments })).await;
        let content = reply["result"]["structuredContent"].clone();
        if reply["result"]["isError"] == true { Err(content) } else { Ok(content) }
    }
}

pub(crate) fn request(method: &str, params: Value) -> Value {
    json!({ "jsonrpc": "2.0", "id": 7, "method": method, "params": params })
}

pub(crate) fn initialize(version: &str) -> Value {
    let client = json!({ "name": "test", "version": "1" });
    request("initialize", json!({ "protocolVersion": version, "capabilities": {}, "clientInfo": client }))
}

/// A request without a socket.
pub(crate) fn post(session: Option<&str>, body: &Value) -> Request<Bytes> {
    let request = Request::post("/mcp").header("host", "localhost").header("content-type", "application/json");
    let request = request.header("accept", "application/json, text/event-stream");
    let request = session.into_iter().fold(request, |request, id| request.header("mcp-session-id", id));
    request.body(Bytes::from(body.to_string())).unwrap()
}
