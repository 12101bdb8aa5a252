//! `POST /projects/{name}/phases/{id}/reject`.

use actix_web::web::Path;
use autocoder_core::changes::Node;
use autocoder_core::ids::{PhaseId, TaskId};
use autocoder_core::view::PhaseView;
use autocoder_core::workflow;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::body::Body;
use crate::call::Call;
use crate::reply::{Answer, shown};

/// Why a phase is not accepted, and what is to be done again.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RejectPhase {
    /// Why; the agents read it.
    #[schema(example = "the login does not work on phones", min_length = 1)]
    reason: String,
    /// The tasks to do again; left out: a task "Address review: …" is added, or one for each item of a list in the reason.
    #[serde(default)]
    reopen_tasks: Vec<TaskId>,
}

/// Send a phase at its gate back to work
#[utoipa::path(
    post, path = "/projects/{name}/phases/{id}/reject", operation_id = "rejectPhase",
    params(("name" = String, Path, description = "The project"), ("id" = i64, Path, description = "The phase")),
    request_body = RejectPhase,
    responses((status = 200, description = "The phase, in progress", body = PhaseView)),
)]
pub(super) async fn handle(mut call: Call, path: Path<(String, i64)>, body: Body<RejectPhase>) -> Answer {
    let (project, id) = (call.project_id(&path.0).await?, PhaseId(path.1));
    let rejection = workflow::Rejection { reason: body.0.reason, reopen: body.0.reopen_tasks };
    workflow::reject_phase(&call.changing(Node::Phase(id))?, project, id, &rejection).await?;
    shown(&call.phase(project, id).await?)
}
