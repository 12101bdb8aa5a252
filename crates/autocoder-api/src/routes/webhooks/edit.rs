//! `PATCH /webhooks/{id}`.

use actix_web::web::Path;
use autocoder_core::changes::Node;
use autocoder_core::event::EventKind;
use autocoder_core::ids::WebhookId;
use autocoder_core::view::WebhookView;
use autocoder_core::webhook::WebhookPatch;
use autocoder_core::workflow;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{WebhookKind, check_address};
use crate::body::{Body, told};
use crate::call::Call;
use crate::reply::{Answer, shown};

/// What is changed of a webhook; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EditWebhook {
    /// Where deliveries are posted.
    #[serde(default, deserialize_with = "told")]
    #[schema(nullable = false, example = "https://example.com/hooks/autocoder", max_length = 2048)]
    url: Option<String>,
    /// Which kinds it is told; empty: all.
    #[serde(default, deserialize_with = "told")]
    #[schema(nullable = false, value_type = Option<Vec<WebhookKind>>)]
    kinds: Option<Vec<EventKind>>,
    /// Whether it is told anything.
    #[serde(default, deserialize_with = "told")]
    #[schema(nullable = false)]
    enabled: Option<bool>,
}

/// Change a webhook, or switch it on or off
#[utoipa::path(
    patch, path = "/webhooks/{id}", operation_id = "editWebhook",
    params(("id" = i64, Path, description = "The webhook")),
    request_body = EditWebhook,
    responses((status = 200, description = "The webhook", body = WebhookView)),
)]
pub(super) async fn handle(mut call: Call, path: Path<i64>, body: Body<EditWebhook>) -> Answer {
    call.must_see_all()?;
    let (id, EditWebhook { url, kinds, enabled }) = (WebhookId(*path), body.0);
    super::find(&call, id.0).await?;
    if let Some(url) = &url {
        check_address(&call, url)?;
    }
    let patch = WebhookPatch { url, kinds, enabled };
    let webhook = workflow::edit_webhook(&call.changing(Node::Webhook(id))?, id, patch).await?;
    shown(&WebhookView::from(webhook))
}
