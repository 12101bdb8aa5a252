//! `GET /projects/{name}/phases`.

use actix_web::web::Path;
use autocoder_core::view::{Page, PhaseView};

use crate::body::Params;
use crate::call::Call;
use crate::reply::{Answer, Part, plain};

/// The phases of a project, in their order
#[utoipa::path(
    get, path = "/projects/{name}/phases", operation_id = "listPhases",
    params(("name" = String, Path, description = "The project"), Part),
    responses((status = 200, description = "A part of the phases", body = Page<PhaseView>)),
)]
pub(super) async fn handle(call: Call, path: Path<String>, part: Params<Part>) -> Answer {
    let project = call.project_id(&path).await?;
    let phases = call.queries().phases(project).await?;
    plain(&part.0.of(phases, |phase| phase.id.to_string())?)
}
