//! Rows of projects.

use autocoder_core::ids::ProjectId;
use autocoder_core::ports::StoreError;
use autocoder_core::project::{CrewLease, Project};
use autocoder_core::time::Timestamp;
use sea_orm::entity::prelude::*;

use super::value::{from_json, to_json, word};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "projects")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    pub name: String,
    pub title: String,
    pub path: String,
    pub description: String,
    pub spec: Option<String>,
    pub status: String,
    pub settings: String,
    pub crew_holder: Option<String>,
    pub crew_expires: Option<i64>,
    pub created_at: i64,
    pub version: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl From<Project> for Model {
    fn from(project: Project) -> Self {
        let (crew_holder, crew_expires) = project.crew.map(|crew| (crew.holder, crew.expires.0)).unzip();
        Self {
            id: project.id.0,
            name: project.name,
            title: project.title,
            path: project.path,
            description: project.description,
            spec: project.spec,
            status: project.status.to_string(),
            settings: to_json(&project.settings),
            crew_holder,
            crew_expires,
            created_at: project.created_at.0,
            version: project.version,
        }
    }
}

impl TryFrom<Model> for Project {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        let crew = row.crew_holder.zip(row.crew_expires);
        Ok(Self {
            id: ProjectId(row.id),
            name: row.name,
            title: row.title,
            path: row.path,
            description: row.description,
            spec: row.spec,
            status: word(&row.status)?,
            settings: from_json(&row.settings)?,
            crew: crew.map(|(holder, expires)| CrewLease { holder, expires: Timestamp(expires) }),
            created_at: Timestamp(row.created_at),
            version: row.version,
        })
    }
}
