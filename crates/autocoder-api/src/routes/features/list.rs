//! `GET /projects/{name}/features`.

use actix_web::web::Path;
use autocoder_core::view::{FeatureView, Page};

use crate::body::Params;
use crate::call::Call;
use crate::reply::{Answer, Part, plain};

/// The features of a project, in the order of phases and priority; without their specs
#[utoipa::path(
    get, path = "/projects/{name}/features", operation_id = "listFeatures",
    params(("name" = String, Path, description = "The project"), Part),
    responses((status = 200, description = "A part of the features", body = Page<FeatureView>)),
)]
pub(super) async fn handle(call: Call, path: Path<String>, part: Params<Part>) -> Answer {
    let project = call.project_id(&path).await?;
    let features = call.queries().features(project, None).await?;
    plain(&part.0.of(features, |feature| feature.id.to_string())?)
}
