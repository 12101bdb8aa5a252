//! `POST /projects/{name}/tasks/{id}/reopen`.

use actix_web::web::Path;
use autocoder_core::changes::Node;
use autocoder_core::ids::TaskId;
use autocoder_core::view::TaskView;
use autocoder_core::workflow;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::body::OptionalBody;
use crate::call::Call;
use crate::reply::{Answer, shown};

/// Why a task has to be done again.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ReopenTask {
    /// Why; the agent reads it.
    #[serde(default)]
    #[schema(example = "it crashes on an empty cart")]
    reason: String,
}

/// Have a passing or blocked task done (again); its failures start over
#[utoipa::path(
    post, path = "/projects/{name}/tasks/{id}/reopen", operation_id = "reopenTask",
    params(("name" = String, Path, description = "The project"), ("id" = i64, Path, description = "The task")),
    request_body = Option<ReopenTask>,
    responses((status = 200, description = "The task, pending", body = TaskView)),
)]
pub(super) async fn handle(mut call: Call, path: Path<(String, i64)>, body: OptionalBody<ReopenTask>) -> Answer {
    let (project, id) = (call.project_id(&path.0).await?, TaskId(path.1));
    workflow::reopen_task(&call.changing(Node::Task(id))?, project, id, &body.0.reason).await?;
    shown(&call.task(project, id).await?)
}
