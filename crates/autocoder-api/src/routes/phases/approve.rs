//! `POST /projects/{name}/phases/{id}/approve`.

use actix_web::web::Path;
use autocoder_core::changes::Node;
use autocoder_core::ids::PhaseId;
use autocoder_core::view::PhaseView;
use autocoder_core::workflow;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::body::OptionalBody;
use crate::call::Call;
use crate::reply::{Answer, shown};

/// What is kept with an approval.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ApprovePhase {
    /// A note.
    #[serde(default)]
    #[schema(example = "works on my phone")]
    note: String,
}

/// Accept a phase at its gate; the next one starts
#[utoipa::path(
    post, path = "/projects/{name}/phases/{id}/approve", operation_id = "approvePhase",
    params(("name" = String, Path, description = "The project"), ("id" = i64, Path, description = "The phase")),
    request_body = Option<ApprovePhase>,
    responses((status = 200, description = "The phase, completed", body = PhaseView)),
)]
pub(super) async fn handle(mut call: Call, path: Path<(String, i64)>, body: OptionalBody<ApprovePhase>) -> Answer {
    let (project, id) = (call.project_id(&path.0).await?, PhaseId(path.1));
    workflow::approve_phase(&call.changing(Node::Phase(id))?, project, id, &body.0.note).await?;
    shown(&call.phase(project, id).await?)
}
