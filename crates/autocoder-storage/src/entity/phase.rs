//! Rows of phases.

use autocoder_core::ids::{PhaseId, ProjectId};
use autocoder_core::phase::{Decision, Phase};
use autocoder_core::ports::StoreError;
use autocoder_core::time::Timestamp;
use sea_orm::entity::prelude::*;

use super::value::word;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "phases")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    pub project_id: i64,
    pub key: String,
    pub name: String,
    pub description: String,
    pub order: i32,
    pub status: String,
    pub created_at: i64,
    pub started_at: Option<i64>,
    pub completed_at: Option<i64>,
    pub decision_by: Option<String>,
    pub decision_at: Option<i64>,
    pub decision_note: Option<String>,
    pub version: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl From<Phase> for Model {
    fn from(phase: Phase) -> Self {
        let decision = phase.decision;
        Self {
            id: phase.id.0,
            project_id: phase.project.0,
            key: phase.key,
            name: phase.name,
            description: phase.description,
            order: phase.order,
            status: phase.status.to_string(),
            created_at: phase.created_at.0,
            started_at: phase.started_at.map(|at| at.0),
            completed_at: phase.completed_at.map(|at| at.0),
            decision_at: decision.as_ref().map(|decision| decision.at.0),
            decision_by: decision.as_ref().map(|decision| decision.by.clone()),
            decision_note: decision.map(|decision| decision.note),
            version: phase.version,
        }
    }
}

impl TryFrom<Model> for Phase {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        let decision = row.decision_by.zip(row.decision_at).zip(row.decision_note);
        Ok(Self {
            id: PhaseId(row.id),
            project: ProjectId(row.project_id),
            key: row.key,
            name: row.name,
            description: row.description,
            order: row.order,
            status: word(&row.status)?,
            created_at: Timestamp(row.created_at),
            started_at: row.started_at.map(Timestamp),
            completed_at: row.completed_at.map(Timestamp),
            decision: decision.map(|((by, at), note)| Decision { by, at: Timestamp(at), note }),
            version: row.version,
        })
    }
}
