//! Budgets, schedules, and sums of usage.

mod in_flight;
mod observations;
mod prices;
mod slices;

use async_trait::async_trait;
use autocoder_core::budget::Budget;
use autocoder_core::ids::ProjectId;
use autocoder_core::ports::{Accounting, Out};
use autocoder_core::price::ModelPrices;
use autocoder_core::schedule::Schedule;
use autocoder_core::task::TaskStatus;
use autocoder_core::time::Timestamp;
use autocoder_core::usage_record::{InFlight, Observation, ObservationQuery, UsageQuestion, UsageSlice, UsageSum};

use crate::entity::{budget, columns, field, schedule};
use crate::ledger::used;
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
        slices::slices(&self.reader(), question).await
    }

    async fn finished_tasks(&self, project: ProjectId, since: Timestamp) -> Out<u64> {
        let sql = "SELECT COUNT(*) AS count FROM tasks WHERE project_id = $1 AND status = $2 AND completed_at >= $3";
        let values = [project.0.into(), TaskStatus::Passing.as_str().into(), since.0.into()];
        let row = self.reader().one("counting finished tasks", sql, values).await?;
        let count: Option<i64> = row.map(|row| field(&row, "count")).transpose()?;
        Ok(count.and_then(|count| count.try_into().ok()).unwrap_or(0))
    }

    async fn in_flight(&self, project: Option<ProjectId>) -> Out<Vec<InFlight>> {
        in_flight::in_flight(&self.reader(), project).await
    }

    async fn observations(&self, query: &ObservationQuery) -> Out<Vec<Observation>> {
        observations::observations(&self.reader(), query).await
    }

    async fn prices(&self, version: &str) -> Out<ModelPrices> {
        prices::prices(&self.reader(), version).await
    }

    async fn keep_prices(&self, version: &str, prices: &ModelPrices) -> Out<()> {
        let (link, _turn) = self.writing().await?;
        prices::keep(&link, version, prices).await?;
        link.commit().await
    }
}
