//! `POST /projects/{name}/phases`.

use actix_web::web::Path;
use autocoder_core::phase::NewPhase;
use autocoder_core::view::PhaseView;
use autocoder_core::workflow;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::body::{Body, told};
use crate::call::Call;
use crate::reply::{Answer, created};

/// What a new phase is made from.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CreatePhase {
    /// Its name.
    #[schema(example = "Foundation", min_length = 1, max_length = 255)]
    name: String,
    /// What it is for.
    #[serde(default)]
    description: String,
    /// Its place; left out: behind the others.
    #[serde(default, deserialize_with = "told")]
    #[schema(nullable = false)]
    order: Option<i32>,
}

/// Add a phase
#[utoipa::path(
    post, path = "/projects/{name}/phases", operation_id = "createPhase",
    params(("name" = String, Path, description = "The project")),
    request_body = CreatePhase,
    responses((status = 201, description = "The new phase", body = PhaseView)),
)]
pub(super) async fn handle(call: Call, path: Path<String>, body: Body<CreatePhase>) -> Answer {
    let project = call.project_id(&path).await?;
    let CreatePhase { name, description, order } = body.0;
    let phase = workflow::add_phase(&call.context(), project, NewPhase { name, description, order }).await?;
    let place = format!("/api/projects/{}/phases/{}", path, phase.id);
    created(&call.phase(project, phase.id).await?, place)
}
