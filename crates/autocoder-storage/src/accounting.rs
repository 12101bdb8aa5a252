//! Budgets, schedules, and sums of usage.

use async_trait::async_trait;
use autocoder_core::budget::Budget;
use autocoder_core::ids::ProjectId;
use autocoder_core::ports::{Accounting, Out};
use autocoder_core::run::Tokens;
use autocoder_core::schedule::Schedule;
use autocoder_core::task::TaskStatus;
use autocoder_core::time::Timestamp;
use autocoder_core::usage_record::{UsageGroup, UsageQuestion, UsageSlice, UsageSum};
use sea_orm::QueryResult;

use crate::entity::{budget, columns, field, schedule};
use crate::ledger::{DAY_MICROS, used};
use crate::link::Link;
use crate::read::every;
use crate::store::SeaOrmStore;

#[async_trait]
impl Accounting for SeaOrmStore {
    async fn budgets(&self) -> Out<Vec<Budget>> {
        let sql = format!("SELECT {} FROM budgets b ORDER BY b.id", columns::<budget::Entity>("b", ""));
        every::<budget::Model, _>(&self.reader().all("loading budgets", &sql, []).await?, "")
    }

    async fn schedules(&self, project: ProjectId) -> Out<Vec<Schedule>> {
        let columns = columns::<schedule::Entity>("s", "");
        let sql = format!("SELECT {columns} FROM schedules s WHERE s.project_id = $1 ORDER BY s.id");
        every::<schedule::Model, _>(&self.reader().all("loading schedules", &sql, [project.0.into()]).await?, "")
    }

    async fn cost(&self, sum: &UsageSum) -> Out<u64> {
        used::used(&self.reader(), sum).await.map(|(_, cost)| cost)
    }

    async fn slices(&self, question: &UsageQuestion) -> Out<Vec<UsageSlice>> {
        slices(&self.reader(), question).await
    }

    async fn finished_tasks(&self, project: ProjectId, since: Timestamp) -> Out<u64> {
        let sql = "SELECT COUNT(*) AS count FROM tasks WHERE project_id = $1 AND status = $2 AND completed_at >= $3";
        let values = [project.0.into(), TaskStatus::Passing.as_str().into(), since.0.into()];
        let row = self.reader().one("counting finished tasks", sql, values).await?;
        let count: Option<i64> = row.map(|row| field(&row, "count")).transpose()?;
        Ok(count.and_then(|count| count.try_into().ok()).unwrap_or(0))
    }
}

/// Days, models and projects come from the roll-up, the rest from the single records by their index on time.
async fn slices(link: &Link, question: &UsageQuestion) -> Out<Vec<UsageSlice>> {
    let (key, name, from) = match question.group {
        UsageGroup::Day => ("u.day", "NULL", "usage_daily u"),
        UsageGroup::Model => ("NULL", "NULL", "usage_daily u"),
        UsageGroup::Project => ("u.project_id", "MAX(n.name)", "usage_daily u JOIN projects n ON n.id = u.project_id"),
        UsageGroup::Phase => ("u.phase_id", "MAX(n.name)", "usage_logs u LEFT JOIN phases n ON n.id = u.phase_id"),
        UsageGroup::Feature => {
            ("u.feature_id", "MAX(n.name)", "usage_logs u LEFT JOIN features n ON n.id = u.feature_id")
        }
    };
    let (time, unit) = match question.group {
        UsageGroup::Day | UsageGroup::Model | UsageGroup::Project => ("u.day", 1),
        UsageGroup::Phase | UsageGroup::Feature => ("u.at", DAY_MICROS),
    };
    let whose = if question.project.is_some() {
        "u.project_id = $3"
    } else {
        "$3 = 0 AND u.project_id IN (SELECT id FROM projects)"
    };
    let total = |kind: &str| format!("CAST(COALESCE(SUM(u.{kind}), 0) AS BIGINT) AS {kind}");
    let sums = used::KINDS.map(total).join(", ");
    let groups = if key == "NULL" { String::new() } else { format!("{key}, ") };
    let sql = format!(
        "SELECT CAST({key} AS BIGINT) AS place, CAST({name} AS TEXT) AS name, u.model AS model, \
         u.rehearsal AS rehearsal, {sums} FROM {from} WHERE {time} >= $1 AND {time} < $2 AND {whose} \
         GROUP BY {groups}u.model, u.rehearsal"
    );
    let (first, end) = (i64::from(question.from_day) * unit, i64::from(question.until_day) * unit);
    let values = [first.into(), end.into(), question.project.map_or(0, |id| id.0).into()];
    let rows = link.all("grouping usage", &sql, values).await?;
    let mut slices = rows.iter().map(slice).collect::<Out<Vec<_>>>()?;
    // Collations and the place of NULL differ between databases.
    slices.sort_by(|a, b| (a.key, &a.model, a.rehearsal).cmp(&(b.key, &b.model, b.rehearsal)));
    Ok(slices)
}

fn slice(row: &QueryResult) -> Out<UsageSlice> {
    let (tokens, cost_nusd): (Tokens, u64) = used::sums(row)?;
    Ok(UsageSlice {
        key: field(row, "place")?,
        name: field(row, "name")?,
        model: field(row, "model")?,
        rehearsal: field(row, "rehearsal")?,
        tokens,
        cost_nusd,
    })
}
