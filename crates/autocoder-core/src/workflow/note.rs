//! What agents tell each other: notes on the phase they work in.

use super::Context;
use crate::error::Refused;
use crate::ids::{NoteId, PhaseId, ProjectId};
use crate::note::{NOTES_PER_PHASE, Note, NoteKind, check_note};

/// Writes a note; without a phase it is about the one that is worked on.
///
/// # Errors
/// A blank or too long text; a missing phase, or none that is worked on; a phase that is full of notes.
pub async fn add_note(
    cx: &Context<'_>,
    project: ProjectId,
    phase: Option<PhaseId>,
    kind: NoteKind,
    text: &str,
) -> Result<Note, Refused> {
    check_note(kind, text)?;
    let (mut unit, mut changes) = cx.begin(project).await?;
    let phase = match phase {
        Some(id) => super::phase::find(&mut *unit, id).await?.id,
        None => unit.standing(None).await?.active.ok_or_else(|| Refused::missing("phase", "active"))?.id,
    };
    // The project's lock keeps the count as it is.
    if cx.store.queries().notes(project, Some(phase)).await?.len() >= NOTES_PER_PHASE {
        return Err(Refused::field("text", format!("is one note too many: phase `{phase}` has {NOTES_PER_PHASE}")));
    }
    let id = NoteId(unit.new_ids(1).await?);
    let (at, author) = (changes.now(), cx.actor.to_string());
    let note = Note { id, project, phase, at, author, kind, text: text.trim().to_owned() };
    changes.note(note.clone());
    unit.commit(changes).await?;
    Ok(note)
}
