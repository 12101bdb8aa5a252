//! `GET /projects/{name}`.

use actix_web::web::Path;
use autocoder_core::view::ProjectView;

use crate::call::Call;
use crate::reply::{Answer, shown};

/// One project
#[utoipa::path(
    get, path = "/projects/{name}", operation_id = "getProject",
    params(("name" = String, Path, description = "The project")),
    responses((status = 200, description = "The project", body = ProjectView)),
)]
pub(super) async fn handle(call: Call, path: Path<String>) -> Answer {
    shown(&call.project(&path).await?)
}
