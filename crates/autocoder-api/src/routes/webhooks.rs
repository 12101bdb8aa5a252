//! Webhooks: addresses that are told what happens, and the deliveries to them.

mod create;
mod delete;
mod deliveries;
mod edit;
mod list;
mod replay;

use autocoder_core::ids::{DeliveryId, WebhookId};
use autocoder_core::view::DeliveryView;
use autocoder_core::webhook::{WEBHOOK_KINDS, Webhook};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

use crate::call::Call;
use crate::operations::{Operations, operations};
use crate::problem::Problem;

pub(super) fn add(list: &mut Operations) {
    operations!(list, "webhooks"; Admin list, Admin create, Admin edit, Admin delete, Admin deliveries, Admin replay);
}

/// A kind of event that webhooks may be told.
struct WebhookKind;

impl PartialSchema for WebhookKind {
    fn schema() -> RefOr<Schema> {
        let words = WEBHOOK_KINDS.iter().map(|kind| kind.as_str());
        ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words)).into()
    }
}

impl ToSchema for WebhookKind {}

/// The address, when deliveries may be sent there.
fn check_address(call: &Call, url: &str) -> Result<(), Problem> {
    let checked = call.app.addresses.check(url);
    checked.map(|_| ()).map_err(|forbidden| Problem::field("url", forbidden.to_string()))
}

async fn find(call: &Call, id: i64) -> Result<Webhook, Problem> {
    let webhooks = call.queries().webhooks().await?;
    webhooks.into_iter().find(|webhook| webhook.id == WebhookId(id)).ok_or_else(|| Problem::missing("webhook", id))
}

async fn delivery(call: &Call, webhook: WebhookId, id: i64) -> Result<DeliveryView, Problem> {
    let found = call.store().outbox().delivery(DeliveryId(id)).await?;
    let found = found.filter(|delivery| delivery.webhook == webhook);
    found.map(DeliveryView::from).ok_or_else(|| Problem::missing("delivery", id))
}
