//! `GET /events`.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use autocoder_core::ids::{EventId, ProjectId};
use futures_util::StreamExt;
use serde::Deserialize;

use crate::body::Params;
use crate::call::Call;
use crate::live::{Hub, Start, streamed, subscribe};
use crate::problem::Problem;
use crate::reply::Answer;
use crate::security::over;

/// Which events are wanted.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Wanted {
    /// Only events of this project.
    #[param(nullable = false)]
    project: Option<String>,
    /// The same as `Last-Event-ID`, for clients that cannot set headers.
    #[param(nullable = false, minimum = 0)]
    after: Option<i64>,
}

/// Follow what happens, as server-sent events
///
/// Each has `id`, `event` (the kind) and `data` (an Event as JSON). Who comes back with `Last-Event-ID` misses nothing;
/// `event: resync` says that too much was missed: read everything anew. A comment with the id comes every 15 seconds.
#[utoipa::path(
    get, path = "/events", operation_id = "followEvents",
    params(
        Wanted,
        ("Last-Event-ID" = Option<i64>, Header, description = "The last event that was seen; left out: begin now"),
    ),
    responses((status = 200, description = "Events until somebody hangs up", body = String,
        content_type = "text/event-stream")),
)]
pub(super) async fn handle(call: Call, hub: web::Data<Hub>, request: HttpRequest, wanted: Params<Wanted>) -> Answer {
    let start = start(&request, wanted.0.after)?;
    let project = project(&call, wanted.0.project.as_deref()).await?;
    let hub = hub.into_inner();
    let stream = subscribe(&hub, project, start).await?;
    let stopping = || Problem::new(StatusCode::SERVICE_UNAVAILABLE, "stopping", "the server stops");
    Ok(streamed(stream.ok_or_else(stopping)?.take_until(Box::pin(over(hub, call.caller.token)))))
}

/// The project asked for; a caller that is bound to one sees only that.
async fn project(call: &Call, name: Option<&str>) -> Result<Option<ProjectId>, Problem> {
    match name {
        Some(name) => Ok(Some(call.project_id(name).await?)),
        None => Ok(call.caller.project),
    }
}

fn start(request: &HttpRequest, after: Option<i64>) -> Result<Start, Problem> {
    let refused = |field| Problem::field(field, "must be the id of an event: a whole number, 0 or more");
    let header = request.headers().get("last-event-id");
    let sent = header.map(|value| value.to_str().ok().and_then(|text| text.parse().ok()));
    match (sent, after) {
        (Some(Some(id @ 0..)), _) | (None, Some(id @ 0..)) => Ok(Start::After(EventId(id))),
        (Some(_), _) => Err(refused("Last-Event-ID")),
        (None, Some(_)) => Err(refused("after")),
        (None, None) => Ok(Start::Now),
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn the_header_counts_before_the_query_and_both_are_checked() {
        let after = |id| Some(Start::After(EventId(id)));
        let cases: [(Option<&str>, Option<i64>, Option<Start>); 9] = [
            (None, None, Some(Start::Now)),
            (Some("7"), None, after(7)),
            (Some("7"), Some(3), after(7)),
            (None, Some(0), after(0)),
            (None, Some(-1), None),
            (Some(""), None, None),
            (Some("-1"), Some(1), None),
            (Some("1e3"), None, None),
            (Some("9223372036854775808"), None, None),
        ];
        for (header, query, expected) in cases {
            let request =
                header.iter().fold(TestRequest::get(), |request, id| request.insert_header(("Last-Event-ID", *id)));
            let found = start(&request.to_http_request(), query);
            assert_eq!(found.as_ref().ok(), expected.as_ref(), "{header:?} {query:?}");
            assert!(found.map_or_else(|problem| problem.status == 422, |_| true));
        }
    }
}
