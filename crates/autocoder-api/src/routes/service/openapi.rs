//! `GET /openapi.json`.

use std::sync::LazyLock;

use actix_web::HttpResponse;

use crate::reply::Answer;

static DOCUMENT: LazyLock<String> = LazyLock::new(crate::openapi::text);

/// This document
#[utoipa::path(
    get, path = "/openapi.json", operation_id = "getOpenapi",
    responses((status = 200, description = "The OpenAPI 3.1 document", body = Object)),
)]
pub(super) async fn handle() -> Answer {
    Ok(HttpResponse::Ok().content_type("application/json").body(DOCUMENT.as_str()))
}
