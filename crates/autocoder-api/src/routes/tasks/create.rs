//! `POST /projects/{name}/tasks`.

use actix_web::web::Path;
use autocoder_core::ids::FeatureId;
use autocoder_core::view::TaskView;
use autocoder_core::workflow;
use serde::Deserialize;
use utoipa::ToSchema;

use super::Wish;
use crate::body::{Body, told};
use crate::call::Call;
use crate::reply::{Answer, created};

/// What a new task is made from.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CreateTask {
    /// Its name.
    #[schema(example = "Pay by card", min_length = 1, max_length = 255)]
    name: String,
    /// What sort of work it is; left out: `functional`.
    #[serde(default, deserialize_with = "told")]
    #[schema(nullable = false, min_length = 1, max_length = 100)]
    category: Option<String>,
    /// What is to be done.
    #[serde(default)]
    description: String,
    /// How to see that it is done.
    #[serde(default)]
    #[schema(example = json!(["open the cart", "pay", "see the receipt"]), max_items = 200)]
    steps: Vec<String>,
    /// From 1 to 5; left out: 3.
    #[serde(default, deserialize_with = "told")]
    #[schema(nullable = false, minimum = 1, maximum = 5, default = 3)]
    estimated_complexity: Option<u8>,
    /// Lower runs first; left out: 500.
    #[serde(default, deserialize_with = "told")]
    #[schema(nullable = false, minimum = -1000000, maximum = 1000000, default = 500)]
    priority: Option<i32>,
    /// The ids of the tasks that must pass first.
    #[serde(default)]
    #[schema(value_type = Vec<i64>, max_items = 1000)]
    depends_on: Vec<i64>,
    /// Its feature; left out: "Quick tasks" of the active phase, made when there is none.
    #[serde(default, deserialize_with = "told")]
    #[schema(nullable = false)]
    feature_id: Option<FeatureId>,
}

/// Add a task
#[utoipa::path(
    post, path = "/projects/{name}/tasks", operation_id = "createTask",
    params(("name" = String, Path, description = "The project")),
    request_body = CreateTask,
    responses((status = 201, description = "The new task", body = TaskView)),
)]
pub(super) async fn handle(call: Call, path: Path<String>, body: Body<CreateTask>) -> Answer {
    let project = call.project_id(&path).await?;
    let CreateTask { name, category, description, steps, estimated_complexity, priority, depends_on, feature_id } =
        body.0;
    let wish = Wish { name, category, description, steps, estimated_complexity, priority, depends_on };
    let task = workflow::add_task(&call.context(), project, feature_id, wish.into_new(0)).await?;
    let place = format!("/api/projects/{}/tasks/{}", path, task.id);
    created(&call.task(project, task.id).await?, place)
}
