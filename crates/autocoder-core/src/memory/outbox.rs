//! Deliveries to webhooks, in memory.

use std::collections::BTreeSet;

use async_trait::async_trait;

use super::MemoryStore;
use crate::ids::{DeliveryId, EventId, WebhookId};
use crate::ports::{Attempted, Out, Outbox};
use crate::time::Timestamp;
use crate::webhook::{Delivery, DeliveryStatus};

#[async_trait]
impl Outbox for MemoryStore {
    async fn cursor(&self) -> Out<EventId> {
        Ok(EventId(self.lock().delivered_up_to))
    }

    async fn enqueue(&self, from: EventId, to: EventId, deliveries: Vec<Delivery>) -> Out<bool> {
        let mut state = self.lock();
        if state.delivered_up_to != from.0 {
            return Ok(false);
        }
        state.delivered_up_to = to.0;
        for delivery in deliveries {
            if state.webhooks.contains_key(&delivery.webhook) {
                state.last_delivery += 1;
                let id = DeliveryId(state.last_delivery);
                state.deliveries.insert(id, Delivery { id, ..delivery });
            }
        }
        Ok(true)
    }

    async fn due(&self, now: Timestamp, lease_until: Timestamp, busy: &[WebhookId], limit: u64) -> Out<Vec<Delivery>> {
        let mut state = self.lock();
        let off = state.webhooks.values().filter(|webhook| !webhook.enabled).map(|webhook| webhook.id);
        let mut busy: BTreeSet<WebhookId> = off.chain(busy.iter().copied()).collect();
        let ready = |delivery: &&mut Delivery| delivery.status == DeliveryStatus::Pending && delivery.next_at <= now;
        let first = state.deliveries.values_mut().filter(ready).filter(|delivery| busy.insert(delivery.webhook));
        Ok(first
            .take(limit as usize)
            .map(|delivery| {
                delivery.next_at = lease_until;
                delivery.clone()
            })
            .collect())
    }

    async fn attempted(&self, id: DeliveryId, outcome: Attempted) -> Out<()> {
        let mut state = self.lock();
        let pending = |delivery: &&mut Delivery| delivery.status == DeliveryStatus::Pending;
        if let Some(delivery) = state.deliveries.get_mut(&id).filter(pending) {
            delivery.status = outcome.status;
            delivery.tries += 1;
            delivery.next_at = outcome.at;
            delivery.last_status = outcome.http_status;
            delivery.last_error = outcome.error;
            delivery.delivered_at = (outcome.status == DeliveryStatus::Delivered).then_some(outcome.at);
        }
        Ok(())
    }

    async fn deliveries(&self, webhook: WebhookId, after: Option<DeliveryId>, limit: u64) -> Out<Vec<Delivery>> {
        let wanted = |delivery: &&Delivery| delivery.webhook == webhook && after.is_none_or(|id| delivery.id < id);
        Ok(self.lock().deliveries.values().rev().filter(wanted).take(limit as usize).cloned().collect())
    }

    async fn delivery(&self, id: DeliveryId) -> Out<Option<Delivery>> {
        Ok(self.lock().deliveries.get(&id).cloned())
    }

    async fn replay(&self, id: DeliveryId, now: Timestamp) -> Out<()> {
        if let Some(delivery) = self.lock().deliveries.get_mut(&id) {
            (delivery.status, delivery.tries) = (DeliveryStatus::Pending, 0);
            (delivery.next_at, delivery.delivered_at) = (now, None);
        }
        Ok(())
    }

    async fn counts(&self) -> Out<(u64, u64)> {
        let state = self.lock();
        let count = |status| state.deliveries.values().filter(|delivery| delivery.status == status).count() as u64;
        Ok((count(DeliveryStatus::Pending), count(DeliveryStatus::Dead)))
    }
}
