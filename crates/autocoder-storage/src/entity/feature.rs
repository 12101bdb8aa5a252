//! Rows of features.

use autocoder_core::feature::{Feature, Tally};
use autocoder_core::ids::{AgentId, FeatureId, PhaseId, ProjectId};
use autocoder_core::ports::StoreError;
use autocoder_core::time::Timestamp;
use sea_orm::entity::prelude::*;

use super::value::word;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "features")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    pub project_id: i64,
    pub phase_id: i64,
    pub key: String,
    pub name: String,
    pub description: String,
    pub spec: Option<String>,
    pub spec_requested_at: Option<i64>,
    pub status: String,
    pub priority: i32,
    pub eligible_since: i64,
    pub agent_id: Option<String>,
    pub created_at: i64,
    pub completed_at: Option<i64>,
    pub tasks: i32,
    pub ready: i32,
    pub in_progress: i32,
    pub passing: i32,
    pub last_priority: i32,
    pub rank: i64,
    pub fresh: i32,
    pub version: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl From<Feature> for Model {
    fn from(feature: Feature) -> Self {
        Self {
            rank: feature.rank(),
            fresh: feature.is_fresh().into(),
            id: feature.id.0,
            project_id: feature.project.0,
            phase_id: feature.phase.0,
            key: feature.key,
            name: feature.name,
            description: feature.description,
            spec: feature.spec,
            spec_requested_at: feature.spec_requested_at.map(|at| at.0),
            status: feature.status.to_string(),
            priority: feature.priority,
            eligible_since: feature.eligible_since.0,
            agent_id: feature.agent.map(|agent| agent.0),
            created_at: feature.created_at.0,
            completed_at: feature.completed_at.map(|at| at.0),
            tasks: feature.tally.tasks,
            ready: feature.tally.ready,
            in_progress: feature.tally.in_progress,
            passing: feature.tally.passing,
            last_priority: feature.last_priority,
            version: feature.version,
        }
    }
}

impl TryFrom<Model> for Feature {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: FeatureId(row.id),
            project: ProjectId(row.project_id),
            phase: PhaseId(row.phase_id),
            key: row.key,
            name: row.name,
            description: row.description,
            spec: row.spec,
            spec_requested_at: row.spec_requested_at.map(Timestamp),
            status: word(&row.status)?,
            priority: row.priority,
            eligible_since: Timestamp(row.eligible_since),
            agent: row.agent_id.map(AgentId),
            created_at: Timestamp(row.created_at),
            completed_at: row.completed_at.map(Timestamp),
            tally: Tally { tasks: row.tasks, ready: row.ready, in_progress: row.in_progress, passing: row.passing },
            last_priority: row.last_priority,
            version: row.version,
        })
    }
}
