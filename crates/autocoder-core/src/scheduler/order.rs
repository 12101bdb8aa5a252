//! Which features and tasks a query admits, and in which order: the words that stores answer with an index.

use super::{Order, PhaseTally, WorkQuery};
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
        Order::Completion => (fresh, feature.tally.open(), feature.rank(), fresh, feature.id),
    }
}

/// Whether the feature may be begun, or is: while others work and what is left is needed for what they have begun, a new
/// one would only take from it. When nobody works, one is begun whatever is left, so that nothing lies idle.
#[must_use]
pub fn may_begin(query: &WorkQuery, feature: &Feature, tally: &PhaseTally) -> bool {
    let Some(payable) = query.payable_tasks.filter(|_| feature.is_fresh()) else { return true };
    // A task at work is half done in the middle.
    let half_tasks = 2 * (tally.begun_open + i64::from(feature.tally.open())) - tally.in_progress;
    tally.in_progress == 0 || half_tasks <= 2 * i64::from(payable)
}

/// Whether the query admits a task of an admitted feature. Among these the lowest (rank, id) goes first.
#[must_use]
pub fn admits_task(query: &WorkQuery, task: &Task) -> bool {
    task.is_ready() && task.complexity <= query.max_complexity && task.not_before.is_none_or(|at| at <= query.now)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feature::{FeatureStatus, Tally};
    use crate::ids::{AgentId, PhaseId, ProjectId};
    use crate::time::Timestamp;

    fn feature(id: i64, status: FeatureStatus, priority: i32, tasks: i32) -> Feature {
        Feature {
            id: FeatureId(id),
            project: ProjectId(1),
            phase: PhaseId(1),
            key: String::new(),
            name: String::new(),
            description: String::new(),
            spec: None,
            spec_requested_at: None,
            status,
            priority,
            eligible_since: Timestamp(0),
            agent: None,
            created_at: Timestamp(0),
            completed_at: None,
            tally: Tally { tasks, ready: tasks, ..Tally::default() },
            last_priority: 0,
            version: 1,
        }
    }

    fn query(payable_tasks: Option<u32>) -> WorkQuery {
        WorkQuery {
            phase: PhaseId(1),
            agent: AgentId("a".into()),
            scoped: false,
            order: Order::Completion,
            max_complexity: u8::MAX,
            writers_per_feature: 1,
            payable_tasks,
            now: Timestamp(0),
        }
    }

    #[test]
    fn completion_takes_begun_features_first_and_then_the_smallest() {
        use FeatureStatus::{InProgress, Ready};
        let mut features = [
            feature(1, Ready, 100, 9),
            feature(2, Ready, 900, 2),
            feature(3, InProgress, 500, 7),
            feature(4, Ready, 500, 2),
        ];
        for (order, expected) in [(Order::Priority, [1, 3, 4, 2]), (Order::Completion, [3, 4, 2, 1])] {
            features.sort_by_key(|feature| feature_order(order, feature));
            assert_eq!(features.each_ref().map(|feature| feature.id.0), expected, "{order:?}");
        }
    }

    #[test]
    fn a_feature_is_begun_beside_others_only_when_what_is_left_pays_for_all() {
        use FeatureStatus::{InProgress, Ready};
        let fresh = feature(1, Ready, 500, 3);
        for (payable, begun_open, in_progress, expected) in [
            (None, 100, 5, true),
            (Some(8), 6, 2, true),
            (Some(7), 6, 2, false),
            (Some(0), 6, 1, false),
            (Some(0), 6, 0, true),
            (Some(0), 0, 0, true),
        ] {
            let tally = PhaseTally { begun_open, in_progress, ..PhaseTally::default() };
            let found = may_begin(&query(payable), &fresh, &tally);
            assert_eq!(found, expected, "{payable:?} {begun_open} {in_progress}");
            assert!(may_begin(&query(payable), &feature(2, InProgress, 500, 3), &tally));
        }
    }
}
