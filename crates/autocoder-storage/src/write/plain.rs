//! Writes projects, phases and agents, and deletes.

use autocoder_core::agent::Agent;
use autocoder_core::changes::{Node, Row};
use autocoder_core::ids::{AgentId, ProjectId};
use autocoder_core::phase::Phase;
use autocoder_core::ports::{Out, StoreError};
use autocoder_core::project::{CrewLease, Project};
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, Iterable, QueryFilter};

use super::{insert, sorted, update};
use crate::entity::{agent, phase, project};
use crate::link::Link;

pub(super) async fn projects(link: &Link, rows: Vec<Row<Project>>) -> Out<()> {
    let (new, changed) = sorted(rows, |project| project.id.0);
    for row in new {
        let name = row.name.clone();
        let row = project::Model::from(row).into_active_model();
        insert(link, "writing a project", std::iter::once(row)).await.map_err(|error| match error {
            StoreError::Taken { .. } => StoreError::Taken { noun: "project", name },
            other => other,
        })?;
    }
    for (id, row) in changed {
        let version = row.version;
        let row = project::ActiveModel {
            id: NotSet,
            crew_holder: NotSet,
            crew_expires: NotSet,
            version: Set(version + 1),
            ..project::Model::from(row).into_active_model().reset_all()
        };
        let query = project::Entity::update_many().set(row);
        let query = query.filter(project::Column::Id.eq(id)).filter(project::Column::Version.eq(version));
        update(link, "project", id, query).await?;
    }
    Ok(())
}

pub(super) async fn crews(link: &Link, crews: Vec<(ProjectId, Option<CrewLease>)>) -> Out<()> {
    for (id, lease) in crews {
        let (holder, expires) = lease.map(|lease| (lease.holder, lease.expires.0)).unzip();
        let sql = "UPDATE projects SET crew_holder = $2, crew_expires = $3 WHERE id = $1";
        link.run("writing a crew", sql, [id.0.into(), holder.into(), expires.into()]).await?;
    }
    Ok(())
}

pub(super) async fn phases(link: &Link, rows: Vec<Row<Phase>>) -> Out<()> {
    let (new, changed) = sorted(rows, |phase| phase.id.0);
    insert(link, "writing phases", new.into_iter().map(|row| phase::Model::from(row).into_active_model())).await?;
    for (id, row) in changed {
        let version = row.version;
        let row = phase::ActiveModel {
            id: NotSet,
            version: Set(version + 1),
            ..phase::Model::from(row).into_active_model().reset_all()
        };
        let query = phase::Entity::update_many().set(row);
        let query = query.filter(phase::Column::Id.eq(id)).filter(phase::Column::Version.eq(version));
        update(link, "phase", id, query).await?;
    }
    Ok(())
}

pub(super) async fn agents(link: &Link, agents: Vec<Agent>) -> Out<()> {
    let keys = [agent::Column::ProjectId, agent::Column::Id];
    for row in agents {
        let row = agent::Model::from(row).into_active_model();
        let over = OnConflict::columns(keys).update_columns(agent::Column::iter().skip(keys.len())).to_owned();
        link.run_built("writing an agent", &agent::Entity::insert_many([row]).on_conflict(over)).await?;
    }
    Ok(())
}

pub(super) async fn delete_agents(link: &Link, agents: Vec<(ProjectId, AgentId)>) -> Out<()> {
    for (project, agent) in agents {
        let sql = "DELETE FROM agents WHERE project_id = $1 AND id = $2";
        link.run("deleting an agent", sql, [project.0.into(), agent.0.into()]).await?;
    }
    Ok(())
}

/// Foreign keys take everything below along.
pub(super) async fn delete(link: &Link, nodes: &[Node]) -> Out<()> {
    for node in nodes {
        let (sql, id) = match node {
            Node::Project(id) => ("DELETE FROM projects WHERE id = $1", id.0),
            Node::Phase(id) => ("DELETE FROM phases WHERE id = $1", id.0),
            Node::Feature(id) => ("DELETE FROM features WHERE id = $1", id.0),
            Node::Task(id) => ("DELETE FROM tasks WHERE id = $1", id.0),
            Node::Webhook(id) => ("DELETE FROM webhooks WHERE id = $1", id.0),
            Node::Budget(id) => ("DELETE FROM budgets WHERE id = $1", id.0),
            Node::Schedule(id) => ("DELETE FROM schedules WHERE id = $1", id.0),
        };
        link.run("deleting", sql, [id.into()]).await?;
    }
    Ok(())
}
