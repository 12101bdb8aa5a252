//! `DELETE /projects/{name}/features/{id}`.

use actix_web::web::Path;
use autocoder_core::changes::Node;
use autocoder_core::ids::FeatureId;
use autocoder_core::workflow;

use crate::body::Params;
use crate::call::Call;
use crate::reply::{Answer, Deleted, Force, plain};

/// Delete a feature with its tasks; refused while an agent holds one of them, unless forced
#[utoipa::path(
    delete, path = "/projects/{name}/features/{id}", operation_id = "deleteFeature",
    params(("name" = String, Path, description = "The project"), ("id" = i64, Path, description = "The feature"), Force),
    responses((status = 200, description = "How many rows went", body = Deleted)),
)]
pub(super) async fn handle(mut call: Call, path: Path<(String, i64)>, params: Params<Force>) -> Answer {
    let (project, id) = (call.project_id(&path.0).await?, FeatureId(path.1));
    let cx = call.changing(Node::Feature(id))?;
    plain(&Deleted { deleted_tasks: workflow::delete_feature(&cx, project, id, params.0.force).await? })
}
