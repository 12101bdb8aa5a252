//! `GET /webhooks`.

use autocoder_core::view::{Page, WebhookView};

use crate::body::Params;
use crate::call::Call;
use crate::reply::{Answer, Part, plain};

/// The webhooks, without their secrets
#[utoipa::path(
    get, path = "/webhooks", operation_id = "listWebhooks",
    params(Part),
    responses((status = 200, description = "A part of the webhooks", body = Page<WebhookView>)),
)]
pub(super) async fn handle(call: Call, part: Params<Part>) -> Answer {
    call.must_see_all()?;
    let webhooks = call.queries().webhooks().await?.into_iter().map(WebhookView::from).collect();
    plain(&part.0.of(webhooks, |webhook: &WebhookView| webhook.id.to_string())?)
}
