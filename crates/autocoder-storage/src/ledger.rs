//! Runs, usage and settings; each call is a short transaction of its own.

mod imports;
mod record;
mod runs;
pub(crate) mod used;

use async_trait::async_trait;
use autocoder_core::ids::{AgentId, ProjectId, RunId};
use autocoder_core::ports::{ImportState, Out, RunEnd, StoreError, UsageLedger};
use autocoder_core::run::{Run, Tokens};
use autocoder_core::time::Timestamp;
use autocoder_core::usage_record::{UsageRecord, UsageSum};
use serde_json::Value;

pub(crate) use record::{DAY_MICROS, QUARTER_MICROS};

use crate::entity::field;
use crate::postgres;
use crate::store::SeaOrmStore;
use crate::write;

/// Records of one transaction.
const AT_ONCE: usize = 500;

#[async_trait]
impl UsageLedger for SeaOrmStore {
    async fn now(&self) -> Out<Timestamp> {
        self.time().await
    }

    async fn start_run(&self, run: Run) -> Out<RunId> {
        let (link, _turn) = self.writing().await?;
        let id = runs::start(&link, run).await?;
        link.commit().await.map(|()| id)
    }

    async fn end_run(&self, id: RunId, end: RunEnd) -> Out<()> {
        let (link, _turn) = self.writing().await?;
        runs::end(&link, id, end).await?;
        link.commit().await
    }

    async fn open_runs(&self, project: ProjectId) -> Out<Vec<Run>> {
        runs::open(&self.reader(), project).await
    }

    async fn runs(&self, project: ProjectId, agent: Option<&AgentId>, limit: u64) -> Out<Vec<Run>> {
        runs::newest(&self.reader(), project, agent, limit).await
    }

    async fn run(&self, id: RunId) -> Out<Option<Run>> {
        runs::run(&self.reader(), id).await
    }

    async fn record(&self, records: Vec<UsageRecord>) -> Out<()> {
        for records in records.chunks(AT_ONCE) {
            let (link, _turn) = self.writing().await?;
            if !link.is_sqlite() {
                postgres::lock_usage(&link).await?;
            }
            record::record(&link, records).await?;
            link.commit().await?;
        }
        Ok(())
    }

    async fn used(&self, sum: &UsageSum) -> Out<Tokens> {
        used::used(&self.reader(), sum).await.map(|(tokens, _)| tokens)
    }

    async fn imports(&self, kind: &str) -> Out<Vec<ImportState>> {
        imports::states(&self.reader(), kind).await
    }

    async fn save_imports(&self, states: &[ImportState]) -> Out<()> {
        let (link, _turn) = self.writing().await?;
        imports::save(&link, states).await?;
        link.commit().await
    }

    async fn counted(&self, source: &str, messages: &[String]) -> Out<Vec<(String, Tokens)>> {
        imports::counted(&self.reader(), source, messages).await
    }

    async fn known_sources(&self, sources: &[String]) -> Out<Vec<String>> {
        imports::known_sources(&self.reader(), sources).await
    }

    async fn setting(&self, key: &str) -> Out<Option<Value>> {
        let sql = r#"SELECT value FROM settings WHERE "key" = $1"#;
        let row = self.reader().one("reading a setting", sql, [key.into()]).await?;
        let text: Option<String> = row.map(|row| field(&row, "value")).transpose()?;
        let parsed = text.map(|text| serde_json::from_str(&text)).transpose();
        parsed.map_err(|error| StoreError::Failed { step: "reading a setting", detail: error.to_string() })
    }

    async fn set_setting(&self, key: &str, value: Value) -> Out<()> {
        let (link, _turn) = self.writing().await?;
        write::accounting::settings(&link, vec![(key.to_owned(), value)]).await?;
        link.commit().await
    }
}
