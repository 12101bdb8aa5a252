//! Dependencies between tasks, followed both ways.

use autocoder_core::ids::{ProjectId, TaskId};
use autocoder_core::ports::Out;
use autocoder_core::task::{Edge, Task};

use super::{TASK, every};
use crate::entity::{edge, field, read, task};
use crate::link::{Link, id_list, id_values};

pub(crate) async fn dependents(link: &Link, project: ProjectId, of: &[TaskId]) -> Out<Vec<(Task, i32)>> {
    let sql = format!(
        "SELECT {}, met.number AS number FROM (SELECT task_id, COUNT(*) AS number FROM task_dependencies \
         WHERE depends_on_id IN {} GROUP BY task_id) met JOIN tasks t ON t.id = met.task_id \
         WHERE t.project_id = $2 ORDER BY t.id",
        *TASK,
        id_list(link.backend(), 1)
    );
    let values = [id_values(of.iter().map(|id| id.0)), project.0.into()];
    let rows = link.all("loading dependent tasks", &sql, values).await?;
    let count = |row| field::<i64>(row, "number").map(|number| i32::try_from(number).unwrap_or(i32::MAX));
    rows.iter().map(|row| Ok((read::<task::Model, _>(row, "t_")?, count(row)?))).collect()
}

pub(crate) async fn upstream(link: &Link, project: ProjectId, from: &[TaskId]) -> Out<Vec<Edge>> {
    let sql = format!(
        "WITH RECURSIVE met (task_id, depends_on_id) AS ( \
         SELECT d.task_id, d.depends_on_id FROM task_dependencies d JOIN tasks t ON t.id = d.task_id \
         WHERE d.task_id IN {} AND t.project_id = $2 \
         UNION SELECT d.task_id, d.depends_on_id FROM met JOIN task_dependencies d ON d.task_id = met.depends_on_id) \
         SELECT task_id, depends_on_id FROM met ORDER BY task_id, depends_on_id",
        id_list(link.backend(), 1)
    );
    let values = [id_values(from.iter().map(|id| id.0)), project.0.into()];
    every::<edge::Model, _>(&link.all("following dependencies", &sql, values).await?, "")
}
