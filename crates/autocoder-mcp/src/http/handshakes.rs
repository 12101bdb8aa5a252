//! The handshakes of one token's sessions, so that a session that was put away goes on at its next request.
//!
//! Not every client begins anew when it is told 404, and an agent without its tools cannot even hand its task back. The
//! session's number gives no right: the token does.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use rmcp::model::{ClientCapabilities, Implementation, InitializeRequestParams, ProtocolVersion};
use rmcp::transport::streamable_http_server::session::{SessionState, SessionStore, SessionStoreError};

/// More than one agent ever needs at a time; reached, all are forgotten, and clients begin anew.
const MOST: usize = 1_000;

pub(super) struct Handshakes {
    /// A run may outlive a restart of the server, and its sessions with it: they are unknown, and still good.
    outlive_restarts: bool,
    /// Without a state: ended by its client.
    known: Mutex<HashMap<String, Option<SessionState>>>,
}

impl Handshakes {
    pub(super) fn new(outlive_restarts: bool) -> Self {
        Self { outlive_restarts, known: Mutex::default() }
    }

    fn note(&self, id: &str, state: Option<SessionState>) {
        let mut known = self.known();
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(id.to_owned(), state);
    }

    fn known(&self) -> MutexGuard<'_, HashMap<String, Option<SessionState>>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl SessionStore for Handshakes {
    async fn load(&self, id: &str) -> Result<Option<SessionState>, SessionStoreError> {
        let known = self.known().get(id).cloned();
        let from_before = || (self.outlive_restarts && looks_like_a_session(id)).then(usual_handshake);
        Ok(known.unwrap_or_else(from_before))
    }

    async fn store(&self, id: &str, state: &SessionState) -> Result<(), SessionStoreError> {
        self.note(id, Some(state.clone()));
        Ok(())
    }

    async fn delete(&self, id: &str) -> Result<(), SessionStoreError> {
        self.note(id, None);
        Ok(())
    }
}

/// Whether the SDK could have made this number: a UUID.
fn looks_like_a_session(id: &str) -> bool {
    let groups = id.split('-').map(|group| group.chars().all(|digit| digit.is_ascii_hexdigit()).then_some(group.len()));
    groups.eq([8, 4, 4, 4, 12].map(Some))
}

fn usual_handshake() -> SessionState {
    let params = InitializeRequestParams::new(ClientCapabilities::default(), Implementation::default());
    SessionState::new(params.with_protocol_version(ProtocolVersion::LATEST_WITH_INITIALIZE))
}
