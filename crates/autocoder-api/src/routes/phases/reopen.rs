//! `POST /projects/{name}/phases/{id}/reopen`.

use actix_web::web::Path;
use autocoder_core::changes::Node;
use autocoder_core::ids::PhaseId;
use autocoder_core::view::PhaseView;
use autocoder_core::workflow;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::body::Body;
use crate::call::Call;
use crate::reply::{Answer, shown};

/// Why an approval is taken back.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ReopenPhase {
    /// Why.
    #[schema(example = "the tests were switched off", min_length = 1)]
    reason: String,
}

/// Take an approval back, while no later phase has started
#[utoipa::path(
    post, path = "/projects/{name}/phases/{id}/reopen", operation_id = "reopenPhase",
    params(("name" = String, Path, description = "The project"), ("id" = i64, Path, description = "The phase")),
    request_body = ReopenPhase,
    responses((status = 200, description = "The phase, in progress", body = PhaseView)),
)]
pub(super) async fn handle(mut call: Call, path: Path<(String, i64)>, body: Body<ReopenPhase>) -> Answer {
    let (project, id) = (call.project_id(&path.0).await?, PhaseId(path.1));
    workflow::reopen_phase(&call.changing(Node::Phase(id))?, project, id, &body.0.reason).await?;
    shown(&call.phase(project, id).await?)
}
