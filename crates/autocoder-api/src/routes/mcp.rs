//! `/mcp`: the tools of agents over streamable HTTP. Carries each request to `autocoder-mcp`, and its reply back.

mod sessions;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::{HttpMessage, HttpRequest, HttpResponse, web};
use autocoder_mcp::{McpHttp, McpHttpError, McpResponse};
use bytes::Bytes;
use http_body_util::BodyDataStream;

pub use sessions::{AgentSessions, VerifierOf};

use crate::body::collect;
use crate::limits::within;
use crate::problem::Problem;
use crate::security::Caller;

/// A spec may have 1 MiB; with its escapes it is longer.
const MOST_BYTES: usize = 4 * 1024 * 1024;

/// The resource itself; who asks must be identified before.
pub(crate) fn resource(tools: Arc<McpHttp>) -> actix_web::Resource {
    web::resource("/mcp").app_data(web::Data::from(tools)).default_service(web::to(handle))
}

async fn handle(
    request: HttpRequest,
    tools: web::Data<McpHttp>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let caller = request.extensions().get::<Caller>().cloned().ok_or_else(token_needed)?;
    let token = caller.token.ok_or_else(|| Problem::from(McpHttpError::NotAnAgent))?;
    // A tool may take long, its arguments may not; and nobody is waited for who may not come in.
    let body = within(collect(payload.into_inner(), MOST_BYTES)).await??;
    let response = tools.handle(&token, carried_in(&request, body)?).await?;
    Ok(carried_out(response))
}

/// The request in the types that the MCP SDK knows: actix has older ones of the same names.
fn carried_in(request: &HttpRequest, body: Bytes) -> Result<http::Request<Bytes>, Problem> {
    let start = http::Request::builder().method(request.method().as_str()).uri(request.uri().to_string());
    let headers = request.headers().iter();
    let carried = headers.fold(start, |carried, (name, value)| carried.header(name.as_str(), value.as_bytes()));
    carried.body(body).map_err(|error| Problem::malformed(error.to_string()))
}

fn carried_out(response: McpResponse) -> HttpResponse {
    let (parts, body) = response.into_parts();
    let status = StatusCode::from_u16(parts.status.as_u16()).expect("a status is a status in both");
    let mut carried = HttpResponse::build(status);
    for (name, value) in &parts.headers {
        carried.append_header((name.as_str(), value.as_bytes()));
    }
    carried.streaming(BodyDataStream::new(body))
}

fn token_needed() -> Problem {
    let problem =
        Problem::new(StatusCode::UNAUTHORIZED, "token_needed", "a token is needed: send `Authorization: Bearer …`");
    problem.hint("make one for your agent with `autocoder token create --agent ID --project NAME`")
}

impl From<McpHttpError> for Problem {
    fn from(error: McpHttpError) -> Self {
        let hint = error.hint();
        let problem = match error {
            McpHttpError::Refused(refused) => Self::from(refused),
            McpHttpError::NotAnAgent => Self::new(StatusCode::FORBIDDEN, error.code(), error.to_string()),
        };
        hint.into_iter().fold(problem, Self::hint)
    }
}
