//! Rows of notes.

use autocoder_core::ids::{NoteId, PhaseId, ProjectId};
use autocoder_core::note::Note;
use autocoder_core::ports::StoreError;
use autocoder_core::time::Timestamp;
use sea_orm::entity::prelude::*;

use super::value::word;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "notes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    pub project_id: i64,
    pub phase_id: i64,
    pub at: i64,
    pub author: String,
    pub kind: String,
    pub text: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl From<Note> for Model {
    fn from(note: Note) -> Self {
        Self {
            id: note.id.0,
            project_id: note.project.0,
            phase_id: note.phase.0,
            at: note.at.0,
            author: note.author,
            kind: note.kind.to_string(),
            text: note.text,
        }
    }
}

impl TryFrom<Model> for Note {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: NoteId(row.id),
            project: ProjectId(row.project_id),
            phase: PhaseId(row.phase_id),
            at: Timestamp(row.at),
            author: row.author,
            kind: word(&row.kind)?,
            text: row.text,
        })
    }
}
