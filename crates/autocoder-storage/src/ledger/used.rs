//! Adds usage up: whole days from the roll-up, what is left at both ends from the single records.

use autocoder_core::ports::{Out, StoreError};
use autocoder_core::run::Tokens;
use autocoder_core::usage_record::UsageSum;
use sea_orm::{DbBackend, QueryResult, Statement, Value};

use super::record::DAY_MICROS;
use crate::entity::field;
use crate::link::Link;

/// The columns that are added up.
pub(crate) const KINDS: [&str; 6] = ["input", "output", "cache_read", "cache_write_5m", "cache_write_1h", "cost_nusd"];

/// The tokens and their cost in nano-USD.
pub(crate) async fn used(link: &Link, sum: &UsageSum) -> Out<(Tokens, u64)> {
    let parts = parts(sum);
    if parts.selects.is_empty() {
        return Ok((Tokens::default(), 0));
    }
    let rows = link.rows("adding up usage", parts.statement(link.backend())).await?;
    let row =
        rows.first().ok_or_else(|| StoreError::Failed { step: "adding up usage", detail: "no row".to_owned() })?;
    sums(row)
}

/// The sums that a row has under the names of the columns.
pub(crate) fn sums(row: &QueryResult) -> Out<(Tokens, u64)> {
    let [input, output, cache_read, cache_write_5m, cache_write_1h, cost] = KINDS.map(|kind| total(row, kind));
    let tokens = Tokens {
        input: input?,
        output: output?,
        cache_read: cache_read?,
        cache_write_5m: cache_write_5m?,
        cache_write_1h: cache_write_1h?,
    };
    Ok((tokens, cost?))
}

fn parts(sum: &UsageSum) -> Parts {
    let (from, until) = (sum.from.map(|at| at.0), sum.until.map(|at| at.0));
    let first = from.map(|at| at.div_euclid(DAY_MICROS) + i64::from(at.rem_euclid(DAY_MICROS) > 0));
    let end = until.map(|at| at.div_euclid(DAY_MICROS));
    let mut parts = Parts::default();
    let by_day = sum.phase.is_none() && sum.feature.is_none() && sum.task.is_none() && sum.agent.is_none();
    if by_day && first.unwrap_or(i64::MIN) < end.unwrap_or(i64::MAX) {
        parts.add("usage_daily", "day", (first, end), sum);
        if from.is_some() {
            parts.add("usage_logs", "at", (from, first.map(start_of)), sum);
        }
        if until.is_some() {
            parts.add("usage_logs", "at", (end.map(start_of), until), sum);
        }
    } else {
        parts.add("usage_logs", "at", (from, until), sum);
    }
    parts
}

const fn start_of(day: i64) -> i64 {
    day.saturating_mul(DAY_MICROS)
}

/// Selects that together hold every record once.
#[derive(Default)]
struct Parts {
    selects: Vec<String>,
    values: Vec<Value>,
}

impl Parts {
    fn statement(self, backend: DbBackend) -> Statement {
        let total = |kind| format!("CAST(COALESCE(SUM({kind}), 0) AS BIGINT) AS {kind}");
        let sums = KINDS.map(total).join(", ");
        let sql = format!("SELECT {sums} FROM ({}) AS part", self.selects.join(" UNION ALL "));
        Statement::from_sql_and_values(backend, sql, self.values)
    }

    fn add(&mut self, table: &str, time: &str, (from, until): (Option<i64>, Option<i64>), sum: &UsageSum) {
        if from.zip(until).is_some_and(|(from, until)| from >= until) {
            return;
        }
        let mut wanted = vec![format!("rehearsal = {}", self.value(sum.rehearsal))];
        wanted.extend(from.map(|from| format!("{time} >= {}", self.value(from))));
        wanted.extend(until.map(|until| format!("{time} < {}", self.value(until))));
        let ids = [
            ("project_id", sum.project.map(|id| id.0)),
            ("phase_id", sum.phase.map(|id| id.0)),
            ("feature_id", sum.feature.map(|id| id.0)),
            ("task_id", sum.task.map(|id| id.0)),
        ];
        for (column, id) in ids {
            wanted.extend(id.map(|id| format!("{column} = {}", self.value(id))));
        }
        wanted.extend(sum.agent.as_ref().map(|id| format!("agent_id = {}", self.value(id.0.as_str()))));
        self.selects.push(format!("SELECT {} FROM {table} WHERE {}", KINDS.join(", "), wanted.join(" AND ")));
    }

    fn value(&mut self, value: impl Into<Value>) -> String {
        self.values.push(value.into());
        format!("${}", self.values.len())
    }
}

fn total(row: &QueryResult, kind: &str) -> Out<u64> {
    field::<i64>(row, kind).map(|sum| u64::try_from(sum).unwrap_or(0))
}
