//! The operations over a store in memory, asked as a client asks them.

mod access;
mod document;
mod files;
mod foreign;
mod lists;
mod people;
mod plans;
mod repeats;

use std::sync::Arc;

use actix_web::http::{Method, StatusCode};
use actix_web::{App as Application, test, web};
use autocoder_core::event::Actor;
use autocoder_core::ids::{AgentId, ProjectId, TaskId};
use autocoder_core::memory::MemoryStore;
use autocoder_core::ports::{Store, UsageMeter};
use autocoder_core::scheduler::Claim;
use autocoder_core::workflow::{Claiming, Context, Fence, claim_task};
use serde_json::{Value, json};

use crate::app::App;
use crate::security::secret::{Bearer, Secret};
use crate::security::{Gatekeeper, Rules};

/// A server whose person is `ann`, and a folder for projects.
struct Site {
    app: App,
    folder: tempfile::TempDir,
    ann: String,
}

/// What was answered.
#[derive(Clone, Debug, PartialEq)]
struct Reply {
    status: StatusCode,
    etag: Option<String>,
    location: Option<String>,
    replayed: bool,
    text: String,
}

impl Reply {
    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or(Value::Null)
    }

    /// What stands before the body.
    fn head(&self) -> (StatusCode, &Option<String>, &Option<String>) {
        (self.status, &self.etag, &self.location)
    }

    fn id(&self) -> i64 {
        self.json()["id"].as_i64().unwrap_or_else(|| panic!("an id: {self:?}"))
    }

    /// The status, and the code of a problem.
    fn outcome(&self) -> (u16, String) {
        (self.status.as_u16(), self.json()["code"].as_str().unwrap_or_default().to_owned())
    }
}

impl Site {
    fn new() -> Self {
        let store: Arc<dyn Store> = Arc::new(MemoryStore::new(|| chrono::Utc::now().into()));
        let token = Bearer::Local(Secret::generate().unwrap());
        let ann = token.to_string();
        let rules = Rules {
            person: "ann".to_owned(),
            token: Some(token),
            hosts: Vec::new(),
            origins: Vec::new(),
            proxies: Vec::new(),
            requests_a_minute: None,
        };
        let mut app = App::new(store, Gatekeeper::new(rules));
        app.search_path = Arc::from(std::env::var("PATH").unwrap());
        Self { app, folder: tempfile::tempdir().unwrap(), ann }
    }

    /// A site with a project `shop`: phase One with feature Cart of the tasks A, B (waits for A) and C.
    async fn with_shop() -> (Self, Shop) {
        let site = Self::new();
        site.project("shop").await;
        let phase = site.post("/projects/shop/phases", json!({ "name": "One" })).await.id();
        let feature = json!({ "name": "Cart", "phase_id": phase });
        let feature = site.post("/projects/shop/features", feature).await.id();
        let tasks = json!([{ "name": "A" }, { "name": "B", "depends_on": [0] }, { "name": "C" }]);
        let made = site.post("/projects/shop/tasks/batch", json!({ "feature_id": feature, "tasks": tasks })).await;
        assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
        let id = |place: usize| made.json()["tasks"][place]["id"].as_i64().unwrap();
        let shop = Shop { phase, feature, tasks: [id(0), id(1), id(2)] };
        (site, shop)
    }

    async fn project(&self, name: &str) -> Reply {
        let path = self.folder.path().join(name);
        std::fs::create_dir(&path).unwrap();
        let made = self.post("/projects", json!({ "name": name, "path": path })).await;
        assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
        made
    }

    async fn get(&self, path: &str) -> Reply {
        self.send(&self.ann, Method::GET, path, None, &[]).await
    }

    async fn post(&self, path: &str, body: Value) -> Reply {
        self.send(&self.ann, Method::POST, path, Some(body), &[]).await
    }

    async fn ask(&self, method: &str, path: &str, body: Value) -> Reply {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        self.send(&self.ann, method, path, Some(body).filter(|body| !body.is_null()), &[]).await
    }

    async fn send(
        &self,
        bearer: &str,
        method: Method,
        path: &str,
        body: Option<Value>,
        headers: &[(&str, &str)],
    ) -> Reply {
        let data = web::Data::new(self.app.clone());
        let service = test::init_service(Application::new().app_data(data).configure(crate::server::api)).await;
        let mut request = test::TestRequest::with_uri(&format!("/api{path}")).method(method);
        request = request.insert_header(("authorization", format!("Bearer {bearer}")));
        for &header in headers {
            request = request.insert_header(header);
        }
        if let Some(body) = body {
            request = request.set_json(body);
        }
        let response = test::call_service(&service, request.to_request()).await;
        let text = |name: &str| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        let (status, replayed) = (response.status(), text("idempotent-replayed").is_some());
        let (etag, location) = (text("etag"), text("location"));
        let text = String::from_utf8(test::read_body(response).await.to_vec()).unwrap();
        Reply { status, etag, location, replayed, text }
    }

    /// A token with this access, to all projects or to one.
    async fn token(&self, access: &str, project: Option<&str>) -> String {
        let mut new = json!({ "name": access, "access": access });
        if let Some(project) = project {
            new["project"] = project.into();
        }
        let made = self.post("/tokens", new).await;
        made.json()["secret"].as_str().unwrap_or_else(|| panic!("{made:?}")).to_owned()
    }

    fn context<'a>(&'a self, actor: &'a Actor) -> Context<'a> {
        Context { store: &*self.app.store, usage: &*self.app.usage as &dyn UsageMeter, actor, request: None }
    }

    /// An agent takes a task of the project, and the proof that it holds it.
    async fn claim(&self, project: &str, agent: &str) -> (ProjectId, TaskId, Fence) {
        let project = self.app.store.queries().project(project).await.unwrap().unwrap().id;
        let (agent, actor) = (AgentId(agent.to_owned()), Actor::Agent(AgentId(agent.to_owned())));
        let claim: Claim = match claim_task(&self.context(&actor), project, &agent, None).await.unwrap() {
            Claiming::Task(claim) => *claim,
            Claiming::None(idle) => panic!("no task: {idle:?}"),
        };
        (project, claim.task.id, Fence { agent, attempt: claim.task.attempt })
    }
}

/// The ids of the project `shop`.
struct Shop {
    phase: i64,
    feature: i64,
    tasks: [i64; 3],
}
