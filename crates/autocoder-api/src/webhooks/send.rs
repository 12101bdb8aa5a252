//! One try to deliver: a signed POST, and what its answer means.

use std::error::Error;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use autocoder_core::time::Timestamp;
use autocoder_core::webhook::{Delivery, Webhook};
use reqwest::header::{CONTENT_TYPE, RETRY_AFTER};
use reqwest::redirect::Policy;
use reqwest::{Client, Response, StatusCode};

use super::address::{Addresses, Resolver};
use super::schedule::retry_after;
use super::sign::{SignedHeaders, sign};

/// How much of an answer is read, in bytes.
const REPLY_BYTES: usize = 64 * 1024;
const USER_AGENT: &str = concat!("Autocoder/", env!("CARGO_PKG_VERSION"));

/// How a try went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// The receiver took it.
    Taken(u16),
    /// The receiver is gone for good.
    Gone,
    /// Neither; perhaps with the time that the receiver wants to have.
    Failed { status: Option<u16>, error: String, retry_after: Option<Duration> },
}

impl Outcome {
    fn failed(error: impl Into<String>) -> Self {
        Self::Failed { status: None, error: error.into(), retry_after: None }
    }
}

/// Sends deliveries; follows no redirect and knows no proxy.
pub(super) struct Sender {
    addresses: Addresses,
    time_limit: Duration,
    /// Connects to whatever is allowed.
    usual: Connector,
    /// Connects to the port of this server, where only public addresses are allowed.
    own_port: Connector,
}

/// A client that is made when it is first needed: it reads the certificates of the system, and most servers have no
/// webhook.
type Connector = OnceLock<Result<Client, String>>;

impl Sender {
    pub(super) const fn new(addresses: Addresses, time_limit: Duration) -> Self {
        Self { addresses, time_limit, usual: Connector::new(), own_port: Connector::new() }
    }

    /// The client for a port.
    fn client(&self, port: Option<u16>) -> Result<&Client, String> {
        let own = self.addresses.own_port.filter(|own| port == Some(*own));
        let connector = if own.is_some() { &self.own_port } else { &self.usual };
        let resolver = || Resolver { addresses: self.addresses.clone(), port: own };
        connector.get_or_init(|| connect_by(resolver(), self.time_limit)).as_ref().map_err(Clone::clone)
    }

    pub(super) async fn send(&self, webhook: &Webhook, delivery: &Delivery, now: Timestamp) -> Outcome {
        let url = match self.addresses.check(&webhook.url) {
            Ok(url) => url,
            Err(forbidden) => return Outcome::failed(format!("the address {forbidden}")),
        };
        let signed = match sign(&webhook.secret, delivery.message_id(), now, &delivery.body) {
            Ok(signed) => signed,
            Err(refused) => return Outcome::failed(refused.to_string()),
        };
        let SignedHeaders { id, timestamp, signature } = signed;
        let client = match self.client(url.port_or_known_default()) {
            Ok(client) => client,
            Err(error) => return Outcome::failed(error),
        };
        let request = client
            .post(url)
            .header(CONTENT_TYPE, "application/json")
            .header("webhook-id", id)
            .header("webhook-timestamp", timestamp)
            .header("webhook-signature", signature)
            .body(delivery.body.clone());
        match request.send().await {
            Ok(response) => understood(response, now).await,
            Err(error) => Outcome::failed(self.words(error)),
        }
    }

    /// What went wrong, without the URL, which may hold a secret.
    fn words(&self, error: reqwest::Error) -> String {
        if error.is_timeout() {
            return format!("no answer within {} s", self.time_limit.as_secs_f32());
        }
        let error = error.without_url();
        let mut deepest: &dyn Error = &error;
        while let Some(source) = deepest.source() {
            deepest = source;
        }
        let what = if error.is_connect() { "cannot connect" } else { "cannot send" };
        format!("{what}: {deepest}").chars().take(500).collect()
    }
}

fn connect_by(resolver: Resolver, time_limit: Duration) -> Result<Client, String> {
    // Only the first one counts; there may be one already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = Client::builder().dns_resolver(Arc::new(resolver)).no_proxy().redirect(Policy::none());
    // Every delivery resolves and checks anew.
    let builder = builder.pool_max_idle_per_host(0).timeout(time_limit).referer(false).user_agent(USER_AGENT);
    builder.build().map_err(|error| {
        let why = error.source().map_or_else(|| error.to_string(), ToString::to_string);
        format!("TLS cannot be set up: {why}; install the system's certificates and start the server again")
    })
}

async fn understood(mut response: Response, now: Timestamp) -> Outcome {
    let status = response.status();
    let asked = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
    let retry_after = asked.and_then(|value| retry_after(value, now));
    // The answer is read so that the receiver can finish; it says nothing that we need.
    let mut read = 0;
    while read < REPLY_BYTES {
        let Ok(Some(chunk)) = response.chunk().await else { break };
        read += chunk.len();
    }
    match status {
        StatusCode::GONE => Outcome::Gone,
        status if status.is_success() => Outcome::Taken(status.as_u16()),
        status => {
            let error = match status {
                status if status.is_redirection() => format!("answered {status}; redirects are not followed"),
                status => format!("answered {status}"),
            };
            Outcome::Failed { status: Some(status.as_u16()), error, retry_after }
        }
    }
}
