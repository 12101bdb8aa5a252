//! Usage by groups: from the roll-ups as far as they go.

use std::collections::BTreeMap;

use autocoder_core::ports::Out;
use autocoder_core::run::Tokens;
use autocoder_core::usage_record::{MOST_TASKS, UsageGroup, UsageQuestion, UsageSlice};
use sea_orm::{QueryResult, Statement};
use serde_json::{Value, json};

use crate::entity::field;
use crate::ledger::used::{Columns, KINDS, Parts, sums, total};
use crate::ledger::{DAY_MICROS, QUARTER_MICROS};
use crate::link::{Link, list};

pub(super) async fn slices(link: &Link, question: &UsageQuestion) -> Out<Vec<UsageSlice>> {
    let mut slices = match question.group {
        UsageGroup::Day => days(link, question).await?,
        _ => groups(link, question).await?,
    };
    // Collations and the place of NULL differ between databases.
    slices.sort_by(|a, b| (a.key, &a.name, &a.model, a.rehearsal).cmp(&(b.key, &b.name, &b.model, b.rehearsal)));
    Ok(slices)
}

/// The key of a group in the records and roll-ups, and the table that has its name.
const fn key(group: UsageGroup) -> (&'static str, Option<&'static str>) {
    match group {
        UsageGroup::Day | UsageGroup::Model | UsageGroup::Agent => ("0", None),
        UsageGroup::Project => ("u.project_id", Some("projects")),
        UsageGroup::Phase => ("u.phase_id", Some("phases")),
        UsageGroup::Feature => ("u.feature_id", Some("features")),
        UsageGroup::Task => ("u.task_id", Some("tasks")),
    }
}

async fn groups(link: &Link, question: &UsageQuestion) -> Out<Vec<UsageSlice>> {
    let (key, names) = key(question.group);
    let columns = match question.group {
        UsageGroup::Task => Columns::Records,
        _ => Columns::RollUps,
    };
    let parts = Parts::of_groups(columns, question.project, (question.from, question.until));
    let name = match (question.group, names) {
        (UsageGroup::Agent, _) => "NULLIF(s.agent, '')",
        (_, Some(_)) => "n.name",
        (_, None) => "NULL",
    };
    let join = names.map_or(String::new(), |names| format!("LEFT JOIN {names} n ON n.id = s.place"));
    let sums = KINDS.map(total).join(", ");
    let tasks = match question.group {
        UsageGroup::Task => format!("ORDER BY SUM(input + output) DESC LIMIT {MOST_TASKS}"),
        _ => String::new(),
    };
    let agent = if question.group == UsageGroup::Agent { "u.agent_id" } else { "''" };
    let sql = format!(
        "SELECT CAST(NULLIF(s.place, 0) AS BIGINT) AS place, CAST({name} AS TEXT) AS name, s.model AS model, \
         s.rehearsal AS rehearsal, s.input, s.output, s.cache_read, s.cache_write_5m, s.cache_write_1h, s.cost_nusd \
         FROM (SELECT {key} AS place, {agent} AS agent, u.model AS model, u.rehearsal AS rehearsal, {sums} \
         FROM ({}) AS u GROUP BY 1, 2, 3, 4 {tasks}) AS s {join}",
        parts.union()
    );
    let rows = link.rows("grouping usage", Statement::from_sql_and_values(link.backend(), sql, parts.values)).await?;
    rows.iter().map(slice).collect()
}

/// In the order of [`KINDS`].
type Sums = [i64; KINDS.len()];
/// Sums by place of the day, model and whether they are rehearsals.
type Days = BTreeMap<(i64, (String, bool)), Sums>;

fn add(days: &mut Days, place: i64, model: (String, bool), sums: Sums) {
    let known = days.entry((place, model)).or_default();
    known.iter_mut().zip(sums).for_each(|(known, sum)| *known = known.saturating_add(sum));
}

/// The days of UTC next to those that are asked for, moved by the quarters of an hour between their midnights.
async fn days(link: &Link, question: &UsageQuestion) -> Out<Vec<UsageSlice>> {
    let bounds: Vec<i64> = question.days.iter().chain([&question.until]).map(|at| at.0).collect();
    let midnight = |bound: &i64| (bound + DAY_MICROS / 2).div_euclid(DAY_MICROS) * DAY_MICROS;
    let midnights: Vec<i64> = bounds.iter().map(midnight).collect();
    let mut days = Days::new();
    let utc = (0..).zip(midnights.windows(2)).map(|(place, day)| (place, 1, day[0], day[1])).collect();
    for (place, _, model, sums) in spans(link, question, ("usage_daily", DAY_MICROS), utc).await? {
        add(&mut days, place, model, sums);
    }
    let moved = (0_i64..).zip(bounds.iter().zip(&midnights)).filter(|(_, (bound, midnight))| bound != midnight);
    let moved: Vec<Span> = moved
        .map(
            |(place, (&bound, &midnight))| {
                if bound < midnight { (place, 1, bound, midnight) } else { (place, -1, midnight, bound) }
            },
        )
        .collect();
    if !moved.is_empty() {
        // What lies between goes to the day before or behind, away from the other one.
        for (place, sign, model, sums) in spans(link, question, ("usage_quarters", QUARTER_MICROS), moved).await? {
            add(&mut days, place, model.clone(), sums.map(|sum| sign * sum));
            add(&mut days, place - 1, model, sums.map(|sum| -sign * sum));
        }
    }
    let inside = 0..question.days.len() as i64;
    days.retain(|(place, _), sums| inside.contains(place) && sums.iter().any(|sum| *sum != 0));
    let slice = |((place, (model, rehearsal)), sums): ((i64, (String, bool)), Sums)| {
        let [input, output, cache_read, cache_write_5m, cache_write_1h, cost_nusd] =
            sums.map(|sum| u64::try_from(sum).unwrap_or(0));
        let tokens = Tokens { input, output, cache_read, cache_write_5m, cache_write_1h };
        UsageSlice { key: Some(place), name: None, model, rehearsal, tokens, cost_nusd }
    };
    Ok(days.into_iter().map(slice).collect())
}

/// The place of a day, whether it gains (1) or loses (-1), and from and until when in microseconds.
type Span = (i64, i64, i64, i64);

/// The sums of a roll-up in each span, with its place and sign, by model.
async fn spans(
    link: &Link,
    question: &UsageQuestion,
    (table, length): (&str, i64),
    spans: Vec<Span>,
) -> Out<Vec<(i64, i64, (String, bool), Sums)>> {
    let whose = if question.project.is_some() { "u.project_id = $2" } else { "$2 = 0" };
    let number = |(index, name): (usize, &str)| format!("CAST(k.value ->> {index} AS BIGINT) AS {name}");
    let span = ["place", "sign", "first", "past"].into_iter().enumerate().map(number).collect::<Vec<_>>().join(", ");
    // Read once: with the list itself in the join, SQLite parses it again for every row.
    let sql = format!(
        "WITH span AS MATERIALIZED (SELECT {span} FROM {} AS k) \
         SELECT s.place AS place, s.sign AS sign, u.model AS model, u.rehearsal AS rehearsal, {} \
         FROM span s CROSS JOIN {table} u WHERE u.slot >= s.first AND u.slot < s.past AND {whose} GROUP BY 1, 2, 3, 4",
        list(link.backend(), 1),
        KINDS.map(total).join(", "),
    );
    let spans: Vec<_> = spans
        .into_iter()
        .map(|(place, sign, from, until)| json!([place, sign, from / length, until / length]))
        .collect();
    let project = question.project.map_or(0, |id| id.0);
    let rows = link.all("grouping usage by day", &sql, [Value::from(spans).to_string().into(), project.into()]).await?;
    let read = |row: &QueryResult| {
        let mut sums = Sums::default();
        for (sum, kind) in sums.iter_mut().zip(KINDS) {
            *sum = field(row, kind)?;
        }
        Ok((field(row, "place")?, field(row, "sign")?, (field(row, "model")?, field(row, "rehearsal")?), sums))
    };
    rows.iter().map(read).collect()
}

fn slice(row: &QueryResult) -> Out<UsageSlice> {
    let (tokens, cost_nusd): (Tokens, u64) = sums(row)?;
    Ok(UsageSlice {
        key: field(row, "place")?,
        name: field(row, "name")?,
        model: field(row, "model")?,
        rehearsal: field(row, "rehearsal")?,
        tokens,
        cost_nusd,
    })
}
