//! `DELETE /projects/{name}/agents/{id}`.

use actix_web::HttpResponse;
use actix_web::web::Path;
use autocoder_core::workflow;

use super::find;
use crate::call::Call;
use crate::reply::Answer;

/// Delete an agent that does not work; its features are everyone's again, its tokens are revoked
#[utoipa::path(
    delete, path = "/projects/{name}/agents/{id}", operation_id = "deleteAgent",
    params(("name" = String, Path, description = "The project"), ("id" = String, Path, description = "The agent")),
    responses((status = 204, description = "It is gone")),
)]
pub(super) async fn handle(call: Call, path: Path<(String, String)>) -> Answer {
    let project = call.project_id(&path.0).await?;
    let agent = find(&call, project, &path.1).await?;
    workflow::delete_agent(&call.context(), project, &agent.id).await?;
    Ok(HttpResponse::NoContent().finish())
}
