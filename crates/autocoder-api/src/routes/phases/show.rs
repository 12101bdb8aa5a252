//! `GET /projects/{name}/phases/{id}`.

use actix_web::web::Path;
use autocoder_core::ids::PhaseId;
use autocoder_core::view::PhaseView;

use crate::call::Call;
use crate::reply::{Answer, shown};

/// One phase
#[utoipa::path(
    get, path = "/projects/{name}/phases/{id}", operation_id = "getPhase",
    params(("name" = String, Path, description = "The project"), ("id" = i64, Path, description = "The phase")),
    responses((status = 200, description = "The phase", body = PhaseView)),
)]
pub(super) async fn handle(call: Call, path: Path<(String, i64)>) -> Answer {
    let project = call.project_id(&path.0).await?;
    shown(&call.phase(project, PhaseId(path.1)).await?)
}
