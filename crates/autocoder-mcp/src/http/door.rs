//! What the bearer of one token has open: the MCP sessions, the claim they share, and whether anybody is there.

use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};
use std::time::Duration;

use autocoder_core::ids::TokenId;
use autocoder_core::task::HEARTBEAT_S;
use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt, Full};
use rmcp::transport::streamable_http_server::session::local::LocalSessionManager;
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};
use tokio::task::AbortHandle;
use tokio::time::{Instant, interval_at};

use super::handshakes::Handshakes;
use super::{ABSENT, FORGOTTEN, McpHttp, McpResponse};
use crate::claim::Connection;
use crate::server::ToolServer;
use crate::session::Session;

/// Far more than a client needs. At this many all are put away, and go on at their next request by their handshakes: one
/// of a client that starts again and again without DELETE cannot be told from one that is quiet.
const MOST_SESSIONS: usize = 64;

pub(super) struct Door {
    service: StreamableHttpService<ToolServer, LocalSessionManager>,
    open: Arc<LocalSessionManager>,
    connection: Arc<Connection>,
    presence: Arc<Presence>,
    keeper: OnceLock<AbortHandle>,
}

impl Door {
    pub(super) fn new(session: Session) -> Self {
        let handshakes = Handshakes::new(session.run.is_some());
        let server = ToolServer::new(session);
        let connection = Arc::clone(&server.connection);
        let mut open = LocalSessionManager::default();
        // The SDK would count an open stream as quiet, and cut it.
        open.session_config.keep_alive = None;
        let open = Arc::new(open);
        // The API knows the names of its host; it has looked at `Host` and `Origin` before.
        let mut config = StreamableHttpServerConfig::default().disable_allowed_hosts();
        config.session_store = Some(Arc::new(handshakes));
        let service = StreamableHttpService::new(move || Ok(server.clone()), Arc::clone(&open), config);
        Self { service, open, connection, presence: Arc::default(), keeper: OnceLock::new() }
    }

    /// Runs `watch` for as long as the door is there.
    pub(super) fn keep(&self, watch: impl Future<Output = ()> + Send + 'static) {
        self.keeper.get_or_init(|| tokio::spawn(watch).abort_handle());
    }

    pub(super) async fn handle(&self, request: Request<Full<Bytes>>) -> McpResponse {
        let visit = Visit::begin(&self.presence);
        let is_new = !request.headers().contains_key("mcp-session-id");
        if is_new && self.open.sessions.read().await.len() >= MOST_SESSIONS {
            self.open.sessions.write().await.clear();
        }
        let response = self.service.handle(request).await;
        // The body keeps the visit: it ends when the client has read everything or is gone.
        response.map(|body| {
            body.map_frame(move |frame| {
                let _ = &visit;
                frame
            })
            .boxed()
        })
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        self.service.config.cancellation_token.cancel();
        self.connection.verification.abort();
        if let Some(keeper) = self.keeper.get() {
            keeper.abort();
        }
    }
}

/// Renews the claim while somebody is there, and closes the door when the token ends or nobody came for long.
pub(super) async fn watch(http: Weak<McpHttp>, token: TokenId) {
    let every = Duration::from_secs(HEARTBEAT_S);
    let mut beat = interval_at(Instant::now() + every, every);
    loop {
        beat.tick().await;
        let Some(http) = http.upgrade() else { return };
        let Some(door) = http.door(token) else { return };
        let quiet = door.presence.quiet_for();
        let live = http.sessions.is_live(token).await.unwrap_or_else(|error| {
            (door.connection.session.log)(&format!("cannot look at token `{token}`: {error}"));
            true
        });
        if !live || quiet >= FORGOTTEN {
            return http.close(token);
        }
        if quiet < ABSENT {
            door.connection.renew().await;
        }
    }
}

/// Whether the bearer is there.
struct Presence(Mutex<(usize, Instant)>);

impl Default for Presence {
    fn default() -> Self {
        Self(Mutex::new((0, Instant::now())))
    }
}

impl Presence {
    /// How long ago the last response ended; nothing while one goes on.
    fn quiet_for(&self) -> Duration {
        let (visits, last) = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if visits > 0 { Duration::ZERO } else { last.elapsed() }
    }

    fn change(&self, visits: impl FnOnce(usize) -> usize) {
        let mut presence = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *presence = (visits(presence.0), Instant::now());
    }
}

/// One request, until its response has ended.
struct Visit(Arc<Presence>);

impl Visit {
    fn begin(presence: &Arc<Presence>) -> Self {
        presence.change(|visits| visits + 1);
        Self(Arc::clone(presence))
    }
}

impl Drop for Visit {
    fn drop(&mut self) {
        self.0.change(|visits| visits - 1);
    }
}
