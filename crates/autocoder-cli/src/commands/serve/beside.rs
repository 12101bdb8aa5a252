//! What a server does beside answering: agents, webhooks, warnings.

use autocoder_api::server::Server;
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::Serve;
use super::address::Place;
use crate::exit::Failure;
use crate::root::Root;

/// The parts that run beside the server.
pub(super) struct Beside(JoinSet<()>);

pub(super) async fn start(
    serve: &Serve,
    root: &Root,
    server: &Server,
    place: &Place,
    stop: watch::Receiver<bool>,
) -> Result<Beside, Failure> {
    let _ = (serve, root, server, place, stop);
    Ok(Beside(JoinSet::new()))
}

impl Beside {
    /// Waits until every part has ended; they are told to by the same stop as the server.
    pub(super) async fn ended(mut self) {
        while self.0.join_next().await.is_some() {}
    }
}
