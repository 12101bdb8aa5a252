//! Serves the tools over streamable HTTP: a token stands for one session, and all that its bearer opens shares it.
//!
//! Nothing here knows a web framework: a request goes in with its body read, a response comes out with its body as a
//! stream. Who the bearer is was decided before; so were `Host` and `Origin`.
//!
//! Over HTTP no end of input tells that an agent is gone. So its claim is renewed while a response stream is open (most
//! clients keep one open all the time) and for [`ABSENT`] after the last request; then the lease runs out. What the
//! session knows of its claim is kept for [`FORGOTTEN`], so that an agent that comes back later finds its task if nobody
//! took it. A supervisor renews the claims of its runs itself.

mod door;
mod handshakes;

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use autocoder_core::error::{ErrorKind, Refused};
use autocoder_core::ids::TokenId;
use autocoder_core::token::{Access, Token};
use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use http_body_util::combinators::BoxBody;

use self::door::Door;
use crate::session::Session;

/// A bearer without an open stream is gone when its last request is this old.
pub const ABSENT: Duration = Duration::from_secs(5 * 60);
/// A bearer that was quiet for so long starts from nothing.
pub const FORGOTTEN: Duration = Duration::from_secs(60 * 60);

/// What a client gets; the body of a reply to a call is a stream of events.
pub type McpResponse = Response<BoxBody<Bytes, Infallible>>;

/// Where the sessions of tokens come from.
#[async_trait]
pub trait Sessions: Send + Sync + 'static {
    /// The session that an agent's `token` stands for; its project, agent, run and claim are the token's.
    async fn session(&self, token: &Token) -> Result<Session, Refused>;

    /// Whether the token still counts; asked at every heartbeat, so that another process can take it back too.
    async fn is_live(&self, token: TokenId) -> Result<bool, Refused>;
}

/// Why a request did not reach the tools.
#[derive(Debug, thiserror::Error)]
pub enum McpHttpError {
    /// A person's token: it names no agent, and an argument must not name one.
    #[error("this token is a person's, and the tools of `/mcp` are for agents")]
    NotAnAgent,
    /// The session cannot be had.
    #[error(transparent)]
    Refused(#[from] Refused),
}

impl McpHttpError {
    /// The sort of the error.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::NotAnAgent => ErrorKind::InvalidInput,
            Self::Refused(refused) => refused.kind(),
        }
    }

    /// A word that never changes, for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotAnAgent => "not_an_agent",
            Self::Refused(refused) => refused.code(),
        }
    }

    /// What to do next.
    #[must_use]
    pub const fn hint(&self) -> Option<&'static str> {
        match self {
            Self::NotAnAgent => Some("make one with `autocoder token create --agent ID --project NAME`"),
            Self::Refused(_) => None,
        }
    }
}

/// The tools of every agent that comes over HTTP.
pub struct McpHttp {
    sessions: Arc<dyn Sessions>,
    doors: Mutex<HashMap<TokenId, Arc<Door>>>,
}

impl McpHttp {
    /// Nobody has come yet.
    #[must_use]
    pub fn new(sessions: Arc<dyn Sessions>) -> Arc<Self> {
        Arc::new(Self { sessions, doors: Mutex::default() })
    }

    /// Answers one request of the bearer of `token`, which must be live.
    ///
    /// # Errors
    /// [`McpHttpError`]; what MCP itself refuses is a response.
    pub async fn handle(self: &Arc<Self>, token: &Token, request: Request<Bytes>) -> Result<McpResponse, McpHttpError> {
        if token.access != Access::Agent || token.agent.is_none() {
            return Err(McpHttpError::NotAnAgent);
        }
        let door = match self.door(token.id) {
            Some(door) => door,
            None => self.open(token).await?,
        };
        Ok(door.handle(request.map(Full::new)).await)
    }

    /// Ends everything that is open under a token that was taken back.
    pub fn close(&self, token: TokenId) {
        self.doors().remove(&token);
    }

    /// Ends everything, for a stop of the server.
    pub fn close_all(&self) {
        self.doors().clear();
    }

    async fn open(self: &Arc<Self>, token: &Token) -> Result<Arc<Door>, McpHttpError> {
        let session = self.sessions.session(token).await?;
        match self.doors().entry(token.id) {
            Entry::Occupied(first) => Ok(Arc::clone(first.get())),
            Entry::Vacant(place) => {
                let door = Arc::new(Door::new(session));
                door.keep(door::watch(Arc::downgrade(self), token.id));
                Ok(Arc::clone(place.insert(door)))
            }
        }
    }

    fn door(&self, token: TokenId) -> Option<Arc<Door>> {
        self.doors().get(&token).cloned()
    }

    fn doors(&self) -> MutexGuard<'_, HashMap<TokenId, Arc<Door>>> {
        self.doors.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
