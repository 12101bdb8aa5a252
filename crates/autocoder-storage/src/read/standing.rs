//! Where a project and an agent stand, in one statement.

use std::sync::LazyLock;

use autocoder_core::feature::FeatureStatus;
use autocoder_core::ids::{AgentId, ProjectId};
use autocoder_core::phase::PhaseStatus;
use autocoder_core::ports::Out;
use autocoder_core::scheduler::Standing;
use autocoder_core::task::TaskStatus;
use autocoder_core::time::Timestamp;

use super::{PHASE, PROJECT, TASK};
use crate::entity::{agent, columns, field, phase, project, read, read_outer, task};
use crate::link::Link;

/// An empty agent name, which no agent has, finds no agent, no assigned feature and no held task.
pub(crate) static STANDING: LazyLock<String> = LazyLock::new(|| {
    let (open, held) = (FeatureStatus::Completed.as_str(), TaskStatus::InProgress.as_str());
    format!(
        r#"SELECT {project}, {phase}, {agent}, {task},
            EXISTS (SELECT 1 FROM phases x WHERE x.project_id = p.id) AS has_phases,
            EXISTS (SELECT 1 FROM features x
                WHERE x.project_id = p.id AND x.agent_id = $2 AND x.status <> '{open}') AS scoped,
            EXISTS (SELECT 1 FROM tasks x
                WHERE x.project_id = p.id AND x.lease_expires <= $3 AND x.status = '{held}') AS has_lapsed
        FROM projects p
        LEFT JOIN phases ph ON ph.id = (SELECT x.id FROM phases x
            WHERE x.project_id = p.id AND x.status <> '{approved}' ORDER BY x."order", x.id LIMIT 1)
        LEFT JOIN agents a ON a.project_id = p.id AND a.id = $2
        LEFT JOIN tasks t ON t.id = (SELECT x.id FROM tasks x
            WHERE x.project_id = p.id AND x.lease_expires IS NOT NULL AND x.lease_agent = $2 AND x.status = '{held}'
            ORDER BY x.lease_expires DESC, x.id LIMIT 1)
        WHERE p.id = $1"#,
        project = *PROJECT,
        phase = *PHASE,
        agent = columns::<agent::Entity>("a", "a_"),
        task = *TASK,
        approved = PhaseStatus::Completed.as_str(),
    )
});

pub(crate) async fn standing(
    link: &Link,
    id: ProjectId,
    agent: Option<&AgentId>,
    now: Timestamp,
) -> Out<Option<Standing>> {
    let name = agent.map_or("", |agent| agent.0.as_str());
    let row = link.one("loading where a project stands", &STANDING, [id.0.into(), name.into(), now.0.into()]).await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(Standing {
        project: read::<project::Model, _>(&row, "p_")?,
        active: read_outer::<phase::Model, _>(&row, "ph_")?,
        has_phases: field(&row, "has_phases")?,
        agent: read_outer::<agent::Model, _>(&row, "a_")?,
        scoped: field(&row, "scoped")?,
        held: read_outer::<task::Model, _>(&row, "t_")?,
        has_lapsed: field(&row, "has_lapsed")?,
    }))
}
