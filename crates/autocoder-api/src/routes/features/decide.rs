//! `POST /projects/{name}/features/{id}/proposals`.

use actix_web::web::Path;
use autocoder_core::changes::Node;
use autocoder_core::ids::{FeatureId, ProposalId};
use autocoder_core::workflow;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::body::Body;
use crate::call::Call;
use crate::reply::{Answer, plain};
use crate::routes::tasks::MadeTasks;

/// Which proposals become tasks, and which do not.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DecideProposals {
    /// These become tasks.
    #[serde(default)]
    #[schema(max_items = 1000)]
    accept: Vec<ProposalId>,
    /// These are turned down.
    #[serde(default)]
    #[schema(max_items = 1000)]
    decline: Vec<ProposalId>,
}

/// Decide on proposed tasks: all of it in one transaction, or nothing
#[utoipa::path(
    post, path = "/projects/{name}/features/{id}/proposals", operation_id = "decideProposals",
    params(("name" = String, Path, description = "The project"), ("id" = i64, Path, description = "The feature")),
    request_body = DecideProposals,
    responses((status = 200, description = "The new tasks, in the order of their proposals", body = MadeTasks)),
)]
pub(super) async fn handle(mut call: Call, path: Path<(String, i64)>, body: Body<DecideProposals>) -> Answer {
    let (project, id) = (call.project_id(&path.0).await?, FeatureId(path.1));
    let DecideProposals { accept, decline } = body.0;
    let cx = call.changing(Node::Feature(id))?;
    plain(&MadeTasks::of(workflow::decide_proposals(&cx, project, id, accept, decline).await?))
}
