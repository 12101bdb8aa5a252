//! Deliveries to webhooks.

use async_trait::async_trait;
use autocoder_core::ids::{DeliveryId, EventId, WebhookId};
use autocoder_core::ports::{Attempted, Out, Outbox, StoreError};
use autocoder_core::time::Timestamp;
use autocoder_core::webhook::Delivery;
use crate::store::SeaOrmStore;

#[async_trait]
impl Outbox for SeaOrmStore {
    async fn cursor(&self) -> Out<EventId> { Err(StoreError::Failed { step: "not built yet", detail: String::new() }) }
    async fn enqueue(&self, _: EventId, _: EventId, _: Vec<Delivery>) -> Out<bool> { Err(StoreError::Failed { step: "not built yet", detail: String::new() }) }
    async fn due(&self, _: Timestamp, _: Timestamp, _: u64) -> Out<Vec<Delivery>> { Err(StoreError::Failed { step: "not built yet", detail: String::new() }) }
    async fn attempted(&self, _: DeliveryId, _: Attempted) -> Out<()> { Err(StoreError::Failed { step: "not built yet", detail: String::new() }) }
    async fn deliveries(&self, _: WebhookId, _: Option<DeliveryId>, _: u64) -> Out<Vec<Delivery>> { Err(StoreError::Failed { step: "not built yet", detail: String::new() }) }
    async fn delivery(&self, _: DeliveryId) -> Out<Option<Delivery>> { Err(StoreError::Failed { step: "not built yet", detail: String::new() }) }
    async fn replay(&self, _: DeliveryId, _: Timestamp) -> Out<()> { Err(StoreError::Failed { step: "not built yet", detail: String::new() }) }
    async fn counts(&self) -> Out<(u64, u64)> { Err(StoreError::Failed { step: "not built yet", detail: String::new() }) }
}
