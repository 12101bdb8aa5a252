//! A store in memory: for tools that link the core, for tests, and as the plainest statement of what a store does.

mod accounting;
mod apply;
mod find;
mod ledger;
mod observations;
mod outbox;
mod queries;
mod receipts;
mod unit;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;

use crate::agent::Agent;
use crate::event::Event;
use crate::feature::Feature;
use crate::ids::{
    AgentId, DeliveryId, EventId, FeatureId, MessageId, NoteId, PhaseId, ProjectId, ProposalId, RunId, TaskId, TokenId,
    WebhookId,
};
use crate::note::Note;
use crate::phase::Phase;
use crate::ports::{EventFeed, Out, Queries, Scope, Store, UnitOfWork, UsageLedger};
use crate::project::Project;
use crate::request::Receipt;
use crate::run::Run;
use crate::spec::{Proposal, SpecMessage};
use crate::task::{Edge, Evidence, Task};
use crate::time::Timestamp;
use crate::token::Token;
use crate::usage_record::UsageRecord;
use crate::webhook::{Delivery, Webhook};

/// A store in memory. Clones share what they hold.
#[derive(Clone)]
pub struct MemoryStore {
    state: Arc<Mutex<State>>,
    clock: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    /// One unit of work at a time, whatever its scope.
    turn: Arc<tokio::sync::Mutex<()>>,
}

#[derive(Default)]
struct State {
    last_id: i64,
    projects: BTreeMap<ProjectId, Project>,
    phases: BTreeMap<PhaseId, Phase>,
    features: BTreeMap<FeatureId, Feature>,
    tasks: BTreeMap<TaskId, Task>,
    edges: BTreeSet<Edge>,
    agents: BTreeMap<(ProjectId, AgentId), Agent>,
    evidence: Vec<Evidence>,
    events: Vec<Event>,
    runs: BTreeMap<RunId, Run>,
    usage: BTreeMap<(String, String), UsageRecord>,
    settings: BTreeMap<String, serde_json::Value>,
    imports: BTreeMap<String, crate::ports::ImportState>,
    accounts: accounting::Accounts,
    messages: BTreeMap<MessageId, SpecMessage>,
    notes: BTreeMap<NoteId, Note>,
    proposals: BTreeMap<ProposalId, Proposal>,
    webhooks: BTreeMap<WebhookId, Webhook>,
    tokens: BTreeMap<TokenId, Token>,
    /// By principal and key.
    receipts: BTreeMap<(String, String), Receipt>,
    deliveries: BTreeMap<DeliveryId, Delivery>,
    last_delivery: i64,
    delivered_up_to: i64,
}

impl MemoryStore {
    /// An empty store whose clock is `clock`; the core itself never reads one.
    pub fn new(clock: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self { state: Arc::default(), clock: Arc::new(clock), turn: Arc::default() }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Store for MemoryStore {
    async fn begin(&self, scope: Scope) -> Out<Box<dyn UnitOfWork>> {
        let turn = self.turn.clone().lock_owned().await;
        Ok(Box::new(unit::Unit::new(self.clone(), scope, (self.clock)(), turn)))
    }

    fn queries(&self) -> &dyn Queries {
        self
    }

    fn ledger(&self) -> &dyn UsageLedger {
        self
    }

    fn feed(&self) -> &dyn EventFeed {
        self
    }

    fn outbox(&self) -> &dyn crate::ports::Outbox {
        self
    }

    fn receipts(&self) -> &dyn crate::ports::Receipts {
        self
    }

    fn accounting(&self) -> &dyn crate::ports::Accounting {
        self
    }
}

#[async_trait]
impl EventFeed for MemoryStore {
    async fn after(&self, cursor: EventId, project: Option<ProjectId>, limit: u64) -> Out<Vec<Event>> {
        let state = self.lock();
        let wanted = |event: &&Event| event.id > cursor && project.is_none_or(|id| event.project_id == id);
        Ok(state.events.iter().filter(wanted).take(limit as usize).cloned().collect())
    }

    async fn before(&self, project: ProjectId, before: Option<EventId>, limit: u64) -> Out<Vec<Event>> {
        let state = self.lock();
        let wanted = |event: &&Event| event.project_id == project && before.is_none_or(|id| event.id < id);
        Ok(state.events.iter().rev().filter(wanted).take(limit as usize).cloned().collect())
    }

    async fn newest(&self) -> Out<EventId> {
        Ok(self.lock().events.last().map_or(EventId(0), |event| event.id))
    }
}
