//! `POST /projects/{name}/agents/{id}/pause`.

use actix_web::web::Path;
use autocoder_core::agent::Wanted;
use autocoder_core::view::AgentView;

use super::want;
use crate::call::Call;
use crate::reply::Answer;

/// Have an agent finish the task at hand and take no other
#[utoipa::path(
    post, path = "/projects/{name}/agents/{id}/pause", operation_id = "pauseAgent",
    params(("name" = String, Path, description = "The project"), ("id" = String, Path, description = "The agent")),
    responses((status = 200, description = "The agent, which follows in a moment", body = AgentView)),
)]
pub(super) async fn handle(call: Call, path: Path<(String, String)>) -> Answer {
    want(&path, &call, Wanted::Paused).await
}
