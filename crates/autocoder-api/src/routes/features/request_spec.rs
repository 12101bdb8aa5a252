//! `POST /projects/{name}/features/{id}/spec`.

use actix_web::web::Path;
use autocoder_core::changes::Node;
use autocoder_core::ids::FeatureId;
use autocoder_core::view::FeatureView;
use autocoder_core::workflow;

use crate::call::Call;
use crate::reply::{Answer, shown};

/// Ask for the spec of a feature (again); it waits in the inbox until a spec writer is started
#[utoipa::path(
    post, path = "/projects/{name}/features/{id}/spec", operation_id = "requestSpec",
    params(("name" = String, Path, description = "The project"), ("id" = i64, Path, description = "The feature")),
    responses((status = 200, description = "The feature, with a spec asked for", body = FeatureView)),
)]
pub(super) async fn handle(mut call: Call, path: Path<(String, i64)>) -> Answer {
    let (project, id) = (call.project_id(&path.0).await?, FeatureId(path.1));
    workflow::request_spec(&call.changing(Node::Feature(id))?, project, id).await?;
    shown(&call.feature(project, id).await?)
}
