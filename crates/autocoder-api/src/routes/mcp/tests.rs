//! The bridge to the tools over a real connection of actix.

use std::sync::Arc;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::{Next, from_fn};
use actix_web::test::{TestRequest, call_service, init_service, read_body};
use actix_web::{App, HttpMessage};
use async_trait::async_trait;
use autocoder_core::event::Actor;
use autocoder_core::ids::{AgentId, ProjectId, TokenId};
use autocoder_core::memory::MemoryStore;
use autocoder_core::ports::{Store, Verdict, Verifier};
use autocoder_core::project::{NewProject, Project};
use autocoder_core::task::Branch;
use autocoder_core::time::Timestamp;
use autocoder_core::token::{Access, AgentTicket, Token};
use autocoder_core::workflow::{Context, create_project};
use serde_json::{Value, json};

use super::*;

struct Unused;

#[async_trait]
impl Verifier for Unused {
    async fn verify(&self, _: &Project, _: &Branch) -> Verdict {
        Verdict::Passed(vec![])
    }
}

async fn store() -> (Arc<dyn Store>, ProjectId) {
    let store: Arc<dyn Store> = Arc::new(MemoryStore::new(|| Timestamp(1_800_000_000_000_000)));
    let usage =
        autocoder_usage::meter::LedgerMeter::new(Arc::clone(&store), autocoder_core::agent::RunnerKind::External);
    let person = Actor::Person("ada".to_owned());
    let cx = Context { store: &*store, usage: &usage, actor: &person, request: None };
    let new = NewProject { name: "todo".to_owned(), path: "/code".to_owned(), ..NewProject::default() };
    let project = create_project(&cx, new).await.unwrap().id;
    (store, project)
}

fn agents_token(project: ProjectId) -> Token {
    let ticket = AgentTicket { agent: AgentId("coder-1".to_owned()), run: None, claim: None };
    Token {
        id: TokenId(1),
        name: "ci".to_owned(),
        access: Access::Agent,
        hash: String::new(),
        project: Some(project),
        agent: Some(ticket),
        created_at: Timestamp(0),
        expires_at: None,
        revoked_at: None,
    }
}

/// Stands for the gatekeeper: whoever says its name is in.
async fn known(
    caller: Option<Caller>,
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    if let Some(caller) = caller {
        request.extensions_mut().insert(caller);
    }
    next.call(request).await
}

fn initialize() -> Value {
    let client = json!({ "name": "test", "version": "1" });
    let params = json!({ "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": client });
    json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params })
}

#[actix_web::test]
async fn only_an_agents_token_reaches_the_tools() {
    let (store, project) = store().await;
    let person = || Actor::Person("ada".to_owned());
    let token = agents_token(project);
    let agent = Caller {
        actor: Actor::Agent(AgentId("coder-1".to_owned())),
        access: Access::Agent,
        project: Some(project),
        token: Some(token.clone()),
    };
    let local = Caller { actor: person(), access: Access::Admin, project: None, token: None };
    let editor = Token { access: Access::Editor, agent: None, project: None, ..token };
    let editor = Caller { actor: person(), access: Access::Editor, project: None, token: Some(editor) };
    let verifier: VerifierOf = Arc::new(|_| Arc::new(Unused));
    let tools = McpHttp::new(Arc::new(AgentSessions { store, verifier }));
    for (caller, status, said) in [
        (None, 401, "token_needed"),
        (Some(local), 403, "autocoder token create --agent ID"),
        (Some(editor), 403, "not_an_agent"),
        (Some(agent), 200, r#""serverInfo":{"name":"autocoder""#),
    ] {
        let known = from_fn(move |request, next| known(caller.clone(), request, next));
        let app = init_service(App::new().service(resource(Arc::clone(&tools)).wrap(known))).await;
        let request = TestRequest::post()
            .uri("/mcp")
            .insert_header(("host", "localhost"))
            .insert_header(("accept", "application/json, text/event-stream"))
            .set_json(initialize())
            .to_request();
        let response = call_service(&app, request).await;
        assert_eq!(response.status(), status);
        assert_eq!(response.headers().contains_key("mcp-session-id"), status == 200);
        let body = String::from_utf8(read_body(response).await.to_vec()).unwrap();
        assert!(body.contains(said), "{body}");
    }
}
