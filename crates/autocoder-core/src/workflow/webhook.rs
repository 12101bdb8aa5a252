//! What is done with webhooks: add, edit, switch off, delete.

use super::Context;
use crate::changes::{Changes, Row};
use crate::error::Refused;
use crate::event::EventKind;
use crate::ids::{ProjectId, WebhookId};
use crate::limits::{Checks, TEXT_BYTES};
use crate::ports::{Scope, UnitOfWork};
use crate::webhook::{NewWebhook, Webhook, WebhookPatch};

/// Adds a webhook.
///
/// # Errors
/// Whoever is no person; the fields that break a rule; a project that is gone.
pub async fn add_webhook(cx: &Context<'_>, new: NewWebhook) -> Result<Webhook, Refused> {
    cx.person("add a webhook")?;
    new.check()?;
    let mut unit = cx.store.begin(Scope::Installation).await?;
    let mut changes = cx.changes(new.project.unwrap_or(ProjectId::INSTALLATION), unit.now());
    let webhook = Webhook {
        id: WebhookId(unit.new_ids(1).await?),
        project: new.project,
        url: new.url,
        secret: new.secret,
        kinds: new.kinds,
        enabled: true,
        disabled_reason: None,
        created_at: unit.now(),
        version: 1,
    };
    let webhook = changes.webhook(Row::New(webhook), EventKind::WebhookCreated);
    unit.commit(changes).await?;
    Ok(webhook)
}

/// Edits a webhook, or switches it on or off.
///
/// # Errors
/// Whoever is no person; the fields that break a rule; a missing webhook.
pub async fn edit_webhook(cx: &Context<'_>, id: WebhookId, patch: WebhookPatch) -> Result<Webhook, Refused> {
    cx.person("edit a webhook")?;
    let (unit, mut changes, webhook) = load(cx, id).await?;
    let webhook = changes.webhook(Row::Changed(patch.apply(webhook)?), EventKind::WebhookUpdated);
    unit.commit(changes).await?;
    Ok(webhook)
}

/// Autocoder switches a webhook off, because its receiver is gone or refuses everything.
///
/// # Errors
/// A reason that is too long; a missing webhook.
pub async fn disable_webhook(cx: &Context<'_>, id: WebhookId, reason: &str) -> Result<Webhook, Refused> {
    let mut checks = Checks::default();
    checks.required_text("reason", reason, TEXT_BYTES);
    checks.finish()?;
    let (unit, mut changes, webhook) = load(cx, id).await?;
    let disabled = Webhook { enabled: false, disabled_reason: Some(reason.to_owned()), ..webhook };
    let webhook = changes.webhook(Row::Changed(disabled), EventKind::WebhookUpdated);
    unit.commit(changes).await?;
    Ok(webhook)
}

/// Deletes a webhook with its deliveries.
///
/// # Errors
/// Whoever is no person; a missing webhook.
pub async fn delete_webhook(cx: &Context<'_>, id: WebhookId) -> Result<(), Refused> {
    cx.person("delete a webhook")?;
    let (unit, mut changes, webhook) = load(cx, id).await?;
    changes.delete_webhook(&webhook);
    Ok(unit.commit(changes).await?)
}

async fn load(cx: &Context<'_>, id: WebhookId) -> Result<(Box<dyn UnitOfWork>, Changes, Webhook), Refused> {
    let mut unit = cx.store.begin(Scope::Installation).await?;
    let webhook = unit.webhook(id).await?.ok_or_else(|| Refused::missing("webhook", id))?;
    let changes = cx.changes(webhook.project.unwrap_or(ProjectId::INSTALLATION), unit.now());
    Ok((unit, changes, webhook))
}
