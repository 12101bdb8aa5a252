//! `POST /tokens`.

use actix_web::HttpResponse;
use autocoder_core::ids::AgentId;
use autocoder_core::time::Timestamp;
use autocoder_core::token::{Access, AgentTicket, NewToken};
use autocoder_core::view::{NewTokenView, TokenView};
use autocoder_core::workflow;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use crate::Problem;
use crate::body::{Body, told};
use crate::call::Call;
use crate::idempotency::KeptAs;
use crate::reply::Answer;
use crate::security::secret::Secret;

/// What a new token is made from.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CreateToken {
    /// What you call it.
    #[schema(example = "ci", min_length = 1, max_length = 255)]
    name: String,
    /// What its bearer may do.
    access: Access,
    /// The only project it reaches; left out: all. An agent's token needs one.
    #[serde(default, deserialize_with = "told")]
    #[schema(nullable = false, example = "shop")]
    project: Option<String>,
    /// The agent whose claims it may work with; only and always with the access `agent`.
    #[serde(default, deserialize_with = "told")]
    #[schema(nullable = false, min_length = 1, max_length = 63)]
    agent_id: Option<String>,
    /// When it ends by itself.
    #[serde(default, deserialize_with = "told")]
    #[schema(nullable = false)]
    expires_at: Option<Timestamp>,
}

/// Make a token; its secret is shown this once
#[utoipa::path(
    post, path = "/tokens", operation_id = "createToken",
    request_body = CreateToken,
    responses((status = 201, description = "The token with its secret", body = NewTokenView)),
)]
pub(super) async fn handle(call: Call, body: Body<CreateToken>) -> Answer {
    call.must_see_all()?;
    let CreateToken { name, access, project, agent_id, expires_at } = body.0;
    let project = match project {
        Some(name) => Some(call.project_id(&name).await.map_err(|_| no_project(&name))?),
        None => None,
    };
    let secret = Secret::generate().map_err(Problem::internal)?;
    let agent = agent_id.map(|id| AgentTicket { agent: AgentId(id), run: None, claim: None });
    let new = NewToken { name, access, hash: secret.hash(), project, agent, expires_at };
    let token = workflow::create_token(&call.context(), new).await?;
    let secret = secret.issued(token.access, token.id).to_string();
    let place = format!("/api/tokens/{}", token.id);
    let token = TokenView::from(token);
    // The secret is shown once; what is kept for a repetition is without it.
    let kept = NewTokenView { token: token.clone(), secret: String::new() };
    let mut response = HttpResponse::Created();
    let mut response = response.insert_header(("location", place)).json(NewTokenView { token, secret });
    response.extensions_mut().insert(KeptAs(json!(kept).to_string()));
    Ok(response)
}

fn no_project(name: &str) -> Problem {
    Problem::field(
        "project",
        format!("there is no project `{}`", name.chars().take(80).collect::<String>().escape_debug()),
    )
}
