//! A note of an agent, as people and later agents see it.

use serde::Serialize;

use crate::ids::{NoteId, PhaseId};
use crate::note::{Note, NoteKind};
use crate::time::Timestamp;

/// What one agent tells those who work on the same phase after it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NoteView {
    /// Its id.
    pub id: NoteId,
    /// The phase.
    pub phase_id: PhaseId,
    /// When it was written.
    pub at: Timestamp,
    /// Who wrote it: `person:NAME` or `agent:ID`.
    pub author: String,
    /// What it is about.
    pub kind: NoteKind,
    /// What it says.
    pub text: String,
}

impl From<Note> for NoteView {
    fn from(note: Note) -> Self {
        let Note { id, phase, at, author, kind, text, .. } = note;
        Self { id, phase_id: phase, at, author, kind, text }
    }
}
