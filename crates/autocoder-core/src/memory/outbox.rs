//! Deliveries to webhooks.

use async_trait::async_trait;
use crate::ids::{DeliveryId, EventId, WebhookId};
use crate::ports::{Attempted, Out, Outbox, StoreError};
use crate::time::Timestamp;
use crate::webhook::Delivery;
use super::MemoryStore;

#[async_trait]
impl Outbox for MemoryStore {
    async fn cursor(&self) -> Out<EventId> { Err(StoreError::Failed { step: "not built yet", detail: String::new() }) }
    async fn enqueue(&self, _: EventId, _: EventId, _: Vec<Delivery>) -> Out<bool> { Err(StoreError::Failed { step: "not built yet", detail: String::new() }) }
    async fn due(&self, _: Timestamp, _: Timestamp, _: u64) -> Out<Vec<Delivery>> { Err(StoreError::Failed { step: "not built yet", detail: String::new() }) }
    async fn attempted(&self, _: DeliveryId, _: Attempted) -> Out<()> { Err(StoreError::Failed { step: "not built yet", detail: String::new() }) }
    async fn deliveries(&self, _: WebhookId, _: Option<DeliveryId>, _: u64) -> Out<Vec<Delivery>> { Err(StoreError::Failed { step: "not built yet", detail: String::new() }) }
    async fn delivery(&self, _: DeliveryId) -> Out<Option<Delivery>> { Err(StoreError::Failed { step: "not built yet", detail: String::new() }) }
    async fn replay(&self, _: DeliveryId, _: Timestamp) -> Out<()> { Err(StoreError::Failed { step: "not built yet", detail: String::new() }) }
    async fn counts(&self) -> Out<(u64, u64)> { Err(StoreError::Failed { step: "not built yet", detail: String::new() }) }
}
