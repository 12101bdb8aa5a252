//! `GET /projects/{name}/notes`.

use actix_web::web::Path;
use autocoder_core::ids::PhaseId;
use autocoder_core::view::{NoteView, Page};
use serde::Deserialize;

use crate::body::Params;
use crate::call::Call;
use crate::reply::{Answer, Part, plain};

/// Which notes are wanted.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Wanted {
    /// Only those of this phase.
    #[param(nullable = false)]
    phase_id: Option<i64>,
    /// At most so many, 1 to 1000.
    #[param(minimum = 1, maximum = 1000, default = 100, nullable = false)]
    limit: Option<u64>,
    /// Where to go on: the `next_cursor` of the part before.
    #[param(nullable = false)]
    cursor: Option<String>,
}

/// What agents told those who come after them, and reports on phases, oldest first
#[utoipa::path(
    get, path = "/projects/{name}/notes", operation_id = "listNotes",
    params(("name" = String, Path, description = "The project"), Wanted),
    responses((status = 200, description = "A part of the notes", body = Page<NoteView>)),
)]
pub(super) async fn handle(call: Call, path: Path<String>, wanted: Params<Wanted>) -> Answer {
    let Wanted { phase_id, limit, cursor } = wanted.0;
    let project = call.project_id(&path).await?;
    let phase = match phase_id {
        Some(id) => Some(call.phase(project, PhaseId(id)).await?.id),
        None => None,
    };
    let notes = call.queries().notes(project, phase).await?.into_iter().map(NoteView::from).collect();
    plain(&Part { limit, cursor }.of(notes, |note: &NoteView| note.id.to_string())?)
}
