//! `GET /projects/{name}/features/{id}/proposals`.

use actix_web::web::Path;
use autocoder_core::ids::FeatureId;
use autocoder_core::spec::ProposalStatus;
use autocoder_core::view::{Page, ProposalView};
use serde::Deserialize;

use crate::body::Params;
use crate::call::Call;
use crate::reply::{Answer, Part, plain};

/// Which proposals are wanted.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Wanted {
    /// Only those that stand there.
    #[param(nullable = false)]
    status: Option<ProposalStatus>,
    /// At most so many, 1 to 1000.
    #[param(minimum = 1, maximum = 1000, default = 100, nullable = false)]
    limit: Option<u64>,
    /// Where to go on: the `next_cursor` of the part before.
    #[param(nullable = false)]
    cursor: Option<String>,
}

/// The tasks that agents proposed for a feature
#[utoipa::path(
    get, path = "/projects/{name}/features/{id}/proposals", operation_id = "listProposals",
    params(("name" = String, Path, description = "The project"), ("id" = i64, Path, description = "The feature"), Wanted),
    responses((status = 200, description = "A part of the proposals", body = Page<ProposalView>)),
)]
pub(super) async fn handle(call: Call, path: Path<(String, i64)>, wanted: Params<Wanted>) -> Answer {
    let Wanted { status, limit, cursor } = wanted.0;
    let project = call.project_id(&path.0).await?;
    let feature = call.feature(project, FeatureId(path.1)).await?.id;
    let mut proposals = call.queries().proposals(project, feature).await?;
    proposals.retain(|proposal| status.is_none_or(|status| proposal.status == status));
    let proposals = proposals.into_iter().map(ProposalView::from).collect();
    plain(&Part { limit, cursor }.of(proposals, |proposal: &ProposalView| proposal.id.to_string())?)
}
