//! `PUT /projects/{name}/tasks/{id}/dependencies`.

use actix_web::web::Path;
use autocoder_core::changes::Node;
use autocoder_core::ids::TaskId;
use autocoder_core::view::TaskView;
use autocoder_core::workflow;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::body::Body;
use crate::call::Call;
use crate::reply::{Answer, shown};

/// What a task waits for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SetDependencies {
    /// The ids of the tasks that must pass first; empty: none.
    #[schema(max_items = 1000)]
    depends_on: Vec<TaskId>,
}

/// Make a task wait for exactly these others
#[utoipa::path(
    put, path = "/projects/{name}/tasks/{id}/dependencies", operation_id = "setDependencies",
    params(("name" = String, Path, description = "The project"), ("id" = i64, Path, description = "The task")),
    request_body = SetDependencies,
    responses((status = 200, description = "The task", body = TaskView)),
)]
pub(super) async fn handle(mut call: Call, path: Path<(String, i64)>, body: Body<SetDependencies>) -> Answer {
    let (project, id) = (call.project_id(&path.0).await?, TaskId(path.1));
    workflow::set_dependencies(&call.changing(Node::Task(id))?, project, id, body.0.depends_on).await?;
    shown(&call.task(project, id).await?)
}
