//! `GET /metrics`.

use actix_web::HttpResponse;

use crate::call::Call;
use crate::reply::Answer;

/// The server's figures for Prometheus
#[utoipa::path(
    get, path = "/metrics", operation_id = "getMetrics",
    responses((status = 200, description = "Figures in Prometheus' text format", body = String, content_type = "text/plain")),
)]
pub(super) async fn handle(call: Call) -> Answer {
    call.must_see_all()?;
    let text = crate::metrics::text(call.store()).await?;
    Ok(HttpResponse::Ok().content_type("text/plain; version=0.0.4; charset=utf-8").body(text))
}
