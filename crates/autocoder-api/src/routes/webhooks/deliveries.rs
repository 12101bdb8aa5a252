//! `GET /webhooks/{id}/deliveries`.

use actix_web::web::Path;
use autocoder_core::ids::DeliveryId;
use autocoder_core::view::{DeliveryView, Page};

use crate::body::Params;
use crate::call::Call;
use crate::reply::{Answer, Part, cursor, limit, plain};

/// The deliveries of a webhook, newest first
#[utoipa::path(
    get, path = "/webhooks/{id}/deliveries", operation_id = "listDeliveries",
    params(("id" = i64, Path, description = "The webhook"), Part),
    responses((status = 200, description = "A part of the deliveries", body = Page<DeliveryView>)),
)]
pub(super) async fn handle(call: Call, path: Path<i64>, part: Params<Part>) -> Answer {
    call.must_see_all()?;
    let (limit, after) = (limit(part.0.limit)?, cursor(part.0.cursor.as_deref())?);
    let webhook = super::find(&call, *path).await?.id;
    let mut found = call.store().outbox().deliveries(webhook, after.map(DeliveryId), limit + 1).await?;
    let more = found.len() as u64 > limit;
    found.truncate(found.len() - usize::from(more));
    let next_cursor = found.last().filter(|_| more).map(|delivery| delivery.id.to_string());
    plain(&Page { items: found.into_iter().map(DeliveryView::from).collect(), next_cursor })
}
