//! `GET /projects/{name}/features/{id}/spec/messages`.

use actix_web::web::Path;
use autocoder_core::ids::FeatureId;
use autocoder_core::view::{Page, SpecMessageView};

use crate::body::Params;
use crate::call::Call;
use crate::reply::{Answer, Part, plain};

/// The conversation about a feature's spec, oldest first
#[utoipa::path(
    get, path = "/projects/{name}/features/{id}/spec/messages", operation_id = "listSpecMessages",
    params(("name" = String, Path, description = "The project"), ("id" = i64, Path, description = "The feature"), Part),
    responses((status = 200, description = "A part of the messages", body = Page<SpecMessageView>)),
)]
pub(super) async fn handle(call: Call, path: Path<(String, i64)>, part: Params<Part>) -> Answer {
    let project = call.project_id(&path.0).await?;
    let feature = call.feature(project, FeatureId(path.1)).await?.id;
    let messages = call.queries().spec_messages(project, feature).await?;
    let messages = messages.into_iter().map(SpecMessageView::from).collect();
    plain(&part.0.of(messages, |message: &SpecMessageView| message.id.to_string())?)
}
