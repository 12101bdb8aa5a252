//! `POST /projects/{name}/features/{id}/spec/stop`.

use actix_web::web::Path;
use autocoder_core::changes::Node;
use autocoder_core::ids::FeatureId;
use autocoder_core::view::FeatureView;
use autocoder_core::workflow;

use crate::call::Call;
use crate::reply::{Answer, shown};

/// Take the request for a spec back
#[utoipa::path(
    post, path = "/projects/{name}/features/{id}/spec/stop", operation_id = "stopSpec",
    params(("name" = String, Path, description = "The project"), ("id" = i64, Path, description = "The feature")),
    responses((status = 200, description = "The feature, without a request", body = FeatureView)),
)]
pub(super) async fn handle(mut call: Call, path: Path<(String, i64)>) -> Answer {
    let (project, id) = (call.project_id(&path.0).await?, FeatureId(path.1));
    workflow::stop_spec(&call.changing(Node::Feature(id))?, project, id).await?;
    shown(&call.feature(project, id).await?)
}
