//! A webhook and its deliveries as their owner sees them: never the secret, but once.

use serde::Serialize;

use crate::event::EventKind;
use crate::ids::{DeliveryId, EventId, ProjectId, WebhookId};
use crate::time::Timestamp;
use crate::webhook::{Delivery, DeliveryStatus, Webhook};

/// A webhook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WebhookView {
    /// Its id.
    pub id: WebhookId,
    /// The only project whose events it is told; null: all.
    pub project_id: Option<ProjectId>,
    /// Where deliveries are posted.
    pub url: String,
    /// Which kinds of events it is told; empty: all that webhooks may be told.
    pub kinds: Vec<EventKind>,
    /// Whether it is told anything at the moment.
    pub enabled: bool,
    /// Why it was switched off, when nobody did it by hand.
    pub disabled_reason: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Counts edits.
    pub version: i64,
}

/// A webhook that was just made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewWebhookView {
    /// What is shown of it later too.
    #[serde(flatten)]
    pub webhook: WebhookView,
    /// The receiver verifies deliveries with it. It is printed this once.
    pub secret: String,
}

impl From<Webhook> for WebhookView {
    fn from(webhook: Webhook) -> Self {
        Self {
            id: webhook.id,
            project_id: webhook.project,
            url: webhook.url,
            kinds: webhook.kinds,
            enabled: webhook.enabled,
            disabled_reason: webhook.disabled_reason,
            created_at: webhook.created_at,
            version: webhook.version,
        }
    }
}

/// One event on its way to one webhook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeliveryView {
    /// Its id.
    pub id: DeliveryId,
    /// The webhook.
    pub webhook_id: WebhookId,
    /// What the receiver sees as `webhook-id`.
    pub message_id: String,
    /// The event.
    pub event_id: EventId,
    /// The event's kind.
    pub kind: EventKind,
    /// Where it stands.
    pub status: DeliveryStatus,
    /// How often it was tried.
    pub tries: u32,
    /// When it is tried next, while it is pending.
    pub next_at: Option<Timestamp>,
    /// The receiver's last HTTP status.
    pub last_status: Option<u16>,
    /// Why the last try failed.
    pub last_error: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When the receiver took it.
    pub delivered_at: Option<Timestamp>,
}

impl From<Delivery> for DeliveryView {
    fn from(delivery: Delivery) -> Self {
        Self {
            id: delivery.id,
            webhook_id: delivery.webhook,
            message_id: delivery.message_id(),
            event_id: delivery.event,
            kind: delivery.kind,
            status: delivery.status,
            tries: delivery.tries,
            next_at: (delivery.status == DeliveryStatus::Pending).then_some(delivery.next_at),
            last_status: delivery.last_status,
            last_error: delivery.last_error,
            created_at: delivery.created_at,
            delivered_at: delivery.delivered_at,
        }
    }
}
