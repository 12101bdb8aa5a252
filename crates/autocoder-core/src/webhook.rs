//! A webhook: an address that is told what happens, and the deliveries to it.

use crate::event::EventKind;
use crate::ids::{DeliveryId, EventId, ProjectId, WebhookId};
use crate::limits::{Checks, InvalidField};
use crate::time::Timestamp;
use crate::vocabulary::closed_enum;

/// What webhooks and notifications may tell.
pub const WEBHOOK_KINDS: &[EventKind] = &[
    EventKind::PhaseAwaitingApproval,
    EventKind::PhaseCompleted,
    EventKind::PhaseRejected,
    EventKind::FeatureCompleted,
    EventKind::TaskBlocked,
    EventKind::TaskNeedsInput,
    EventKind::UsageWarning,
    EventKind::UsagePaused,
    EventKind::AgentCrashed,
    EventKind::ProjectCompleted,
];

/// An address that is told what happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook {
    /// Its id.
    pub id: WebhookId,
    /// Only events of this project; none: of all.
    pub project: Option<ProjectId>,
    /// Where deliveries are posted.
    pub url: String,
    /// Signs deliveries: `whsec_` and base64, shown once.
    pub secret: String,
    /// Which kinds it is told; empty: all of [`WEBHOOK_KINDS`].
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

impl Webhook {
    /// Whether it is told an event of this kind in this project.
    #[must_use]
    pub fn wants(&self, kind: EventKind, project: ProjectId) -> bool {
        let listed = if self.kinds.is_empty() { WEBHOOK_KINDS.contains(&kind) } else { self.kinds.contains(&kind) };
        self.enabled && listed && self.project.is_none_or(|own| own == project)
    }
}

/// What a new webhook is made from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewWebhook {
    /// Only events of this project.
    pub project: Option<ProjectId>,
    /// Where deliveries are posted.
    pub url: String,
    /// Signs deliveries; the frontend makes one when the person brings none.
    pub secret: String,
    /// Which kinds it is told; empty: all.
    pub kinds: Vec<EventKind>,
}

impl NewWebhook {
    /// Every field that breaks a rule. Where the address points is checked by whoever connects.
    ///
    /// # Errors
    /// The fields and their rules.
    pub fn check(&self) -> Result<(), Vec<InvalidField>> {
        let mut checks = Checks::default();
        check_url(&mut checks, &self.url);
        check_kinds(&mut checks, &self.kinds);
        checks.one_line("secret", &self.secret, 255);
        checks.finish()
    }
}

/// An edit of a webhook; what is absent stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WebhookPatch {
    /// Where deliveries are posted.
    pub url: Option<String>,
    /// Which kinds it is told.
    pub kinds: Option<Vec<EventKind>>,
    /// Whether it is told anything.
    pub enabled: Option<bool>,
}

impl WebhookPatch {
    /// The webhook after the edit.
    ///
    /// # Errors
    /// Every field that breaks a rule.
    pub fn apply(self, mut webhook: Webhook) -> Result<Webhook, Vec<InvalidField>> {
        let mut checks = Checks::default();
        if let Some(url) = self.url {
            check_url(&mut checks, &url);
            webhook.url = url;
        }
        if let Some(kinds) = self.kinds {
            check_kinds(&mut checks, &kinds);
            webhook.kinds = kinds;
        }
        if let Some(enabled) = self.enabled {
            webhook.enabled = enabled;
            webhook.disabled_reason = None;
        }
        checks.finish().map(|()| webhook)
    }
}

fn check_url(checks: &mut Checks, url: &str) {
    checks.one_line("url", url, 2048);
    if !["http://", "https://"].iter().any(|scheme| url.starts_with(scheme)) {
        checks.refuse("url", "must start with `https://` or `http://`");
    }
}

fn check_kinds(checks: &mut Checks, kinds: &[EventKind]) {
    for (index, kind) in kinds.iter().enumerate().filter(|(_, kind)| !WEBHOOK_KINDS.contains(kind)) {
        let known = WEBHOOK_KINDS.iter().map(|kind| format!("`{kind}`")).collect::<Vec<_>>().join(", ");
        checks.refuse(&format!("kinds[{index}]"), format!("is `{kind}`, must be one of {known}"));
    }
}

closed_enum! {
    /// Where a delivery stands.
    DeliveryStatus, "delivery status" {
        /// Waits for its next try.
        Pending = "pending",
        /// The receiver took it.
        Delivered = "delivered",
        /// The last try failed.
        Dead = "dead",
    }
}

/// One event on its way to one webhook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Its id.
    pub id: DeliveryId,
    /// The webhook.
    pub webhook: WebhookId,
    /// The event.
    pub event: EventId,
    /// Its kind.
    pub kind: EventKind,
    /// What is posted.
    pub body: String,
    /// Where it stands.
    pub status: DeliveryStatus,
    /// How often it was tried.
    pub tries: u32,
    /// When it is tried next, while it is pending.
    pub next_at: Timestamp,
    /// The receiver's last HTTP status.
    pub last_status: Option<u16>,
    /// Why the last try failed.
    pub last_error: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When the receiver took it.
    pub delivered_at: Option<Timestamp>,
}

impl Delivery {
    /// What its receiver sees as `webhook-id`: the same at every try and replay. The time keeps it unique when a database
    /// is restored and gives out ids again.
    #[must_use]
    pub fn message_id(&self) -> String {
        format!("msg_{}_{}", self.id, self.created_at.0)
    }
}
