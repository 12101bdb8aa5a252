//! What agents hold, with what their runs took up to now.

use autocoder_core::ids::ProjectId;
use autocoder_core::ports::Out;
use autocoder_core::task::TaskStatus;
use autocoder_core::usage_record::InFlight;
use sea_orm::QueryResult;

use crate::entity::field;
use crate::link::Link;

pub(crate) async fn in_flight(link: &Link, project: Option<ProjectId>) -> Out<Vec<InFlight>> {
    let whose = if project.is_some() { "= $1" } else { "IN (SELECT p.id FROM projects p WHERE $1 = 0)" };
    let sql = format!(
        "SELECT t.project_id AS project_id, t.complexity AS complexity, \
         CAST(COALESCE((SELECT SUM(u.input + u.output) FROM usage_logs u \
         WHERE u.task_id = t.id AND u.run_id = t.lease_run), 0) AS BIGINT) AS used \
         FROM tasks t WHERE t.status = '{}' AND t.project_id {whose} ORDER BY t.id",
        TaskStatus::InProgress.as_str()
    );
    let rows = link.all("loading what agents hold", &sql, [project.map_or(0, |id| id.0).into()]).await?;
    rows.iter().map(held).collect()
}

fn held(row: &QueryResult) -> Out<InFlight> {
    let (complexity, used): (i32, i64) = (field(row, "complexity")?, field(row, "used")?);
    Ok(InFlight {
        project: ProjectId(field(row, "project_id")?),
        complexity: u8::try_from(complexity).unwrap_or(u8::MAX),
        used: used.try_into().unwrap_or(0),
    })
}
