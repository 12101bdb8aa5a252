//! `GET /projects/{name}/phases/{phase_id}/features`.

use actix_web::web::Path;
use autocoder_core::ids::PhaseId;
use autocoder_core::view::{FeatureView, Page};

use crate::body::Params;
use crate::call::Call;
use crate::reply::{Answer, Part, plain};

/// The features of a phase, in the order of priority; without their specs
#[utoipa::path(
    get, path = "/projects/{name}/phases/{phase_id}/features", operation_id = "listFeaturesOfPhase",
    params(
        ("name" = String, Path, description = "The project"),
        ("phase_id" = i64, Path, description = "The phase"),
        Part,
    ),
    responses((status = 200, description = "A part of the features", body = Page<FeatureView>)),
)]
pub(super) async fn handle(call: Call, path: Path<(String, i64)>, part: Params<Part>) -> Answer {
    let project = call.project_id(&path.0).await?;
    let phase = call.phase(project, PhaseId(path.1)).await?.id;
    let features = call.queries().features(project, Some(phase)).await?;
    plain(&part.0.of(features, |feature| feature.id.to_string())?)
}
