//! `POST /webhooks/{id}/deliveries/{delivery_id}/replay`.

use actix_web::web::Path;
use autocoder_core::ids::DeliveryId;
use autocoder_core::view::DeliveryView;

use crate::call::Call;
use crate::reply::{Answer, plain};

/// Send a delivery again, with all its tries before it
#[utoipa::path(
    post, path = "/webhooks/{id}/deliveries/{delivery_id}/replay", operation_id = "replayDelivery",
    params(("id" = i64, Path, description = "The webhook"), ("delivery_id" = i64, Path, description = "The delivery")),
    responses((status = 200, description = "The delivery, pending", body = DeliveryView)),
)]
pub(super) async fn handle(call: Call, path: Path<(i64, i64)>) -> Answer {
    call.must_see_all()?;
    let (webhook, id) = (super::find(&call, path.0).await?.id, path.1);
    super::delivery(&call, webhook, id).await?;
    let now = call.store().ledger().now().await?;
    call.store().outbox().replay(DeliveryId(id), now).await?;
    plain(&super::delivery(&call, webhook, id).await?)
}
