//! Adds usage up: from the roll-ups as far as they go, what is left at both ends from the single records.

use autocoder_core::ids::ProjectId;
use autocoder_core::ports::{Out, StoreError};
use autocoder_core::run::Tokens;
use autocoder_core::time::Timestamp;
use autocoder_core::usage_record::UsageSum;
use sea_orm::{DbBackend, QueryResult, Statement, Value};

use super::record::ROLL_UPS;
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
    let [input, output, cache_read, cache_write_5m, cache_write_1h, cost] = KINDS.map(|kind| read_total(row, kind));
    let tokens = Tokens {
        input: input?,
        output: output?,
        cache_read: cache_read?,
        cache_write_5m: cache_write_5m?,
        cache_write_1h: cache_write_1h?,
    };
    Ok((tokens, cost?))
}

/// Spans that together are the whole window: days in the middle, quarters of an hour around them, single records at both
/// ends. Roll-ups know nothing of tasks.
fn parts(sum: &UsageSum) -> Parts {
    let columns = if sum.task.is_some() { Columns::RecordSums } else { Columns::Sums };
    Parts::spanning(columns, (sum.from, sum.until), sum)
}

/// What a part selects, and from where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Columns {
    /// Only sums.
    Sums,
    /// Only sums, from single records.
    RecordSums,
    /// Everything that the roll-ups have.
    RollUps,
    /// That and the task, from single records.
    Records,
}

impl Columns {
    const fn is_of_records(self) -> bool {
        matches!(self, Self::RecordSums | Self::Records)
    }

    fn of(self, table: &str) -> String {
        // A record without a phase or feature stands under 0 in the roll-ups.
        let id = |column: &str| {
            if table == "usage_logs" { format!("COALESCE({column}, 0) AS {column}") } else { column.to_owned() }
        };
        let mut columns = match self {
            Self::Sums | Self::RecordSums => Vec::new(),
            Self::RollUps | Self::Records => {
                let ids = ["project_id".to_owned(), id("phase_id"), id("feature_id"), "agent_id".to_owned()];
                ids.into_iter().chain(["model".to_owned(), "rehearsal".to_owned()]).collect()
            }
        };
        columns.extend((self == Self::Records).then(|| id("task_id")));
        columns.extend(KINDS.map(str::to_owned));
        columns.join(", ")
    }
}

type Span = (Option<i64>, Option<i64>);

/// The whole units of that length inside of a span, if there are any.
fn whole(from: Option<i64>, until: Option<i64>, length: i64) -> Option<Span> {
    let first = from.map(|from| from.saturating_add(length - 1).div_euclid(length) * length);
    let end = until.map(|until| until.div_euclid(length) * length);
    let is_empty = first.zip(end).is_some_and(|(first, end)| first >= end);
    (!is_empty).then_some((first, end))
}

/// Selects that together hold every record once.
pub(crate) struct Parts {
    columns: Columns,
    selects: Vec<String>,
    pub(crate) values: Vec<Value>,
}

impl Parts {
    /// Everything of a project, or of all, real work and rehearsals.
    pub(crate) fn of_groups(
        columns: Columns,
        project: Option<ProjectId>,
        (from, until): (Timestamp, Timestamp),
    ) -> Self {
        let sum = UsageSum { project, ..UsageSum::default() };
        Self::spanning(columns, (Some(from), Some(until)), &sum)
    }

    fn spanning(columns: Columns, (from, until): (Option<Timestamp>, Option<Timestamp>), sum: &UsageSum) -> Self {
        let mut parts = Self { columns, selects: Vec::new(), values: Vec::new() };
        let mut around: Vec<Span> = vec![(from.map(|at| at.0), until.map(|at| at.0))];
        for (table, length) in ROLL_UPS.into_iter().filter(|_| !columns.is_of_records()) {
            let mut rest = Vec::new();
            for (from, until) in around {
                match whole(from, until, length) {
                    Some((first, end)) => {
                        parts.add(table, ("slot", length), (first, end), sum);
                        rest.extend(from.map(|from| (Some(from), first)));
                        rest.extend(until.map(|until| (end, Some(until))));
                    }
                    None => rest.push((from, until)),
                }
            }
            around = rest;
        }
        for span in around {
            parts.add("usage_logs", ("at", 1), span, sum);
        }
        parts
    }

    fn statement(self, backend: DbBackend) -> Statement {
        let sql = format!("SELECT {} FROM ({}) AS part", KINDS.map(total).join(", "), self.union());
        Statement::from_sql_and_values(backend, sql, self.values)
    }

    /// All parts; an empty window selects nothing.
    pub(crate) fn union(&self) -> String {
        if self.selects.is_empty() {
            return format!("SELECT {} FROM usage_logs WHERE 1 = 0", self.columns.of("usage_logs"));
        }
        self.selects.join(" UNION ALL ")
    }

    /// The sums of a table whose column `time` counts units of that length in microseconds.
    fn add(&mut self, table: &str, (time, length): (&str, i64), (from, until): Span, sum: &UsageSum) {
        if from.zip(until).is_some_and(|(from, until)| from >= until) {
            return;
        }
        let (from, until) = (from.map(|from| from / length), until.map(|until| until / length));
        let mut wanted = vec!["1 = 1".to_owned()];
        if !matches!(self.columns, Columns::RollUps | Columns::Records) {
            wanted.push(format!("rehearsal = {}", self.value(sum.rehearsal)));
        }
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
        let columns = self.columns.of(table);
        self.selects.push(format!("SELECT {columns} FROM {table} WHERE {}", wanted.join(" AND ")));
    }

    fn value(&mut self, value: impl Into<Value>) -> String {
        self.values.push(value.into());
        format!("${}", self.values.len())
    }
}

/// The sum of a column under its own name.
pub(crate) fn total(kind: &str) -> String {
    format!("CAST(COALESCE(SUM({kind}), 0) AS BIGINT) AS {kind}")
}

fn read_total(row: &QueryResult, kind: &str) -> Out<u64> {
    field::<i64>(row, kind).map(|sum| u64::try_from(sum).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tables with their spans in units of their own.
    fn spans(from: Option<i64>, until: Option<i64>) -> Vec<String> {
        let sum = UsageSum { from: from.map(Timestamp), until: until.map(Timestamp), ..UsageSum::default() };
        let parts = parts(&sum);
        let table = |select: &String| select.split(" FROM ").nth(1).unwrap().split(' ').next().unwrap().to_owned();
        parts.selects.iter().map(table).collect()
    }

    #[test]
    fn a_window_is_cut_into_the_largest_units() {
        let (day, quarter) = (86_400_000_000, 900_000_000);
        let [days, quarters, logs] = ["usage_daily", "usage_quarters", "usage_logs"];
        for (from, until, tables) in [
            (None, None, vec![days]),
            (Some(0), Some(day), vec![days]),
            (Some(0), None, vec![days]),
            (Some(quarter), None, vec![days, quarters]),
            (Some(quarter), Some(day), vec![quarters]),
            (Some(1), Some(quarter), vec![logs]),
            (Some(-1), Some(quarter), vec![quarters, logs]),
            (Some(quarter), Some(2 * day + quarter), vec![days, quarters, quarters]),
            (Some(1), Some(2 * day + 1), vec![days, quarters, logs, logs]),
            (Some(5), Some(5), vec![]),
        ] {
            assert_eq!(spans(from, until), tables, "{from:?} {until:?}");
        }
    }
}
