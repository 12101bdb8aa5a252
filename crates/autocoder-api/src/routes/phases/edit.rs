//! `PATCH /projects/{name}/phases/{id}`.

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

/// What is changed of a phase; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EditPhase {
    /// Its name.
    #[serde(default, deserialize_with = "told")]
    #[schema(nullable = false, min_length = 1, max_length = 255)]
    name: Option<String>,
    /// What it is for.
    #[serde(default, deserialize_with = "told")]
    #[schema(nullable = false)]
    description: Option<String>,
    /// Its place.
    #[serde(default, deserialize_with = "told")]
    #[schema(nullable = false)]
    order: Option<i32>,
}

/// Change some fields of a phase
#[utoipa::path(
    patch, path = "/projects/{name}/phases/{id}", operation_id = "editPhase",
    params(("name" = String, Path, description = "The project"), ("id" = i64, Path, description = "The phase")),
    request_body = EditPhase,
    responses((status = 200, description = "The phase", body = PhaseView)),
)]
pub(super) async fn handle(mut call: Call, path: Path<(String, i64)>, body: Body<EditPhase>) -> Answer {
    let (project, id) = (call.project_id(&path.0).await?, PhaseId(path.1));
    let EditPhase { name, description, order } = body.0;
    workflow::edit_phase(&call.changing(Node::Phase(id))?, project, id, PhasePatch { name, description, order })
        .await?;
    shown(&call.phase(project, id).await?)
}
