//! Makes deliveries from events: who wants which event, and up to where the feed was read.

use std::sync::Arc;

use autocoder_core::event::Event;
use autocoder_core::ids::{DeliveryId, EventId};
use autocoder_core::ports::{Out, Store};
use autocoder_core::time::Timestamp;
use autocoder_core::webhook::{Delivery, DeliveryStatus, WEBHOOK_KINDS, Webhook};

use super::payload;

/// Events that are read at once.
const PAGE: u64 = 500;
/// How far the stored cursor may lag behind the one in memory while nothing can be wanted by anybody: that saves a
/// write for most events, and they are read again after a restart.
const LAG: i64 = 5_000;

/// Reads the feed behind the cursor of the outbox.
pub(super) struct Reader {
    store: Arc<dyn Store>,
    stored: EventId,
    read: EventId,
}

impl Reader {
    pub(super) async fn new(store: Arc<dyn Store>) -> Out<Self> {
        let stored = store.outbox().cursor().await?;
        Ok(Self { store, stored, read: stored })
    }

    /// Makes deliveries of the next events. True when more events may follow at once.
    pub(super) async fn step(&mut self, now: Timestamp) -> Out<bool> {
        let newest = self.store.feed().newest().await?;
        if newest <= self.read {
            return Ok(false);
        }
        if self.store.queries().webhooks().await?.is_empty() {
            // Whoever is added now wants nothing from before.
            self.pass(newest).await?;
            return Ok(false);
        }
        let events = self.store.feed().after(self.read, None, PAGE).await?;
        let Some(last) = events.last().map(|event| event.id) else { return Ok(false) };
        if events.iter().any(|event| WEBHOOK_KINDS.contains(&event.kind)) {
            let deliveries = self.deliveries(&events, now).await?;
            self.keep(last, deliveries).await?;
        } else {
            self.pass(last).await?;
        }
        Ok(events.len() as u64 == PAGE)
    }

    /// Goes on behind events that nobody can want.
    async fn pass(&mut self, to: EventId) -> Out<()> {
        if to.0 - self.stored.0 < LAG {
            self.read = to;
            return Ok(());
        }
        self.keep(to, Vec::new()).await
    }

    async fn keep(&mut self, to: EventId, deliveries: Vec<Delivery>) -> Out<()> {
        if self.store.outbox().enqueue(self.stored, to, deliveries).await? {
            self.stored = to;
        } else {
            // Another server was faster; go on where it stands.
            self.stored = self.store.outbox().cursor().await?;
        }
        self.read = self.stored;
        Ok(())
    }

    async fn deliveries(&self, events: &[Event], now: Timestamp) -> Out<Vec<Delivery>> {
        // Read behind the events: a webhook that was added before the last of them must not miss it.
        let webhooks = self.store.queries().webhooks().await?;
        let told: Vec<(&Webhook, &Event)> = events
            .iter()
            .flat_map(|event| webhooks.iter().map(move |webhook| (webhook, event)))
            .filter(|(webhook, event)| webhook.created_at <= event.at && webhook.wants(event.kind, event.project_id))
            .collect();
        if told.is_empty() {
            return Ok(Vec::new());
        }
        let projects = self.store.queries().projects().await?;
        let one = |(webhook, event): (&Webhook, &Event)| {
            let project = projects.iter().find(|project| project.id == event.project_id);
            pending(webhook, event, payload::body(event, project.map(|project| project.name.as_str())), now)
        };
        Ok(told.into_iter().map(one).collect())
    }
}

fn pending(webhook: &Webhook, event: &Event, body: String, now: Timestamp) -> Delivery {
    Delivery {
        // The store gives it one.
        id: DeliveryId(0),
        webhook: webhook.id,
        event: event.id,
        kind: event.kind,
        body,
        status: DeliveryStatus::Pending,
        tries: 0,
        next_at: now,
        last_status: None,
        last_error: None,
        created_at: now,
        delivered_at: None,
    }
}
