//! `PATCH /projects/{name}/tasks/{id}`.

use actix_web::web::Path;
use autocoder_core::changes::Node;
use autocoder_core::ids::TaskId;
use autocoder_core::task::TaskPatch;
use autocoder_core::view::TaskView;
use autocoder_core::workflow;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::body::{Body, told};
use crate::call::Call;
use crate::reply::{Answer, shown};

/// What is changed of a task; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EditTask {
    /// Its name.
    #[serde(default, deserialize_with = "told")]
    #[schema(nullable = false, min_length = 1, max_length = 255)]
    name: Option<String>,
    /// What sort of work it is.
    #[serde(default, deserialize_with = "told")]
    #[schema(nullable = false, min_length = 1, max_length = 100)]
    category: Option<String>,
    /// What is to be done.
    #[serde(default, deserialize_with = "told")]
    #[schema(nullable = false)]
    description: Option<String>,
    /// How to see that it is done.
    #[serde(default, deserialize_with = "told")]
    #[schema(nullable = false, example = json!(["open the cart", "pay"]), max_items = 200)]
    steps: Option<Vec<String>>,
    /// From 1 to 5.
    #[serde(default, deserialize_with = "told")]
    #[schema(nullable = false, minimum = 1, maximum = 5)]
    estimated_complexity: Option<u8>,
    /// Lower runs first.
    #[serde(default, deserialize_with = "told")]
    #[schema(nullable = false, minimum = -1000000, maximum = 1000000)]
    priority: Option<i32>,
}

/// Change some fields of a task
#[utoipa::path(
    patch, path = "/projects/{name}/tasks/{id}", operation_id = "editTask",
    params(("name" = String, Path, description = "The project"), ("id" = i64, Path, description = "The task")),
    request_body = EditTask,
    responses((status = 200, description = "The task", body = TaskView)),
)]
pub(super) async fn handle(mut call: Call, path: Path<(String, i64)>, body: Body<EditTask>) -> Answer {
    let (project, id) = (call.project_id(&path.0).await?, TaskId(path.1));
    let EditTask { name, category, description, steps, estimated_complexity: complexity, priority } = body.0;
    let patch = TaskPatch { name, category, description, steps, complexity, priority };
    workflow::edit_task(&call.changing(Node::Task(id))?, project, id, patch).await?;
    shown(&call.task(project, id).await?)
}
