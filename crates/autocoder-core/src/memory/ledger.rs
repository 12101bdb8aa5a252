//! Runs, usage and settings in memory.

use async_trait::async_trait;

use super::MemoryStore;
use super::accounting::counts;
use crate::ids::{AgentId, ProjectId, RunId};
use crate::ports::{ImportState, Out, RunEnd, UsageLedger};
use crate::run::{Run, Tokens};
use crate::time::Timestamp;
use crate::usage_record::{UsageRecord, UsageSum};

#[async_trait]
impl UsageLedger for MemoryStore {
    async fn now(&self) -> Out<Timestamp> {
        Ok((self.clock)())
    }

    async fn start_run(&self, run: Run) -> Out<RunId> {
        let mut state = self.lock();
        let id = RunId(state.runs.last_key_value().map_or(1, |(last, _)| last.0 + 1));
        state.runs.insert(id, Run { id, ..run });
        Ok(id)
    }

    async fn end_run(&self, id: RunId, end: RunEnd) -> Out<()> {
        if let Some(run) = self.lock().runs.get_mut(&id).filter(|run| run.ended_at.is_none()) {
            run.ended_at = Some(end.at);
            run.outcome = Some(end.outcome);
            run.detail = end.detail;
            run.tokens = end.tokens;
            run.cost_reported_nusd = end.cost_reported_nusd;
        }
        Ok(())
    }

    async fn open_runs(&self, project: ProjectId) -> Out<Vec<Run>> {
        let state = self.lock();
        Ok(state.runs.values().filter(|run| run.project == project && run.ended_at.is_none()).cloned().collect())
    }

    async fn runs(&self, project: ProjectId, agent: Option<&AgentId>, limit: u64) -> Out<Vec<Run>> {
        let state = self.lock();
        let wanted = |run: &&Run| run.project == project && agent.is_none_or(|agent| run.agent == *agent);
        Ok(state.runs.values().rev().filter(wanted).take(limit as usize).cloned().collect())
    }

    async fn run(&self, id: RunId) -> Out<Option<Run>> {
        Ok(self.lock().runs.get(&id).cloned())
    }

    async fn record(&self, records: Vec<UsageRecord>) -> Out<()> {
        let mut state = self.lock();
        for record in records {
            let key = (record.source.clone(), record.message_id.clone());
            match state.usage.get_mut(&key) {
                Some(known) => {
                    known.tokens = known.tokens.fuller(record.tokens);
                    known.cost_nusd = known.cost_nusd.max(record.cost_nusd);
                }
                None => {
                    state.usage.insert(key, record);
                }
            }
        }
        Ok(())
    }

    async fn used(&self, sum: &UsageSum) -> Out<Tokens> {
        let state = self.lock();
        Ok(state
            .usage
            .values()
            .filter(|record| counts(sum, record))
            .fold(Tokens::default(), |sum, record| sum.plus(record.tokens)))
    }

    async fn imports(&self, kind: &str) -> Out<Vec<ImportState>> {
        Ok(self.lock().imports.values().filter(|state| state.kind == kind).cloned().collect())
    }

    async fn save_imports(&self, states: &[ImportState]) -> Out<()> {
        self.lock().imports.extend(states.iter().map(|state| (state.path.clone(), state.clone())));
        Ok(())
    }

    async fn counted(&self, source: &str, messages: &[String]) -> Out<Vec<(String, Tokens)>> {
        let state = self.lock();
        let tokens = |message: &String| state.usage.get(&(source.to_owned(), message.clone())).map(|r| r.tokens);
        Ok(messages.iter().filter_map(|message| Some((message.clone(), tokens(message)?))).collect())
    }

    async fn known_sources(&self, sources: &[String]) -> Out<Vec<String>> {
        let state = self.lock();
        let known = |source: &&String| state.usage.keys().any(|(known, _)| known == *source);
        Ok(sources.iter().filter(known).cloned().collect())
    }

    async fn setting(&self, key: &str) -> Out<Option<serde_json::Value>> {
        Ok(self.lock().settings.get(key).cloned())
    }

    async fn set_setting(&self, key: &str, value: serde_json::Value) -> Out<()> {
        self.lock().settings.insert(key.to_owned(), value);
        Ok(())
    }
}
