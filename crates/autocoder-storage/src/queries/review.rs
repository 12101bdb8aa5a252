//! The tasks of a phase as a person at its gate looks at them.

use autocoder_core::ids::{PhaseId, ProjectId};
use autocoder_core::ports::Out;
use autocoder_core::task::{Evidence, Task};
use autocoder_core::view::{ReviewedTask, TaskCard};
use sea_orm::QueryResult;

use crate::entity::{columns, evidence, field, read, task};
use crate::link::Link;
use crate::read::TASK;

pub(super) async fn review(link: &Link, project: ProjectId, phase: PhaseId, limit: u64) -> Out<Vec<ReviewedTask>> {
    let sql = format!(
        "SELECT {}, {} FROM tasks t LEFT JOIN evidence e \
         ON e.id = (SELECT MAX(newest.id) FROM evidence newest WHERE newest.task_id = t.id) \
         WHERE t.project_id = $1 AND t.feature_id IN (SELECT id FROM features WHERE phase_id = $2) \
         ORDER BY t.id LIMIT $3",
        *TASK,
        columns::<evidence::Entity>("e", "e_")
    );
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = link.all("loading a review", &sql, [project.0.into(), phase.0.into(), limit.into()]).await?;
    rows.iter().map(reviewed).collect()
}

fn reviewed(row: &QueryResult) -> Out<ReviewedTask> {
    let task: Task = read::<task::Model, _>(row, "t_")?;
    let found: Option<i64> = field(row, "e_id")?;
    let evidence: Option<Evidence> = found.map(|_| read::<evidence::Model, _>(row, "e_")).transpose()?;
    Ok(ReviewedTask {
        failures: task.failures,
        skip_count: task.skip_count,
        blocked_reason: task.blocked_reason.clone(),
        evidence: evidence.map(Into::into),
        card: TaskCard::of(task),
    })
}
