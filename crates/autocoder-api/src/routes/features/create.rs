//! `POST /projects/{name}/features`.

use actix_web::web::Path;
use autocoder_core::feature::{DEFAULT_PRIORITY, NewFeature};
use autocoder_core::ids::PhaseId;
use autocoder_core::view::FeatureView;
use autocoder_core::workflow;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::body::{Body, told};
use crate::call::Call;
use crate::reply::{Answer, created};

/// What a new feature is made from.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CreateFeature {
    /// Its name.
    #[schema(example = "Shopping cart", min_length = 1, max_length = 255)]
    name: String,
    /// What it is for.
    #[serde(default)]
    description: String,
    /// What is wanted, as Markdown; left out: a spec writer writes it.
    #[serde(default, deserialize_with = "told")]
    #[schema(nullable = false)]
    spec: Option<String>,
    /// Lower runs first; left out: 500.
    #[serde(default, deserialize_with = "told")]
    #[schema(nullable = false, minimum = -1000000, maximum = 1000000, default = 500)]
    priority: Option<i32>,
    /// Its phase; left out: the active one, made when there is none.
    #[serde(default, deserialize_with = "told")]
    #[schema(nullable = false)]
    phase_id: Option<PhaseId>,
}

/// Add a feature; its spec and tasks are asked for and wait in the inbox
#[utoipa::path(
    post, path = "/projects/{name}/features", operation_id = "createFeature",
    params(("name" = String, Path, description = "The project")),
    request_body = CreateFeature,
    responses((status = 201, description = "The new feature", body = FeatureView)),
)]
pub(super) async fn handle(call: Call, path: Path<String>, body: Body<CreateFeature>) -> Answer {
    let project = call.project_id(&path).await?;
    let CreateFeature { name, description, spec, priority, phase_id: phase } = body.0;
    let new = NewFeature { phase, name, description, spec, priority: priority.unwrap_or(DEFAULT_PRIORITY) };
    let feature = workflow::add_feature(&call.context(), project, new).await?;
    let place = format!("/api/projects/{}/features/{}", path, feature.id);
    created(&call.feature(project, feature.id).await?, place)
}
