//! `POST /projects/{name}/phases/{id}/approve`.

use std::collections::BTreeMap;
use std::path::Path as FilePath;

use actix_web::http::StatusCode;
use actix_web::web::Path;
use autocoder_agent::git::{MergeIntoError, merge_into_checkout};
use autocoder_core::changes::Node;
use autocoder_core::ids::PhaseId;
use autocoder_core::view::PhaseView;
use autocoder_core::workflow;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::body::OptionalBody;
use crate::call::Call;
use crate::problem::Problem;
use crate::reply::{Answer, shown};

/// What is kept with an approval.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ApprovePhase {
    /// A note.
    #[serde(default)]
    #[schema(example = "works on my phone")]
    note: String,
    /// Whether the work of the agents is merged into the branch of your own checkout before; when that cannot be done,
    /// the phase is not approved either.
    #[serde(default)]
    merge: bool,
}

/// Accept a phase at its gate; the next one starts
#[utoipa::path(
    post, path = "/projects/{name}/phases/{id}/approve", operation_id = "approvePhase",
    params(("name" = String, Path, description = "The project"), ("id" = i64, Path, description = "The phase")),
    request_body = Option<ApprovePhase>,
    responses((status = 200, description = "The phase, completed", body = PhaseView)),
)]
pub(super) async fn handle(mut call: Call, path: Path<(String, i64)>, body: OptionalBody<ApprovePhase>) -> Answer {
    let (project, id, body) = (call.project(&path.0).await?, PhaseId(path.1), body.0);
    let cx = call.changing(Node::Phase(id))?;
    if body.merge {
        workflow::check_approval(&cx, project.id, id, &body.note).await?;
        let environment = BTreeMap::from([("PATH".to_owned(), call.app.search_path.to_string())]);
        merge_into_checkout(FilePath::new(&project.path), &environment).await?;
    }
    workflow::approve_phase(&call.context(), project.id, id, &body.note).await?;
    shown(&call.phase(project.id, id).await?)
}

impl From<MergeIntoError> for Problem {
    fn from(error: MergeIntoError) -> Self {
        Self::new(StatusCode::CONFLICT, error.code(), error.to_string()).hint(error.hint())
    }
}
