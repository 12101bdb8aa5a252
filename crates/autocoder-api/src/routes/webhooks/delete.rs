//! `DELETE /webhooks/{id}`.

use actix_web::HttpResponse;
use actix_web::web::Path;
use autocoder_core::changes::Node;
use autocoder_core::ids::WebhookId;
use autocoder_core::workflow;

use crate::call::Call;
use crate::reply::Answer;

/// Delete a webhook with its deliveries
#[utoipa::path(
    delete, path = "/webhooks/{id}", operation_id = "deleteWebhook",
    params(("id" = i64, Path, description = "The webhook")),
    responses((status = 204, description = "It is gone")),
)]
pub(super) async fn handle(mut call: Call, path: Path<i64>) -> Answer {
    call.must_see_all()?;
    let id = WebhookId(*path);
    workflow::delete_webhook(&call.changing(Node::Webhook(id))?, id).await?;
    Ok(HttpResponse::NoContent().finish())
}
