//! `PATCH /projects/{name}/features/{id}`.

use actix_web::web::Path;
use autocoder_core::changes::Node;
use autocoder_core::feature::FeaturePatch;
use autocoder_core::ids::FeatureId;
use autocoder_core::view::FeatureView;
use autocoder_core::workflow;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::body::{Body, told};
use crate::call::Call;
use crate::reply::{Answer, shown};

/// What is changed of a feature; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EditFeature {
    /// Its name.
    #[serde(default, deserialize_with = "told")]
    #[schema(nullable = false, min_length = 1, max_length = 255)]
    name: Option<String>,
    /// What it is for.
    #[serde(default, deserialize_with = "told")]
    #[schema(nullable = false)]
    description: Option<String>,
    /// What is wanted, as Markdown; empty: no spec.
    #[serde(default, deserialize_with = "told")]
    #[schema(nullable = false)]
    spec: Option<String>,
    /// Lower runs first.
    #[serde(default, deserialize_with = "told")]
    #[schema(nullable = false, minimum = -1000000, maximum = 1000000)]
    priority: Option<i32>,
}

/// Change some fields of a feature, its spec for example
#[utoipa::path(
    patch, path = "/projects/{name}/features/{id}", operation_id = "editFeature",
    params(("name" = String, Path, description = "The project"), ("id" = i64, Path, description = "The feature")),
    request_body = EditFeature,
    responses((status = 200, description = "The feature", body = FeatureView)),
)]
pub(super) async fn handle(mut call: Call, path: Path<(String, i64)>, body: Body<EditFeature>) -> Answer {
    let (project, id) = (call.project_id(&path.0).await?, FeatureId(path.1));
    let EditFeature { name, description, spec, priority } = body.0;
    let patch = FeaturePatch { name, description, spec, priority };
    workflow::edit_feature(&call.changing(Node::Feature(id))?, project, id, patch).await?;
    shown(&call.feature(project, id).await?)
}
