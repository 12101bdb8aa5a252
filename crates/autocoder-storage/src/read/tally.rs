//! Counts over a phase, in one statement.

use std::sync::LazyLock;

use autocoder_core::feature::FeatureStatus;
use autocoder_core::ids::PhaseId;
use autocoder_core::ports::{Counting, Out, StoreError};
use autocoder_core::scheduler::PhaseTally;
use autocoder_core::task::TaskStatus;
use autocoder_core::time::Timestamp;
use sea_orm::{QueryResult, Value};

use crate::entity::field;
use crate::link::Link;

/// What the counters of the features say.
pub(crate) static FEATURES: LazyLock<String> = LazyLock::new(|| {
    let (done, begun) = (FeatureStatus::Completed.as_str(), FeatureStatus::InProgress.as_str());
    format!(
        "SELECT counted.*, (SELECT string_agg(name, $2) FROM (SELECT name FROM features \
            WHERE phase_id = $1 AND status <> '{done}' ORDER BY id LIMIT 5) AS few) AS unfinished \
        FROM (SELECT COUNT(*) AS features, COALESCE(SUM(CASE WHEN status <> '{done}' THEN 1 ELSE 0 END), 0) AS open, \
            COALESCE(SUM(CASE WHEN tasks = 0 THEN 1 ELSE 0 END), 0) AS unspecced, \
            COALESCE(SUM(tasks), 0) AS tasks, COALESCE(SUM(passing), 0) AS passed, \
            COALESCE(SUM(CASE WHEN status = '{begun}' THEN tasks - passing ELSE 0 END), 0) AS begun_open, \
            COALESCE(SUM(ready), 0) AS ready, COALESCE(SUM(in_progress), 0) AS held \
            FROM features WHERE phase_id = $1) counted"
    )
});

/// What only the tasks themselves say; pending ones are looked at only when they are ready.
pub(crate) static TASKS: LazyLock<String> = LazyLock::new(|| {
    let (pending, held) = (TaskStatus::Pending.as_str(), TaskStatus::InProgress.as_str());
    let (asking, blocked) = (TaskStatus::NeedsInput.as_str(), TaskStatus::Blocked.as_str());
    format!(
        "SELECT COALESCE(SUM(CASE WHEN x.status = '{asking}' THEN 1 ELSE 0 END), 0) AS asking, \
            COALESCE(SUM(CASE WHEN x.status = '{blocked}' THEN 1 ELSE 0 END), 0) AS blocked, \
            COALESCE(SUM(CASE WHEN x.status = '{pending}' AND x.not_before > $2 THEN 1 ELSE 0 END), 0) AS backing_off, \
            COALESCE(SUM(CASE WHEN x.status = '{pending}' AND x.complexity <= 2 \
                AND (x.not_before IS NULL OR x.not_before <= $2) THEN 1 ELSE 0 END), 0) AS ready_small, \
            MIN(CASE WHEN x.status = '{pending}' AND x.not_before > $2 THEN x.not_before END) AS next_retry, \
            MIN(CASE WHEN x.status = '{held}' THEN x.lease_expires END) AS next_lapse \
            FROM features y JOIN tasks x ON x.feature_id = y.id \
            WHERE y.phase_id = $1 AND y.tasks > y.passing AND x.status IN ('{asking}', '{blocked}', '{held}', '{pending}') \
                AND (x.status <> '{pending}' OR x.open_prerequisites = 0)"
    )
});

pub(crate) async fn tally(link: &Link, phase: PhaseId, what: Counting, now: Timestamp) -> Out<PhaseTally> {
    let row = one(link, &FEATURES, [phase.0.into(), "\n".into()]).await?;
    let unfinished: Option<String> = field(&row, "unfinished")?;
    let count = |name| field::<i64>(&row, name);
    let tally = PhaseTally {
        features: count("features")?,
        open_features: count("open")?,
        unspecced_features: count("unspecced")?,
        unfinished: unfinished.iter().flat_map(|names| names.split('\n')).map(str::to_owned).collect(),
        tasks: count("tasks")?,
        passing: count("passed")?,
        begun_open: count("begun_open")?,
        ready: count("ready")?,
        in_progress: count("held")?,
        ..PhaseTally::default()
    };
    if what == Counting::Features {
        return Ok(tally);
    }
    let row = one(link, &TASKS, [phase.0.into(), now.0.into()]).await?;
    let count = |name| field::<i64>(&row, name);
    Ok(PhaseTally {
        ready_small: count("ready_small")?,
        backing_off: count("backing_off")?,
        needs_input: count("asking")?,
        blocked: count("blocked")?,
        next_retry: field::<Option<i64>>(&row, "next_retry")?.map(Timestamp),
        next_lapse: field::<Option<i64>>(&row, "next_lapse")?.map(Timestamp),
        ..tally
    })
}

async fn one(link: &Link, sql: &str, values: [Value; 2]) -> Out<QueryResult> {
    let row = link.one("counting a phase", sql, values).await?;
    row.ok_or_else(|| StoreError::Failed { step: "counting a phase", detail: "no row".to_owned() })
}
