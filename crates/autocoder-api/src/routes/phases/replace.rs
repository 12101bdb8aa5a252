//! `PUT /projects/{name}/phases/{id}`.

use actix_web::web::Path;
use autocoder_core::changes::Node;
use autocoder_core::ids::PhaseId;
use autocoder_core::phase::PhasePatch;
use autocoder_core::view::PhaseView;
use autocoder_core::workflow;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::body::{Body, told};
use crate::call::Call;
use crate::reply::{Answer, shown};

/// Every field of a phase that can be edited; what is left out becomes empty, its place stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ReplacePhase {
    /// Its name.
    #[schema(min_length = 1, max_length = 255)]
    name: String,
    /// What it is for.
    #[serde(default)]
    description: String,
    /// Its place.
    #[serde(default, deserialize_with = "told")]
    #[schema(nullable = false)]
    order: Option<i32>,
}

/// Replace the editable fields of a phase
#[utoipa::path(
    put, path = "/projects/{name}/phases/{id}", operation_id = "replacePhase",
    params(("name" = String, Path, description = "The project"), ("id" = i64, Path, description = "The phase")),
    request_body = ReplacePhase,
    responses((status = 200, description = "The phase", body = PhaseView)),
)]
pub(super) async fn handle(mut call: Call, path: Path<(String, i64)>, body: Body<ReplacePhase>) -> Answer {
    let (project, id) = (call.project_id(&path.0).await?, PhaseId(path.1));
    let ReplacePhase { name, description, order } = body.0;
    let patch = PhasePatch { name: Some(name), description: Some(description), order };
    workflow::edit_phase(&call.changing(Node::Phase(id))?, project, id, patch).await?;
    shown(&call.phase(project, id).await?)
}
