//! Serves a session over a pair of streams until the client closes its end, with the heartbeat of its claim beside.

use std::sync::Arc;

use autocoder_core::error::ErrorKind;
use rmcp::ServiceExt;
use rmcp::model::{ClientRequest, GetMeta, JsonRpcMessage};
use rmcp::service::{RoleServer, RxJsonRpcMessage, ServerInitializeError, TxJsonRpcMessage};
use rmcp::transport::Transport;
use rmcp::transport::async_rw::AsyncRwTransport;
use rmcp::transport::io::stdio_pipes;
use tokio::io::{AsyncRead, AsyncWrite};

use crate::claim::heartbeat;
use crate::server::ToolServer;
use crate::session::Session;

/// Why serving ended other than by the end of input.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The client began with something that is not MCP.
    #[error("the MCP handshake failed: {0}")]
    Handshake(#[source] Box<ServerInitializeError>),
    /// A fault of ours.
    #[error("the MCP server died: {0}")]
    Died(#[source] tokio::task::JoinError),
}

impl ServeError {
    /// The sort of the error.
    #[must_use]
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::Handshake(_) => ErrorKind::InvalidInput,
            Self::Died(_) => ErrorKind::Internal,
        }
    }

    /// A word that never changes, for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Handshake(_) => "handshake_failed",
            Self::Died(_) => "internal",
        }
    }
}

/// Serves `session` over standard input and output until the input ends.
///
/// # Errors
/// [`ServeError`]; the end of input is none.
pub async fn serve_stdio(session: Session) -> Result<(), ServeError> {
    let (read, write) = stdio_pipes();
    serve_tools(ToolServer::new(session), read, write).await
}

/// [`serve_stdio`] under the names of the legacy tool.
///
/// # Errors
/// [`ServeError`]; the end of input is none.
pub async fn serve_legacy_stdio(session: Session) -> Result<(), ServeError> {
    let (read, write) = stdio_pipes();
    serve_tools(ToolServer::legacy(session), read, write).await
}

/// Serves `session` over any pair of streams until the input ends. A verification that goes on then is stopped, and the
/// claim is left to its lease.
///
/// # Errors
/// [`ServeError`]; the end of input is none.
pub async fn serve(
    session: Session,
    read: impl AsyncRead + Send + Unpin + 'static,
    write: impl AsyncWrite + Send + Unpin + 'static,
) -> Result<(), ServeError> {
    serve_tools(ToolServer::new(session), read, write).await
}

async fn serve_tools(
    server: ToolServer,
    read: impl AsyncRead + Send + Unpin + 'static,
    write: impl AsyncWrite + Send + Unpin + 'static,
) -> Result<(), ServeError> {
    let connection = Arc::clone(&server.connection);
    let beating = tokio::spawn(heartbeat(Arc::clone(&connection)));
    let ended = until_closed(server, read, write).await;
    beating.abort();
    connection.verification.abort();
    ended
}

async fn until_closed(
    server: ToolServer,
    read: impl AsyncRead + Send + Unpin + 'static,
    write: impl AsyncWrite + Send + Unpin + 'static,
) -> Result<(), ServeError> {
    let transport = Lenient { inner: AsyncRwTransport::new_server(read, write), begun: false };
    match server.serve(transport).await {
        Ok(running) => running.waiting().await.map(drop).map_err(ServeError::Died),
        Err(ServerInitializeError::ConnectionClosed(_)) => Ok(()),
        Err(error) => Err(ServeError::Handshake(Box::new(error))),
    }
}

/// Drops what is not a request before the handshake, which the SDK takes for a reason to end.
struct Lenient<T> {
    inner: T,
    begun: bool,
}

impl<T: Transport<RoleServer>> Transport<RoleServer> for Lenient<T> {
    type Error = T::Error;

    fn send(
        &mut self,
        item: TxJsonRpcMessage<RoleServer>,
    ) -> impl Future<Output = Result<(), Self::Error>> + Send + 'static {
        self.inner.send(item)
    }

    async fn receive(&mut self) -> Option<RxJsonRpcMessage<RoleServer>> {
        loop {
            let message = self.inner.receive().await?;
            match &message {
                _ if self.begun => return Some(message),
                JsonRpcMessage::Request(request) => {
                    self.begun = begins(&request.request);
                    return Some(message);
                }
                _ => {}
            }
        }
    }

    async fn close(&mut self) -> Result<(), Self::Error> {
        self.inner.close().await
    }
}

/// Whether the SDK takes this request for the beginning of a session.
fn begins(request: &ClientRequest) -> bool {
    match request {
        ClientRequest::InitializeRequest(_) => true,
        ClientRequest::PingRequest(_) | ClientRequest::DiscoverRequest(_) => false,
        other => other.get_meta().protocol_version().is_some(),
    }
}
