//! Which task an agent gets: by the scheduler in force, or by one that it is compared with.

use std::str::FromStr;

use autocoder_core::feature::FeatureStatus;
use autocoder_core::ids::AgentId;
use autocoder_core::scheduler::{
    Band, Order, PhaseTally, UsageLevel, WorkQuery, admit, admits_feature, admits_task, feature_order, may_begin,
};
use autocoder_core::task::TaskStatus;
use autocoder_core::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::world::World;

/// A rule that hands out tasks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Policy {
    /// The scheduler in force.
    Default,
    /// By rank alone, until the budget is critical.
    Priority,
    /// The scheduler that Autocoder was first described with, its mistakes included. For comparison only.
    Seed,
}

/// A word that names no policy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("policy `{0}` is not known; use `default`, `priority` or `seed`")]
pub struct UnknownPolicy(String);

impl Policy {
    /// Every policy.
    pub const ALL: [Self; 3] = [Self::Default, Self::Priority, Self::Seed];

    /// Its name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::Priority => "priority",
            Self::Seed => "seed",
        }
    }

    /// The place of the task that `agent` gets.
    pub(super) fn choose(
        self,
        world: &World<'_>,
        agent: &AgentId,
        level: &UsageLevel,
        now: Timestamp,
    ) -> Option<usize> {
        match self {
            Self::Default => world.first(&admit(&world.standing(agent), agent, level, now).ok()?),
            Self::Priority => {
                let query = admit(&world.standing(agent), agent, level, now).ok()?;
                world.first(&WorkQuery {
                    order: Order::Priority,
                    max_complexity: u8::MAX,
                    payable_tasks: None,
                    ..query
                })
            }
            Self::Seed => seed(world, Band::of(level.available_bp, &level.thresholds)),
        }
    }
}

impl FromStr for Policy {
    type Err = UnknownPolicy;

    fn from_str(text: &str) -> Result<Self, UnknownPolicy> {
        let named = Self::ALL.into_iter().find(|policy| policy.as_str() == text);
        named.ok_or_else(|| UnknownPolicy(text.chars().take(80).flat_map(char::escape_debug).collect()))
    }
}

impl World<'_> {
    /// The first task that the query admits, as the claim finds it: by features, then by tasks.
    fn first(&self, query: &WorkQuery) -> Option<usize> {
        let admitted = |place: &usize| admits_feature(query, &self.features[*place]);
        let mut features: Vec<usize> = (0..self.features.len()).filter(admitted).collect();
        let order = |feature: usize| feature_order(query.order, &self.features[feature]);
        while let Some(next) = (0..features.len()).min_by_key(|place| order(features[*place])) {
            let feature = features.swap_remove(next);
            let tasks = self.stage.tasks_of[feature].iter().copied();
            let admitted = tasks.filter(|task| admits_task(query, &self.tasks[*task]));
            let first = admitted.min_by_key(|task| (self.tasks[*task].rank(), self.tasks[*task].id));
            if first.is_some() {
                return first.filter(|_| may_begin(query, &self.features[feature], &self.tally(query)));
            }
        }
        None
    }

    /// The counts that decide whether a feature is begun.
    fn tally(&self, query: &WorkQuery) -> PhaseTally {
        let mut tally = PhaseTally::default();
        let ours = self.features.iter().filter(|feature| feature.phase == query.phase);
        for feature in ours.filter(|feature| feature.status == FeatureStatus::InProgress) {
            tally.begun_open += i64::from(feature.tally.open());
            tally.in_progress += i64::from(feature.tally.in_progress);
        }
        tally
    }

    fn first_by_priority(&self, wanted: impl Fn(usize) -> bool) -> Option<usize> {
        let free = |task: &usize| self.tasks[*task].status == TaskStatus::Pending && wanted(*task);
        (0..self.tasks.len()).filter(free).min_by_key(|task| (self.tasks[*task].priority, self.tasks[*task].id))
    }
}

/// It knows neither phases nor dependencies nor who holds a task. Where it orders nothing, the id decides.
fn seed(world: &World<'_>, band: Band) -> Option<usize> {
    match band {
        Band::Critical => None,
        Band::Low => world.first_by_priority(|task| world.tasks[task].complexity <= 2),
        Band::Moderate => {
            for (place, feature) in world.features.iter().enumerate() {
                if feature.status != FeatureStatus::InProgress {
                    continue;
                }
                let open = |task: &&usize| world.tasks[**task].status != TaskStatus::Passing;
                let remaining: Vec<_> = world.stage.tasks_of[place].iter().filter(open).copied().collect();
                if remaining.len() <= 2 {
                    return remaining.first().copied();
                }
            }
            world.first_by_priority(|_| true)
        }
        Band::Normal => world.first_by_priority(|_| true),
    }
}
