//! The books of one run: what its agent reports, as records for the ledger.

use std::sync::{Mutex, PoisonError};

use autocoder_core::ids::RunId;
use autocoder_core::ports::{Out, UsageLedger};
use autocoder_core::run::{Run, Tokens};
use autocoder_core::scheduler::Claim;
use autocoder_core::usage_record::UsageRecord;
use autocoder_usage::ledger::{Ledger, Reconciled};
use autocoder_usage::price::cost_nusd;

use crate::runner::{AgentEvent, ModelTotal};

/// Records written in one transaction.
const RECORDS_AT_ONCE: usize = 500;

/// Collects what one run reports.
#[derive(Default)]
pub(super) struct Books(Mutex<Ledger>);

impl Books {
    /// Takes in an event; only reports of usage count.
    pub(super) fn take(&self, event: &AgentEvent) {
        if let AgentEvent::Usage(sample) = event {
            self.lock().sample(sample.clone());
        }
    }

    /// Takes in what the whole run took by the agent's own books.
    pub(super) fn close(&self, totals: &[ModelTotal]) {
        let mut ledger = self.lock();
        for total in totals {
            ledger.total(&total.model, total.tokens);
        }
    }

    /// Writes what is known by now and answers the sum. Writing it again changes nothing.
    pub(super) async fn write(&self, store: &dyn UsageLedger, run: &Run, claim: &Claim) -> Out<Tokens> {
        let Reconciled { records, .. } = self.lock().reconcile(&prefix(run.id));
        let at = store.now().await?;
        let mut sum = Tokens::default();
        let mut batch = Vec::with_capacity(records.len());
        for record in records {
            sum = sum.plus(record.tokens);
            batch.push(UsageRecord {
                source: prefix(run.id),
                message_id: record.message_id,
                project: run.project,
                phase: Some(claim.phase.id),
                feature: Some(claim.feature.id),
                task: Some(claim.task.id),
                agent: run.agent.clone(),
                run: run.id,
                at,
                cost_nusd: cost_nusd(&record.model, record.tokens),
                model: record.model,
                tokens: record.tokens,
                quality: record.quality,
                rehearsal: run.rehearsal,
            });
        }
        while !batch.is_empty() {
            let rest = batch.split_off(batch.len().min(RECORDS_AT_ONCE));
            store.record(std::mem::replace(&mut batch, rest)).await?;
        }
        Ok(sum)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Ledger> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn prefix(run: RunId) -> String {
    format!("run:{run}")
}
