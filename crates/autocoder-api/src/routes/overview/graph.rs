//! `GET /projects/{name}/graph`.

use actix_web::web::Path;
use autocoder_core::changes::Node;
use autocoder_core::ids::{FeatureId, PhaseId};
use autocoder_core::view::GraphView;
use serde::Deserialize;

use crate::body::Params;
use crate::call::Call;
use crate::problem::Problem;
use crate::reply::{Answer, plain};

/// Which part of the plan is wanted.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Wanted {
    /// Only the tasks of this phase.
    #[param(nullable = false)]
    phase_id: Option<i64>,
    /// Only the tasks of this feature; not together with a phase.
    #[param(nullable = false)]
    feature_id: Option<i64>,
}

/// The tasks of a project, phase or feature with what waits for what; by id
#[utoipa::path(
    get, path = "/projects/{name}/graph", operation_id = "getGraph",
    params(("name" = String, Path, description = "The project"), Wanted),
    responses((status = 200, description = "Tasks and dependencies between them", body = GraphView)),
)]
pub(super) async fn handle(call: Call, path: Path<String>, wanted: Params<Wanted>) -> Answer {
    let project = call.project_id(&path).await?;
    let within = match (wanted.0.phase_id, wanted.0.feature_id) {
        (None, None) => None,
        (Some(id), None) => Some(Node::Phase(call.phase(project, PhaseId(id)).await?.id)),
        (None, Some(id)) => Some(Node::Feature(call.feature(project, FeatureId(id)).await?.id)),
        (Some(_), Some(_)) => return Err(Problem::field("feature_id", "goes without `phase_id`; name one of them")),
    };
    plain(&call.queries().graph(project, within).await?)
}
