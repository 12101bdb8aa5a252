//! The books of one run: what its agent reports, as records for the ledger.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use autocoder_core::ids::{PhaseId, RunId};
use autocoder_core::ports::{Out, UsageLedger};
use autocoder_core::run::{Run, Tokens};
use autocoder_core::time::Timestamp;
use autocoder_core::usage_record::UsageRecord;
use autocoder_usage::ledger::{Ledger, Reconciled};
use autocoder_usage::price::PriceTable;
use autocoder_usage::provider::ProviderWindow;

use crate::runner::{AgentEvent, LimitWindow, ModelTotal, cut};

/// Records written in one transaction.
const RECORDS_AT_ONCE: usize = 500;

/// The longest line that is shown of an agent.
const LINE_BYTES: usize = 200;

/// How often that is written anew.
const NEWS_EVERY: Duration = Duration::from_secs(5);

/// The longest name of a session that is kept.
const SESSION_BYTES: usize = 200;

/// Collects what one run reports.
pub(super) struct Books {
    prices: PriceTable,
    pages: Mutex<Pages>,
}

#[derive(Default)]
struct Pages {
    ledger: Ledger,
    session: Option<String>,
    windows: Vec<LimitWindow>,
    last_line: String,
    /// When that was last asked for as news, and what it was then.
    told: Option<(Instant, String)>,
}

impl Books {
    /// Empty books; costs are by these prices.
    pub(super) fn new(prices: PriceTable) -> Self {
        Self { prices, pages: Mutex::default() }
    }

    /// Takes in an event: reports of usage, the name of the session, and what the provider says of its windows.
    pub(super) fn take(&self, event: &AgentEvent) {
        match event {
            AgentEvent::Usage(sample) => self.lock().ledger.sample(sample.clone()),
            AgentEvent::Started { session, .. } if (1..=SESSION_BYTES).contains(&session.len()) => {
                self.lock().session.get_or_insert_with(|| session.clone());
            }
            AgentEvent::Limit(window) => self.lock().windows.push(window.clone()),
            AgentEvent::ToolCall { name, .. } => self.lock().last_line = cut(&format!("uses {name}"), LINE_BYTES),
            AgentEvent::Text(text) => {
                if let Some(line) = text.lines().rev().map(str::trim).find(|line| !line.is_empty()) {
                    self.lock().last_line = cut(line, LINE_BYTES);
                }
            }
            _ => {}
        }
    }

    /// What the agent said or did last.
    pub(super) fn last_line(&self) -> String {
        self.lock().last_line.clone()
    }

    /// The same when it is another than was told, and not too often.
    pub(super) fn news(&self) -> Option<String> {
        let mut pages = self.lock();
        let is_news = match &pages.told {
            Some((at, line)) => at.elapsed() >= NEWS_EVERY && *line != pages.last_line,
            None => !pages.last_line.is_empty(),
        };
        is_news.then(|| {
            pages.told = Some((Instant::now(), pages.last_line.clone()));
            pages.last_line.clone()
        })
    }

    /// What the provider said of its windows since this was asked; of each the last.
    pub(super) fn new_windows(&self, now: Timestamp) -> Vec<ProviderWindow> {
        let told = std::mem::take(&mut self.lock().windows);
        let known = told.into_iter().filter_map(|window| {
            let LimitWindow { window, used_bp, resets_at, .. } = window;
            Some((window.clone(), ProviderWindow { window, used_bp: used_bp?, resets_at, observed_at: now }))
        });
        known.collect::<BTreeMap<_, _>>().into_values().collect()
    }

    /// Takes in what the whole run took by the agent's own books.
    pub(super) fn close(&self, totals: &[ModelTotal]) {
        let mut pages = self.lock();
        for total in totals {
            pages.ledger.total(&total.model, total.tokens);
        }
    }

    /// Writes what is known by now and answers the sum. Writing it again changes nothing.
    pub(super) async fn write(&self, store: &dyn UsageLedger, run: &Run, phase: Option<PhaseId>) -> Out<Tokens> {
        let (Reconciled { records, .. }, source) = {
            let pages = self.lock();
            // A session is counted once, also when its transcript is imported.
            let source = pages.session.clone().unwrap_or_else(|| prefix(run.id));
            (pages.ledger.reconcile(&prefix(run.id)), source)
        };
        let at = store.now().await?;
        let mut sum = Tokens::default();
        let mut batch = Vec::with_capacity(records.len());
        for record in records {
            sum = sum.plus(record.tokens);
            batch.push(UsageRecord {
                source: source.clone(),
                message_id: record.message_id,
                project: run.project,
                phase,
                feature: run.feature,
                task: run.task,
                agent: run.agent.clone(),
                run: run.id,
                at,
                cost_nusd: self.prices.cost_nusd(&record.model, record.tokens),
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

    fn lock(&self) -> std::sync::MutexGuard<'_, Pages> {
        self.pages.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn prefix(run: RunId) -> String {
    format!("run:{run}")
}
