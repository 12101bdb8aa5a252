//! `POST /projects/{name}/features/{id}/assign`.

use actix_web::web::Path;
use autocoder_core::agent::RunnerKind;
use autocoder_core::changes::Node;
use autocoder_core::ids::{AgentId, FeatureId};
use autocoder_core::view::FeatureView;
use autocoder_core::workflow;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::body::{OptionalBody, told};
use crate::call::{Call, checked_agent};
use crate::problem::Problem;
use crate::reply::{Answer, shown};

/// Who works on a feature.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AssignFeature {
    /// The agent, registered when nobody knew it; null: everyone again; left out: a new agent.
    #[serde(default, deserialize_with = "told")]
    #[schema(value_type = Option<String>, example = "coder-1", pattern = "^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$")]
    agent_id: Option<Option<AgentId>>,
    /// What drives the new agent; left out: Claude Code.
    #[serde(default, deserialize_with = "told")]
    #[schema(nullable = false)]
    runner: Option<RunnerKind>,
}

/// Give a feature to an agent; to a new one, which starts when the project runs, if none is named
#[utoipa::path(
    post, path = "/projects/{name}/features/{id}/assign", operation_id = "assignFeature",
    params(("name" = String, Path, description = "The project"), ("id" = i64, Path, description = "The feature")),
    request_body = Option<AssignFeature>,
    responses((status = 200, description = "The feature with its agent", body = FeatureView)),
)]
pub(super) async fn handle(mut call: Call, path: Path<(String, i64)>, body: OptionalBody<AssignFeature>) -> Answer {
    let (project, id) = (call.project_id(&path.0).await?, FeatureId(path.1));
    let cx = call.changing(Node::Feature(id))?;
    match (body.0.agent_id, body.0.runner) {
        (None, runner) => {
            let runner = runner.unwrap_or(RunnerKind::ClaudeCode);
            workflow::assign_feature_to_new(&cx, project, id, runner).await?;
        }
        (Some(_), Some(_)) => return Err(Problem::field("runner", "goes only with a new agent; leave `agent_id` out")),
        (Some(agent), None) => {
            agent.as_ref().map_or(Ok(()), |agent| checked_agent("agent_id", &agent.0))?;
            workflow::assign_feature(&cx, project, id, agent).await?;
        }
    }
    shown(&call.whole_feature(project, id).await?)
}
