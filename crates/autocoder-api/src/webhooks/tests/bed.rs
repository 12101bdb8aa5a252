//! A store with a project, an engine that runs, and a receiver that answers as it is told.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use autocoder_core::agent::RunnerKind;
use autocoder_core::changes::Changes;
use autocoder_core::event::{Actor, EventKind, Subject};
use autocoder_core::ids::{ProjectId, WebhookId};
use autocoder_core::memory::MemoryStore;
use autocoder_core::ports::{Scope, Store};
use autocoder_core::project::NewProject;
use autocoder_core::webhook::{Delivery, NewWebhook, Webhook};
use autocoder_core::workflow::{Context, add_webhook, create_project};
use autocoder_usage::meter::LedgerMeter;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::webhooks::sign::new_secret;
use crate::webhooks::{Addresses, Settings, Webhooks};

pub(super) const PATIENCE: Duration = Duration::from_secs(20);

pub(super) struct Bed {
    pub(super) store: Arc<dyn Store>,
    pub(super) project: ProjectId,
    usage: LedgerMeter,
    person: Actor,
}

impl Bed {
    pub(super) async fn new() -> Self {
        let store: Arc<dyn Store> = Arc::new(MemoryStore::new(|| chrono::Utc::now().into()));
        let usage = LedgerMeter::new(Arc::clone(&store), RunnerKind::ClaudeCode);
        let mut bed = Self { store, project: ProjectId(0), usage, person: Actor::Person("ann".to_owned()) };
        let new = NewProject {
            name: "shop".to_owned(),
            title: String::new(),
            path: "/code".to_owned(),
            description: String::new(),
            spec: None,
            settings: Default::default(),
        };
        bed.project = create_project(&bed.cx(), new).await.unwrap().id;
        bed
    }

    pub(super) fn cx(&self) -> Context<'_> {
        Context { store: &*self.store, usage: &self.usage, actor: &self.person, request: None }
    }

    pub(super) async fn webhook(&self, url: String, kinds: &[EventKind]) -> Webhook {
        let new = NewWebhook { project: None, url, secret: new_secret().unwrap(), kinds: kinds.to_vec() };
        add_webhook(&self.cx(), new).await.unwrap()
    }

    /// Something happened.
    pub(super) async fn happens(&self, kind: EventKind, note: &str) {
        let unit = self.store.begin(Scope::Project(self.project)).await.unwrap();
        let mut changes = Changes::new(self.project, Actor::System, unit.now());
        changes.event(kind, Subject::Project(self.project), json!({ "note": note }));
        unit.commit(changes).await.unwrap();
    }

    pub(super) async fn deliveries(&self, webhook: WebhookId) -> Vec<Delivery> {
        self.store.outbox().deliveries(webhook, None, 1_000).await.unwrap()
    }

    /// Waits until every delivery of a webhook is as wanted.
    pub(super) async fn until(&self, webhook: WebhookId, wanted: impl Fn(&[Delivery]) -> bool) -> Vec<Delivery> {
        let begun = tokio::time::Instant::now();
        loop {
            let found = self.deliveries(webhook).await;
            if wanted(&found) {
                return found;
            }
            assert!(begun.elapsed() < PATIENCE, "{found:#?}");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    pub(super) fn engine(&self, settings: Settings) -> Engine {
        let (stop, stopped) = watch::channel(false);
        let webhooks = Webhooks::new(Arc::clone(&self.store), settings);
        Engine { stop, running: tokio::spawn(webhooks.run(stopped)) }
    }
}

/// Loopback is allowed, and everything is faster.
pub(super) fn settings() -> Settings {
    let allowed = vec!["127.0.0.1".parse().unwrap()];
    Settings {
        addresses: Addresses { allowed, ..Addresses::default() },
        pulse: Duration::from_millis(5),
        time_limit: Duration::from_secs(5),
        lease: Duration::from_secs(10),
        pace: 1e-6,
    }
}

pub(super) struct Engine {
    stop: watch::Sender<bool>,
    running: JoinHandle<()>,
}

impl Engine {
    pub(super) async fn stop(self) {
        self.stop.send_replace(true);
        self.running.await.unwrap();
    }

    /// As kill -9 does: nothing is said or written any more.
    pub(super) fn kill(self) {
        self.running.abort();
    }
}

/// A request as it arrived.
#[derive(Clone, Debug, Default)]
pub(super) struct Arrived {
    pub(super) path: String,
    pub(super) headers: BTreeMap<String, String>,
    pub(super) body: String,
}

/// Answers with what `answer` makes of a request and its number, counted from 0; nothing: it never answers.
pub(super) struct Receiver {
    pub(super) address: SocketAddr,
    arrived: Arc<Mutex<Vec<Arrived>>>,
    listening: JoinHandle<()>,
}

impl Receiver {
    pub(super) async fn new(answer: impl Fn(usize) -> Option<String> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, arrived, answer) =
            (listener.local_addr().unwrap(), Arc::<Mutex<Vec<Arrived>>>::default(), Arc::new(answer));
        let all = Arc::clone(&arrived);
        let listening = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let (all, answer) = (Arc::clone(&all), Arc::clone(&answer));
                tokio::spawn(async move {
                    let (mut stream, request) = read(stream).await;
                    let number = {
                        let mut all = all.lock().unwrap();
                        all.push(request);
                        all.len() - 1
                    };
                    match answer(number) {
                        Some(text) => drop(stream.write_all(text.as_bytes()).await),
                        None => std::future::pending().await,
                    }
                });
            }
        });
        Self { address, arrived, listening }
    }

    pub(super) async fn answering(status: &'static str) -> Self {
        Self::new(move |_| Some(plain(status))).await
    }

    pub(super) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub(super) fn arrived(&self) -> Vec<Arrived> {
        self.arrived.lock().unwrap().clone()
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

pub(super) fn plain(status: &str) -> String {
    format!("HTTP/1.1 {status}\r\nContent-Length: 2\r\n\r\nok")
}

async fn read(mut stream: TcpStream) -> (TcpStream, Arrived) {
    let (mut bytes, mut request) = (Vec::new(), Arrived::default());
    loop {
        let mut chunk = [0; 4_096];
        let count = stream.read(&mut chunk).await.unwrap_or(0);
        bytes.extend_from_slice(&chunk[..count]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let mut lines = head.lines();
            request.path = lines.next().and_then(|line| line.split(' ').nth(1)).unwrap_or_default().to_owned();
            let pairs = lines.filter_map(|line| line.split_once(": "));
            request.headers = pairs.map(|(name, value)| (name.to_lowercase(), value.to_owned())).collect();
            let length = request.headers.get("content-length").map_or(0, |length| length.parse().unwrap());
            request.body = body.to_owned();
            if body.len() >= length {
                return (stream, request);
            }
        }
        if count == 0 {
            return (stream, request);
        }
    }
}
