//! The port of what is limited and added up: budgets, schedules, and the sums that screens show.

use async_trait::async_trait;

use super::Out;
use crate::budget::Budget;
use crate::ids::ProjectId;
use crate::price::ModelPrices;
use crate::schedule::Schedule;
use crate::time::Timestamp;
use crate::usage_record::{InFlight, Observation, ObservationQuery, UsageQuestion, UsageSlice, UsageSum};

/// Budgets, schedules, and sums of usage.
#[async_trait]
pub trait Accounting: Send + Sync {
    /// Every budget, by id.
    async fn budgets(&self) -> Out<Vec<Budget>>;
    /// The schedules of a project, by id.
    async fn schedules(&self, project: ProjectId) -> Out<Vec<Schedule>>;
    /// The cost in nano-USD of the usage that matches; what has no price counts nothing.
    async fn cost(&self, sum: &UsageSum) -> Out<u64>;
    /// Usage by groups, at most one slice a group, model and sort (rehearsal or not), ordered by these.
    async fn slices(&self, question: &UsageQuestion) -> Out<Vec<UsageSlice>>;
    /// How many tasks of a project pass that were finished at `since` or later.
    async fn finished_tasks(&self, project: ProjectId, since: Timestamp) -> Out<u64>;
    /// The tasks that agents hold, in one project or in all.
    async fn in_flight(&self, project: Option<ProjectId>) -> Out<Vec<InFlight>>;
    /// What the newest passing tasks took, by task and model; the newest task first, then by model.
    async fn observations(&self, query: &ObservationQuery) -> Out<Vec<Observation>>;
    /// The prices of a version, by model; empty when there is no such version.
    async fn prices(&self, version: &str) -> Out<ModelPrices>;
    /// Writes the prices of a version. A version that is there stays as it is.
    async fn keep_prices(&self, version: &str, prices: &ModelPrices) -> Out<()>;
}
