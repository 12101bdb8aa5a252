//! What may be handed out: the words of core's `scheduler::order`, answered by an index.

use autocoder_core::feature::{Feature, FeatureStatus};
use autocoder_core::ids::FeatureId;
use autocoder_core::ports::Out;
use autocoder_core::scheduler::{Order, WorkQuery};
use autocoder_core::task::{Task, TaskStatus};

use super::{FEATURE, TASK, every, first};
use crate::entity::{feature, task};
use crate::link::Link;

pub(crate) async fn features(link: &Link, query: &WorkQuery, skip: u64) -> Out<Vec<Feature>> {
    let values = [
        query.phase.0.into(),
        i64::from(query.writers_per_feature).into(),
        i64::try_from(skip).unwrap_or(i64::MAX).into(),
        query.agent.0.as_str().into(),
    ];
    let rows = link.all("looking for work", &features_sql(query.order, query.scoped), values).await?;
    every::<feature::Model, _>(&rows, "f_")
}

pub(crate) async fn task(link: &Link, feature: FeatureId, query: &WorkQuery) -> Out<Option<Task>> {
    let values = [feature.0.into(), i64::from(query.max_complexity).into(), query.now.0.into()];
    let row = link.one("looking for a task", &task_sql(), values).await?;
    first::<task::Model, _>(row.as_ref(), "t_")
}

pub(crate) fn features_sql(order: Order, scoped: bool) -> String {
    let (ready, started) = (FeatureStatus::Ready.as_str(), FeatureStatus::InProgress.as_str());
    // The second form keeps the fourth parameter in use: PostgreSQL refuses one that is not.
    let owner = if scoped { "f.agent_id = $4" } else { "f.agent_id IS NULL AND $4 <> ''" };
    let place = match order {
        Order::Priority => "f.rank, f.fresh, f.id",
        Order::Completion => "f.fresh, f.tasks - f.passing, f.rank, f.id",
    };
    format!(
        "SELECT {} FROM features f WHERE f.phase_id = $1 AND f.status IN ('{ready}', '{started}') AND f.ready > 0 \
         AND f.in_progress < $2 AND {owner} ORDER BY {place} LIMIT 8 OFFSET $3",
        *FEATURE
    )
}

pub(crate) fn task_sql() -> String {
    format!(
        "SELECT {} FROM tasks t WHERE t.feature_id = $1 AND t.status = '{}' AND t.open_prerequisites = 0 \
         AND t.complexity <= $2 AND (t.not_before IS NULL OR t.not_before <= $3) ORDER BY t.rank, t.id LIMIT 1",
        *TASK,
        TaskStatus::Pending.as_str()
    )
}
