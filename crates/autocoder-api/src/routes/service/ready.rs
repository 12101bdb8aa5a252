//! `GET /ready`.

use actix_web::web::Data;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::reply::{Answer, plain};

/// That a server can work.
#[derive(Serialize, ToSchema)]
pub(super) struct Ready {
    /// Always `ready`.
    #[schema(example = "ready")]
    status: &'static str,
}

/// Whether the server and its database can work
#[utoipa::path(
    get, path = "/ready", operation_id = "getReady",
    responses((status = 200, description = "It can", body = Ready)),
)]
pub(super) async fn handle(app: Data<App>) -> Answer {
    app.store.feed().newest().await?;
    plain(&Ready { status: "ready" })
}
