//! `POST /projects/{name}/tasks/{id}/answer`.

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

/// What a person answers.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AnswerTask {
    /// The answer: one of the question's choices, or other words.
    #[schema(example = "use PostgreSQL", min_length = 1)]
    text: String,
}

/// Answer the question of a task; agents can go on with it
#[utoipa::path(
    post, path = "/projects/{name}/tasks/{id}/answer", operation_id = "answerTask",
    params(("name" = String, Path, description = "The project"), ("id" = i64, Path, description = "The task")),
    request_body = AnswerTask,
    responses((status = 200, description = "The task, pending", body = TaskView)),
)]
pub(super) async fn handle(mut call: Call, path: Path<(String, i64)>, body: Body<AnswerTask>) -> Answer {
    let (project, id) = (call.project_id(&path.0).await?, TaskId(path.1));
    workflow::answer_task(&call.changing(Node::Task(id))?, project, id, &body.0.text).await?;
    shown(&call.task(project, id).await?)
}
