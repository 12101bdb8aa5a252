//! Which features and tasks a query admits, and in which order: the words that stores answer with an index.

use super::{Order, WorkQuery};
use crate::feature::Feature;
use crate::ids::FeatureId;
use crate::task::Task;

/// Whether the query admits a feature: it has ready tasks, a free writer's place, and the right owner.
#[must_use]
pub fn admits_feature(query: &WorkQuery, feature: &Feature) -> bool {
    feature.phase == query.phase
        && feature.is_workable()
        && feature.tally.ready > 0
        && i64::from(feature.tally.in_progress) < i64::from(query.writers_per_feature)
        && if query.scoped { feature.agent.as_ref() == Some(&query.agent) } else { feature.agent.is_none() }
}

/// The place of a feature in the query's order; lower goes first.
#[must_use]
pub fn feature_order(order: Order, feature: &Feature) -> (bool, i32, i64, bool, FeatureId) {
    let fresh = feature.is_fresh();
    match order {
        Order::Priority => (false, 0, feature.rank(), fresh, feature.id),
        Order::Completion => (fresh, if fresh { 0 } else { feature.tally.open() }, feature.rank(), fresh, feature.id),
    }
}

/// Whether the query admits a task of an admitted feature. Among these the lowest (rank, id) goes first.
#[must_use]
pub fn admits_task(query: &WorkQuery, task: &Task) -> bool {
    task.is_ready() && task.complexity <= query.max_complexity && task.not_before.is_none_or(|at| at <= query.now)
}
