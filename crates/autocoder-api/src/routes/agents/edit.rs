//! `PATCH /projects/{name}/agents/{id}`.

use actix_web::web::Path;
use autocoder_core::agent::{AgentOptions, Role, RunnerKind};
use autocoder_core::token::Access;
use autocoder_core::view::AgentView;
use autocoder_core::workflow::{self, AgentPatch};
use serde::Deserialize;
use utoipa::ToSchema;

use super::find;
use crate::body::{Body, told, told_fields};
use crate::call::Call;
use crate::reply::{Answer, plain};

/// What is changed of an agent; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EditAgent {
    /// What it is for.
    #[serde(default, deserialize_with = "told")]
    #[schema(nullable = false)]
    role: Option<Role>,
    /// What drives it.
    #[serde(default, deserialize_with = "told")]
    #[schema(nullable = false)]
    runner: Option<RunnerKind>,
    /// The model it asks for; empty: the runner's own choice.
    #[serde(default, deserialize_with = "told")]
    #[schema(nullable = false, max_length = 255)]
    model: Option<String>,
    /// What drives it beside that, as a whole; another command or isolation needs the access `admin`.
    #[serde(default, deserialize_with = "told_fields")]
    #[schema(nullable = false)]
    options: Option<AgentOptions>,
}

/// Change some fields of an agent; its command and isolation need the access `admin`
#[utoipa::path(
    patch, path = "/projects/{name}/agents/{id}", operation_id = "editAgent",
    params(("name" = String, Path, description = "The project"), ("id" = String, Path, description = "The agent")),
    request_body = EditAgent,
    responses((status = 200, description = "The agent", body = AgentView)),
)]
pub(super) async fn handle(call: Call, path: Path<(String, String)>, body: Body<EditAgent>) -> Answer {
    let project = call.project_id(&path.0).await?;
    let agent = find(&call, project, &path.1).await?;
    let EditAgent { role, runner, model, options } = body.0;
    if options.as_ref().is_some_and(|options| options.decides_otherwise(&agent.options)) {
        call.must_have(Access::Admin)?;
    }
    let patch = AgentPatch { role, runner, model, options, wanted: None };
    plain(&AgentView::from(workflow::edit_agent(&call.context(), project, &agent.id, patch).await?))
}
