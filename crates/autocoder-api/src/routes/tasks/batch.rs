//! `POST /projects/{name}/tasks/batch`.

use actix_web::web::Path;
use autocoder_core::changes::Node;
use autocoder_core::ids::FeatureId;
use autocoder_core::workflow;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{MadeTasks, Wish};
use crate::body::{Body, told};
use crate::call::Call;
use crate::reply::{Answer, made};

/// New tasks of one feature.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CreateTasks {
    /// Their feature.
    feature_id: FeatureId,
    /// The tasks.
    #[schema(min_items = 1, max_items = 1000)]
    tasks: Vec<BatchTask>,
}

/// One of them.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct BatchTask {
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
    /// What must pass first: a number below the length of `tasks` is a place in it, from 0; any other is a task's id.
    #[serde(default)]
    #[schema(max_items = 1000)]
    depends_on: Vec<i64>,
}

impl From<BatchTask> for Wish {
    fn from(task: BatchTask) -> Self {
        let BatchTask { name, category, description, steps, estimated_complexity, priority, depends_on } = task;
        Self { name, category, description, steps, estimated_complexity, priority, depends_on }
    }
}

/// Add tasks to a feature, all or none; it becomes ready
#[utoipa::path(
    post, path = "/projects/{name}/tasks/batch", operation_id = "createTasks",
    params(("name" = String, Path, description = "The project")),
    request_body = CreateTasks,
    responses((status = 201, description = "The new tasks, in their order", body = MadeTasks)),
)]
pub(super) async fn handle(mut call: Call, path: Path<String>, body: Body<CreateTasks>) -> Answer {
    let project = call.project_id(&path).await?;
    let CreateTasks { feature_id, tasks } = body.0;
    let siblings = tasks.len();
    let new = tasks.into_iter().map(|task| Wish::from(task).into_new(siblings)).collect();
    let cx = call.changing(Node::Feature(feature_id))?;
    made(&MadeTasks::of(workflow::create_tasks(&cx, project, feature_id, new).await?))
}
