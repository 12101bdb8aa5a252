//! `GET /projects/{name}/events`.

use actix_web::web::Path;
use autocoder_core::event::Event;
use autocoder_core::ids::EventId;
use autocoder_core::view::Page;

use crate::body::Params;
use crate::call::Call;
use crate::reply::{Answer, Part, cursor, limit, plain};

/// What happened in a project, newest first
#[utoipa::path(
    get, path = "/projects/{name}/events", operation_id = "listEvents",
    params(("name" = String, Path, description = "The project"), Part),
    responses((status = 200, description = "A part of the timeline", body = Page<Event>)),
)]
pub(super) async fn handle(call: Call, path: Path<String>, part: Params<Part>) -> Answer {
    let (limit, before) = (limit(part.0.limit)?, cursor(part.0.cursor.as_deref())?);
    let project = call.project_id(&path).await?;
    let mut items = call.store().feed().before(project, before.map(EventId), limit + 1).await?;
    let more = items.len() as u64 > limit;
    items.truncate(items.len() - usize::from(more));
    let next_cursor = items.last().filter(|_| more).map(|event| event.id.to_string());
    plain(&Page { items, next_cursor })
}
