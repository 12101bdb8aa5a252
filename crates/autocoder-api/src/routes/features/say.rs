//! `POST /projects/{name}/features/{id}/spec/messages`.

use actix_web::web::Path;
use autocoder_core::ids::FeatureId;
use autocoder_core::view::SpecMessageView;
use autocoder_core::workflow;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::body::Body;
use crate::call::Call;
use crate::reply::{Answer, made};

/// What is said about a spec.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SayAboutSpec {
    /// The message, as Markdown.
    #[schema(example = "guests must be able to order too", min_length = 1)]
    text: String,
}

/// Say something about a feature's spec; whoever writes it reads it
#[utoipa::path(
    post, path = "/projects/{name}/features/{id}/spec/messages", operation_id = "addSpecMessage",
    params(("name" = String, Path, description = "The project"), ("id" = i64, Path, description = "The feature")),
    request_body = SayAboutSpec,
    responses((status = 201, description = "The message", body = SpecMessageView)),
)]
pub(super) async fn handle(call: Call, path: Path<(String, i64)>, body: Body<SayAboutSpec>) -> Answer {
    let (project, id) = (call.project_id(&path.0).await?, FeatureId(path.1));
    let message = workflow::add_spec_message(&call.context(), project, id, &body.0.text).await?;
    made(&SpecMessageView::from(message))
}
