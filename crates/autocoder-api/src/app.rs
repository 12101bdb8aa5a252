//! What every request is answered with: the store, the meters and the settings of this server.

use std::sync::Arc;

use autocoder_core::agent::RunnerKind;
use autocoder_core::ports::{Store, UsageMeter};
use autocoder_usage::meter::LedgerMeter;

use crate::security::Gatekeeper;
use crate::webhooks::Addresses;

/// The state of one server; cheap to clone.
#[derive(Clone)]
pub struct App {
    /// Where plans are kept.
    pub(crate) store: Arc<dyn Store>,
    /// Who may come in.
    pub(crate) gatekeeper: Arc<Gatekeeper>,
    /// How much may still be used.
    pub(crate) usage: Arc<dyn UsageMeter>,
    /// Where webhooks may be sent.
    pub(crate) addresses: Arc<Addresses>,
    /// Where programs like git are looked for: the value of `PATH`.
    pub(crate) search_path: Arc<str>,
}

impl App {
    /// The state over an opened store.
    #[must_use]
    pub fn new(store: Arc<dyn Store>, gatekeeper: Gatekeeper) -> Self {
        let usage = Arc::new(LedgerMeter::new(Arc::clone(&store), RunnerKind::ClaudeCode));
        Self { store, gatekeeper: Arc::new(gatekeeper), usage, addresses: Arc::default(), search_path: Arc::from("") }
    }
}
