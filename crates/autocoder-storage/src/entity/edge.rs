//! Rows of dependencies between tasks.

use autocoder_core::ids::TaskId;
use autocoder_core::ports::StoreError;
use autocoder_core::task::Edge;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "task_dependencies")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub task_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub depends_on_id: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl From<Edge> for Model {
    fn from(edge: Edge) -> Self {
        Self { task_id: edge.task.0, depends_on_id: edge.depends_on.0 }
    }
}

impl TryFrom<Model> for Edge {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        Ok(Self { task: TaskId(row.task_id), depends_on: TaskId(row.depends_on_id) })
    }
}
