//! What a server does beside answering: it runs the agents of started projects and delivers to webhooks.

use std::collections::BTreeMap;
use std::sync::Arc;

use autocoder_agent::host::{Host, HostSettings, Notice};
use autocoder_agent::supervisor::Limits;
use autocoder_api::server::Server;
use autocoder_api::webhooks::{self, Webhooks};
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::address::Place;
use super::notices;
use super::tools::RunTokens;
use crate::exit::Failure;
use crate::root::{self, Root};

/// The parts that run beside the server.
pub(super) struct Beside(JoinSet<()>);

/// Starts them; they end with `stop`, like the server.
pub(super) fn start(
    root: &Root,
    server: &Server,
    place: &Place,
    addresses: webhooks::Addresses,
    stop: &watch::Receiver<bool>,
) -> Result<Beside, Failure> {
    let mut parts = JoinSet::new();
    let settings = webhooks::Settings { addresses, ..webhooks::Settings::default() };
    parts.spawn(Webhooks::new(server.store(), settings).run(stop.clone()));
    parts.spawn(host(root, server, place)?.telling(tell).run(stop.clone()));
    if let Some(events) = server.hub().batches() {
        parts.spawn(notices::tell(root.clone(), server.store(), events));
    }
    Ok(Beside(parts))
}

impl Beside {
    /// Waits until every part has ended.
    pub(super) async fn ended(mut self) {
        while self.0.join_next().await.is_some() {}
    }
}

fn host(root: &Root, server: &Server, place: &Place) -> Result<Host, Failure> {
    let (config, limits, store) = (&root.config, Limits::default(), server.store());
    let programs: BTreeMap<_, _> =
        config.runners.iter().map(|(kind, setting)| (*kind, setting.value.clone())).collect();
    let meters = Arc::clone(&store);
    Ok(Host::new(HostSettings {
        meter: Arc::new(move |kind| root::meter(Arc::clone(&meters), kind)),
        tools: Arc::new(RunTokens { store: Arc::clone(&store), url: place.agents_url(), wall: limits.wall }),
        store,
        own_program: std::env::current_exe()?,
        programs,
        data_dir: config.data_dir.value.clone(),
        environment: config.environment.clone(),
        limits,
    }))
}

fn tell(notice: Notice) {
    match notice {
        // The timeline has what crews do.
        Notice::Crew { project, progress } => tracing::debug!(project, ?progress, "a crew works"),
        Notice::Ended { project, ending } => tracing::info!(project, ?ending, "a crew ended"),
        Notice::Failed { project, error, retry } => {
            tracing::warn!(project, %error, retry_s = retry.as_secs(), "a crew cannot go on for now");
        }
    }
}
