//! `PUT /projects/{name}/features/{id}`.

use actix_web::web::Path;
use autocoder_core::changes::Node;
use autocoder_core::feature::{DEFAULT_PRIORITY, FeaturePatch};
use autocoder_core::ids::FeatureId;
use autocoder_core::view::FeatureView;
use autocoder_core::workflow;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::body::{Body, told};
use crate::call::Call;
use crate::reply::{Answer, shown};

/// Every field of a feature that can be edited; what is left out becomes what it is in a new feature.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ReplaceFeature {
    /// Its name.
    #[schema(example = "Shopping cart", min_length = 1, max_length = 255)]
    name: String,
    /// What it is for.
    #[serde(default)]
    description: String,
    /// What is wanted, as Markdown; empty: no spec.
    #[serde(default)]
    spec: String,
    /// Lower runs first.
    #[serde(default, deserialize_with = "told")]
    #[schema(nullable = false, minimum = -1000000, maximum = 1000000, default = 500)]
    priority: Option<i32>,
}

/// Replace the editable fields of a feature
#[utoipa::path(
    put, path = "/projects/{name}/features/{id}", operation_id = "replaceFeature",
    params(("name" = String, Path, description = "The project"), ("id" = i64, Path, description = "The feature")),
    request_body = ReplaceFeature,
    responses((status = 200, description = "The feature", body = FeatureView)),
)]
pub(super) async fn handle(mut call: Call, path: Path<(String, i64)>, body: Body<ReplaceFeature>) -> Answer {
    let (project, id) = (call.project_id(&path.0).await?, FeatureId(path.1));
    let ReplaceFeature { name, description, spec, priority } = body.0;
    let (name, description, spec) = (Some(name), Some(description), Some(spec));
    let patch = FeaturePatch { name, description, spec, priority: Some(priority.unwrap_or(DEFAULT_PRIORITY)) };
    workflow::edit_feature(&call.changing(Node::Feature(id))?, project, id, patch).await?;
    shown(&call.feature(project, id).await?)
}
