//! One server: its layers around the routes, what runs beside them, and how it stops.

use std::io;
use std::net::TcpListener;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use actix_web::middleware::from_fn;
use actix_web::{App as Application, HttpServer, web};
use autocoder_core::ports::{Out, Store};
use autocoder_mcp::McpHttp;
use tokio::sync::{Notify, watch};
use tracing_actix_web::TracingLogger;

use crate::app::App;
use crate::idempotency::idempotent;
use crate::limits::within_time;
use crate::live::{AnnouncingStore, Hub};
use crate::metrics::observe;
use crate::operations::Operations;
use crate::precondition::precondition;
use crate::problem::Problem;
use crate::routes;
use crate::routes::mcp::{AgentSessions, VerifierOf};
use crate::security::{Gatekeeper, Rules, front, identify};
use crate::ui::ui;
use crate::usage_watch::watch_usage;
use crate::webhooks::Addresses;

/// How long an answer may take that is being given when the server stops, in seconds.
const DRAIN_S: u64 = 5;
/// How long a client may take to send the head of a request.
const HEAD_TIME: Duration = Duration::from_secs(10);
/// How long a connection stays open between requests.
const KEEP_ALIVE: Duration = Duration::from_secs(75);
/// How long a client may leave unread what was sent to it.
#[cfg(target_os = "linux")]
const UNREAD: Duration = Duration::from_secs(30);
/// Connections of one worker.
const CONNECTIONS: usize = 2_048;
/// How often memory of callers and receipts is tidied.
const TIDY: Duration = Duration::from_secs(600);

/// A server before it listens: the state of its requests and the reader of its events.
pub struct Server {
    app: App,
    hub: Arc<Hub>,
    store: Arc<dyn Store>,
    tools: Arc<McpHttp>,
}

impl Server {
    /// A server over an opened store.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn new(store: Arc<dyn Store>, rules: Rules, verifier: VerifierOf) -> Out<Self> {
        crate::metrics::recorder();
        let committed = Arc::new(Notify::new());
        let store: Arc<dyn Store> = Arc::new(AnnouncingStore::new(store, Arc::clone(&committed)));
        let hub = Hub::start(Arc::clone(&store), committed).await?;
        let app = App::new(Arc::clone(&store), Gatekeeper::new(rules));
        let tools = McpHttp::new(Arc::new(AgentSessions { store: Arc::clone(&store), verifier }));
        Ok(Self { app, hub, store, tools })
    }

    /// Checks the addresses of webhooks by these rules, those that its engine sends by.
    #[must_use]
    pub fn with_addresses(mut self, addresses: Addresses) -> Self {
        self.app.addresses = Arc::new(addresses);
        self
    }

    /// Looks for programs like git in these folders, which are written as in `PATH`.
    #[must_use]
    pub fn with_search_path(mut self, search_path: &str) -> Self {
        self.app.search_path = Arc::from(search_path);
        self
    }

    /// The store whose commits are shown at once.
    #[must_use]
    pub fn store(&self) -> Arc<dyn Store> {
        Arc::clone(&self.store)
    }

    /// The reader of events, for whoever else in this process follows them.
    #[must_use]
    pub fn hub(&self) -> Arc<Hub> {
        Arc::clone(&self.hub)
    }

    /// Answers requests until `stop` becomes true; answers that are being given may end first.
    ///
    /// # Errors
    /// The listener cannot be used.
    pub async fn run(
        self,
        listener: TcpListener,
        tls: Option<rustls::ServerConfig>,
        mut stop: watch::Receiver<bool>,
    ) -> io::Result<()> {
        let (app, hub) = (web::Data::new(self.app), web::Data::from(Arc::clone(&self.hub)));
        let watching = watch_usage(Arc::clone(&self.store));
        let beside =
            [tokio::spawn(count(Arc::clone(&self.hub))), tokio::spawn(tidy(app.clone())), tokio::spawn(watching)];
        let (tools, streams) = (Arc::clone(&self.tools), self.tools);
        let server = HttpServer::new(move || {
            let tools = Arc::clone(&tools);
            Application::new()
                .app_data(app.clone())
                .app_data(hub.clone())
                .app_data(web::Data::from(Arc::clone(&tools)))
                .wrap(from_fn(front))
                .wrap(from_fn(observe))
                .wrap(TracingLogger::default())
                .configure(|config| configure(config, tools))
        })
        .client_request_timeout(HEAD_TIME)
        .keep_alive(KEEP_ALIVE)
        .max_connections(CONNECTIONS)
        // The end of a streamed answer must not wait until its beginning is acknowledged.
        .tcp_nodelay(true)
        .shutdown_timeout(DRAIN_S)
        .disable_signals();
        #[cfg(target_os = "linux")]
        end_unread(&listener)?;
        let server = match tls {
            Some(tls) => server.listen_rustls_0_23(listener, tls)?,
            None => server.listen(listener)?,
        };
        let mut running = pin!(server.run());
        let handle = running.handle();
        let stopping = async move {
            // A sender that is gone cannot stop us any more: then the process ends us.
            if stop.wait_for(|stopping| *stopping).await.is_err() {
                std::future::pending::<()>().await;
            }
            self.hub.close();
            streams.close_all();
            handle.stop(true).await;
        };
        let ended = tokio::select! {
            ended = &mut running => ended,
            () = stopping => running.await,
        };
        beside.iter().for_each(tokio::task::JoinHandle::abort);
        ended
    }
}

/// Ends each connection whose client does not read, with all that is kept for it; connections inherit this.
#[cfg(target_os = "linux")]
fn end_unread(listener: &TcpListener) -> io::Result<()> {
    socket2::SockRef::from(listener).set_tcp_user_timeout(Some(UNREAD))
}

/// The API itself, for an application whose data are an [`App`] and a [`Hub`].
pub(crate) fn api(config: &mut web::ServiceConfig) {
    config.app_data(web::PathConfig::default().error_handler(|_, request| {
        // A number that is none names nothing.
        let path = request.path().chars().take(200).collect::<String>();
        Problem::missing("such path", path.escape_debug()).into()
    }));
    let api = web::scope("/api")
        .wrap(from_fn(idempotent))
        .wrap(from_fn(identify))
        .wrap(from_fn(precondition))
        .wrap(from_fn(within_time))
        .configure(|config| routes::operations(Operations::routes()).mount(config))
        .configure(routes::docs)
        .default_service(web::to(routes::nothing_here));
    config.service(api);
}

/// Everything that is answered.
fn configure(config: &mut web::ServiceConfig, tools: Arc<McpHttp>) {
    let mcp = routes::mcp::resource(tools).wrap(from_fn(identify));
    config.configure(api).service(mcp).default_service(web::to(ui));
}

async fn count(hub: Arc<Hub>) {
    let Some(mut batches) = hub.batches() else { return };
    loop {
        match batches.recv().await {
            Ok(batch) => batch.events().iter().for_each(|event| crate::metrics::count_event(event.kind)),
            Err(tokio::sync::broadcast::error::RecvError::Lagged(_)) => {}
            Err(tokio::sync::broadcast::error::RecvError::Closed) => return,
        }
    }
}

async fn tidy(app: web::Data<App>) {
    loop {
        tokio::time::sleep(TIDY).await;
        app.gatekeeper.tidy();
        let Ok(now) = app.store.ledger().now().await else { continue };
        let before = now.plus_seconds(-autocoder_core::request::RECEIPT_TTL_S);
        if let Err(error) = app.store.receipts().forget_receipts(before).await {
            tracing::warn!(%error, "old receipts stay for now");
        }
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_connection_inherits_how_long_it_may_stay_unread() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        end_unread(&listener).unwrap();
        let _client = std::net::TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let (accepted, _) = listener.accept().unwrap();
        assert_eq!(socket2::SockRef::from(&accepted).tcp_user_timeout().unwrap(), Some(UNREAD));
    }
}
