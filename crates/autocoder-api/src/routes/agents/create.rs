//! `POST /projects/{name}/agents`.

use actix_web::HttpResponse;
use actix_web::http::header::LOCATION;
use actix_web::web::Path;
use autocoder_core::agent::{AgentOptions, Role, RunnerKind};
use autocoder_core::error::Refused;
use autocoder_core::ids::AgentId;
use autocoder_core::token::Access;
use autocoder_core::view::AgentView;
use autocoder_core::workflow::{self, AgentPatch};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::body::{Body, told, told_fields};
use crate::call::{Call, checked_agent};
use crate::reply::Answer;

/// What a new agent is made from.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CreateAgent {
    /// Its name.
    #[schema(example = "coder-1", pattern = "^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$")]
    id: String,
    /// What it is for; left out: it works on tasks.
    #[serde(default, deserialize_with = "told")]
    #[schema(nullable = false)]
    role: Option<Role>,
    /// What drives it; left out: Claude Code.
    #[serde(default, deserialize_with = "told")]
    #[schema(nullable = false)]
    runner: Option<RunnerKind>,
    /// The model it asks for; left out: the runner's own choice.
    #[serde(default, deserialize_with = "told")]
    #[schema(nullable = false, example = "opus", max_length = 255)]
    model: Option<String>,
    /// What drives it beside that; a command needs the access `admin`.
    #[serde(default, deserialize_with = "told_fields")]
    #[schema(nullable = false)]
    options: Option<AgentOptions>,
}

/// Add an agent; it works when it is started
#[utoipa::path(
    post, path = "/projects/{name}/agents", operation_id = "createAgent",
    params(("name" = String, Path, description = "The project")),
    request_body = CreateAgent,
    responses((status = 201, description = "The new agent", body = AgentView)),
)]
pub(super) async fn handle(call: Call, path: Path<String>, body: Body<CreateAgent>) -> Answer {
    let project = call.project_id(&path).await?;
    let CreateAgent { id, role, runner, model, options } = body.0;
    if options.as_ref().is_some_and(|options| !options.command.is_empty()) {
        call.must_have(Access::Admin)?;
    }
    checked_agent("id", &id)?;
    let id = AgentId(id);
    if call.queries().agents(project).await?.iter().any(|agent| agent.id == id) {
        return Err(Refused::NameTaken { noun: "agent", name: id.0 }.into());
    }
    let runner = Some(runner.unwrap_or(RunnerKind::ClaudeCode));
    let patch = AgentPatch { role, runner, model, options, wanted: None };
    let agent = workflow::register_agent(&call.context(), project, &id, patch).await?;
    let place = format!("/api/projects/{}/agents/{}", path, agent.id);
    Ok(HttpResponse::Created().insert_header((LOCATION, place)).json(AgentView::from(agent)))
}
