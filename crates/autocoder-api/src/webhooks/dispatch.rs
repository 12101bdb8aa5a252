//! The engine: makes deliveries from events and sends what is due, to each webhook one at a time.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use autocoder_core::agent::RunnerKind;
use autocoder_core::event::Actor;
use autocoder_core::ids::WebhookId;
use autocoder_core::ports::{Attempted, Out, Store};
use autocoder_core::time::Timestamp;
use autocoder_core::webhook::{Delivery, DeliveryStatus, Webhook};
use autocoder_core::workflow::{Context, disable_webhook};
use autocoder_usage::meter::LedgerMeter;
use tokio::sync::watch;
use tokio::task::{Id, JoinSet};
use tokio::time::{MissedTickBehavior, interval, timeout};

use super::address::Addresses;
use super::enqueue::Reader;
use super::schedule::next_try;
use super::send::{Outcome, Sender};

/// How many webhooks are sent to at the same time.
const AT_ONCE: usize = 32;
/// How long deliveries in flight may take when the server stops; what is cut off is sent again later.
const GRACE: Duration = Duration::from_secs(3);
const DELIVERIES: &str = "autocoder_webhook_deliveries_total";

/// How deliveries are made; the default is what a server uses.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// Where deliveries may go.
    pub addresses: Addresses,
    /// How often to look for new events and due deliveries.
    pub pulse: Duration,
    /// How long one try may take.
    pub time_limit: Duration,
    /// After what time a try counts as lost, for example with the server that made it; longer than `time_limit`.
    pub lease: Duration,
    /// Makes the schedule of tries so many times as long; 1 outside tests.
    pub pace: f64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            addresses: Addresses::default(),
            pulse: Duration::from_millis(500),
            time_limit: Duration::from_secs(15),
            lease: Duration::from_secs(60),
            pace: 1.0,
        }
    }
}

/// What sends events to webhooks. Several servers on one database share the work.
pub struct Webhooks {
    courier: Arc<Courier>,
    settings: Settings,
}

/// What one try needs.
struct Courier {
    store: Arc<dyn Store>,
    usage: LedgerMeter,
    sender: Sender,
    pace: f64,
}

/// The tries that are being made.
#[derive(Default)]
struct InFlight {
    tries: JoinSet<()>,
    webhooks: HashMap<Id, WebhookId>,
}

impl Webhooks {
    /// An engine over an opened store.
    #[must_use]
    pub fn new(store: Arc<dyn Store>, settings: Settings) -> Self {
        metrics::describe_counter!(DELIVERIES, "Tries to deliver to webhooks, by outcome");
        let sender = Sender::new(settings.addresses.clone(), settings.time_limit);
        let usage = LedgerMeter::new(Arc::clone(&store), RunnerKind::ClaudeCode);
        Self { courier: Arc::new(Courier { store, usage, sender, pace: settings.pace }), settings }
    }

    /// Delivers until `stop` becomes true. Stopping anywhere loses nothing.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        let mut pulse = interval(self.settings.pulse);
        pulse.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let (mut reader, mut flight) = (None, InFlight::default());
        loop {
            let read = tokio::select! {
                () = stopped(&mut stop) => break,
                () = flight.landed() => Ok(()),
                _ = pulse.tick() => self.read(&mut reader).await,
            };
            let sent = self.send_due(&mut flight).await;
            if let Err(error) = read.and(sent) {
                tracing::warn!(%error, "webhooks wait for the database");
            }
        }
        let landing = async { while flight.tries.join_next().await.is_some() {} };
        let _ = timeout(GRACE, landing).await;
    }

    async fn read(&self, reader: &mut Option<Reader>) -> Out<()> {
        let store = &self.courier.store;
        let reader = match reader {
            Some(reader) => reader,
            None => reader.insert(Reader::new(Arc::clone(store)).await?),
        };
        while reader.step(store.ledger().now().await?).await? {}
        Ok(())
    }

    async fn send_due(&self, flight: &mut InFlight) -> Out<()> {
        let room = AT_ONCE.saturating_sub(flight.tries.len()) as u64;
        if room == 0 {
            return Ok(());
        }
        let store = &self.courier.store;
        let now = store.ledger().now().await?;
        let lease = i64::try_from(self.settings.lease.as_micros()).unwrap_or(i64::MAX);
        let busy: Vec<WebhookId> = flight.webhooks.values().copied().collect();
        let due = store.outbox().due(now, Timestamp(now.0.saturating_add(lease)), &busy, room).await?;
        if due.is_empty() {
            return Ok(());
        }
        let webhooks = store.queries().webhooks().await?;
        for delivery in due {
            // A webhook that was deleted in between took its deliveries along.
            let Some(webhook) = webhooks.iter().find(|webhook| webhook.id == delivery.webhook) else { continue };
            let (courier, webhook, id) = (Arc::clone(&self.courier), webhook.clone(), webhook.id);
            let task = flight.tries.spawn(async move { courier.deliver(&webhook, &delivery, now).await });
            flight.webhooks.insert(task.id(), id);
        }
        Ok(())
    }
}

impl InFlight {
    /// Waits for the end of a try; for ever while there is none.
    async fn landed(&mut self) {
        match self.tries.join_next_with_id().await {
            Some(ended) => {
                let id = ended.map_or_else(|panicked| panicked.id(), |(id, ())| id);
                self.webhooks.remove(&id);
            }
            None => std::future::pending().await,
        }
    }
}

impl Courier {
    async fn deliver(&self, webhook: &Webhook, delivery: &Delivery, now: Timestamp) {
        let outcome = self.sender.send(webhook, delivery, now).await;
        if let Err(error) = self.note(webhook, delivery, outcome).await {
            // Its lease lapses, and it is sent again.
            tracing::warn!(%error, delivery = %delivery.id, "the outcome of a delivery is lost");
        }
    }

    async fn note(&self, webhook: &Webhook, delivery: &Delivery, outcome: Outcome) -> Out<()> {
        let now = self.store.ledger().now().await?;
        let gone = outcome == Outcome::Gone;
        let attempted = self.attempted(delivery, outcome, now);
        let label = match attempted.status {
            DeliveryStatus::Delivered => "delivered",
            DeliveryStatus::Pending => "failed",
            DeliveryStatus::Dead => "dead",
        };
        metrics::counter!(DELIVERIES, "outcome" => label).increment(1);
        if let Some(error) = &attempted.error {
            let tries = delivery.tries + 1;
            tracing::warn!(webhook = %webhook.id, delivery = %delivery.id, tries, outcome = label, %error, "a delivery failed");
        }
        self.store.outbox().attempted(delivery.id, attempted).await?;
        if gone {
            self.switch_off(webhook.id).await;
        }
        Ok(())
    }

    fn attempted(&self, delivery: &Delivery, outcome: Outcome, now: Timestamp) -> Attempted {
        match outcome {
            Outcome::Taken(status) => {
                Attempted { status: DeliveryStatus::Delivered, at: now, http_status: Some(status), error: None }
            }
            Outcome::Gone => {
                let error = Some("answered 410 Gone".to_owned());
                Attempted { status: DeliveryStatus::Dead, at: now, http_status: Some(410), error }
            }
            Outcome::Failed { status, error, retry_after } => {
                let next = next_try(delivery.tries.saturating_add(1), now, chance(), retry_after, self.pace);
                let (stands, at) = next.map_or((DeliveryStatus::Dead, now), |at| (DeliveryStatus::Pending, at));
                Attempted { status: stands, at, http_status: status, error: Some(error) }
            }
        }
    }

    async fn switch_off(&self, id: WebhookId) {
        let cx = Context { store: &*self.store, usage: &self.usage, actor: &Actor::System, request: None };
        let reason = "the receiver answered 410 Gone: it wants no more deliveries";
        if let Err(error) = disable_webhook(&cx, id, reason).await {
            // Its next delivery meets the same answer.
            tracing::warn!(%error, webhook = %id, "a webhook could not be switched off");
        }
    }
}

/// A number from 0 to 1.
fn chance() -> f64 {
    getrandom::u32().map_or(0.5, |number| f64::from(number) / f64::from(u32::MAX))
}

/// Waits until the server stops; for ever when nobody can stop it any more.
async fn stopped(stop: &mut watch::Receiver<bool>) {
    if stop.wait_for(|stopping| *stopping).await.is_err() {
        std::future::pending().await
    }
}
