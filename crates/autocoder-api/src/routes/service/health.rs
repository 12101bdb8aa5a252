//! `GET /health`.

use serde::Serialize;
use utoipa::ToSchema;

use crate::reply::{Answer, plain};

/// That a server lives.
#[derive(Serialize, ToSchema)]
pub(super) struct Health {
    /// Always `ok`.
    #[schema(example = "ok")]
    status: &'static str,
    /// The server's version.
    #[schema(example = "0.1.0")]
    version: &'static str,
}

/// Whether the server lives, whatever its database does
#[utoipa::path(
    get, path = "/health", operation_id = "getHealth",
    responses((status = 200, description = "It lives", body = Health)),
)]
pub(super) async fn handle() -> Answer {
    plain(&Health { status: "ok", version: env!("CARGO_PKG_VERSION") })
}
