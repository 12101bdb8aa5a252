//! A note: what one agent tells those who work on the same phase after it.

use crate::ids::{NoteId, PhaseId, ProjectId};
use crate::limits::{Checks, InvalidField};
use crate::time::Timestamp;
use crate::vocabulary::closed_enum;

/// The longest decision or interface, in bytes; every later agent of the phase may pay for it.
pub const NOTE_BYTES: usize = 2_000;
/// The longest report, in bytes.
pub const REPORT_BYTES: usize = 64 * 1024;
/// The most notes of one phase.
pub const NOTES_PER_PHASE: usize = 200;

closed_enum! {
    /// What a note is about.
    NoteKind, "note kind" {
        /// What was decided, and why.
        Decision = "decision",
        /// How parts fit together: names, formats, addresses.
        Interface = "interface",
        /// A reviewer's report on the phase, for the person who approves it.
        Report = "report",
    }
}

/// What one agent tells those who work on the same phase after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Its id.
    pub id: NoteId,
    /// The project.
    pub project: ProjectId,
    /// The phase.
    pub phase: PhaseId,
    /// When it was written.
    pub at: Timestamp,
    /// Who wrote it: `person:NAME` or `agent:ID`.
    pub author: String,
    /// What it is about.
    pub kind: NoteKind,
    /// What it says.
    pub text: String,
}

/// Checks the text of a note.
///
/// # Errors
/// The rule it breaks.
pub fn check_note(kind: NoteKind, text: &str) -> Result<(), Vec<InvalidField>> {
    let most = match kind {
        NoteKind::Decision | NoteKind::Interface => NOTE_BYTES,
        NoteKind::Report => REPORT_BYTES,
    };
    let mut checks = Checks::default();
    checks.required_text("text", text, most);
    checks.finish()
}
