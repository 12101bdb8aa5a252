//! `GET /projects/{name}/features/{id}`.

use actix_web::web::Path;
use autocoder_core::ids::FeatureId;
use autocoder_core::view::FeatureView;

use crate::call::Call;
use crate::reply::{Answer, shown};

/// One feature with its spec
#[utoipa::path(
    get, path = "/projects/{name}/features/{id}", operation_id = "getFeature",
    params(("name" = String, Path, description = "The project"), ("id" = i64, Path, description = "The feature")),
    responses((status = 200, description = "The feature", body = FeatureView)),
)]
pub(super) async fn handle(call: Call, path: Path<(String, i64)>) -> Answer {
    let project = call.project_id(&path.0).await?;
    shown(&call.whole_feature(project, FeatureId(path.1)).await?)
}
