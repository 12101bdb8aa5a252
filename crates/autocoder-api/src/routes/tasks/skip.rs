//! `PATCH /projects/{name}/tasks/{id}/skip`.

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

/// Why a task is put off.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SkipTask {
    /// Why.
    #[serde(default)]
    #[schema(example = "the design is not there yet")]
    reason: String,
}

/// Put a task behind every other one of its feature; one that an agent holds is taken from it
#[utoipa::path(
    patch, path = "/projects/{name}/tasks/{id}/skip", operation_id = "skipTask",
    params(("name" = String, Path, description = "The project"), ("id" = i64, Path, description = "The task")),
    request_body = Option<SkipTask>,
    responses((status = 200, description = "The task, pending", body = TaskView)),
)]
pub(super) async fn handle(mut call: Call, path: Path<(String, i64)>, body: OptionalBody<SkipTask>) -> Answer {
    let (project, id) = (call.project_id(&path.0).await?, TaskId(path.1));
    workflow::skip_task_as_person(&call.changing(Node::Task(id))?, project, id, &body.0.reason).await?;
    shown(&call.task(project, id).await?)
}
