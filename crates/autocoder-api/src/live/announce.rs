//! A store that says when this process has committed, so that its own changes are shown at once.

use std::sync::Arc;

use async_trait::async_trait;
use autocoder_core::changes::{Changes, Node};
use autocoder_core::feature::Feature;
use autocoder_core::ids::{AgentId, FeatureId, PhaseId, TaskId, TokenId, WebhookId};
use autocoder_core::phase::Phase;
use autocoder_core::ports::{
    Accounting, Counting, EventFeed, Out, Outbox, PlanRows, Queries, Receipts, Scope, Store, UnitOfWork, UsageLedger,
};
use autocoder_core::project::Project;
use autocoder_core::scheduler::{PhaseTally, Standing, WorkQuery};
use autocoder_core::spec::Proposal;
use autocoder_core::task::{Branch, Edge, Task};
use autocoder_core::time::Timestamp;
use autocoder_core::token::Token;
use autocoder_core::webhook::Webhook;
use tokio::sync::Notify;

/// Forwards everything to another store and notifies after each commit.
pub struct AnnouncingStore {
    inner: Arc<dyn Store>,
    committed: Arc<Notify>,
}

impl AnnouncingStore {
    /// Decorates `inner`; `committed` has one waiter, the hub.
    pub fn new(inner: Arc<dyn Store>, committed: Arc<Notify>) -> Self {
        Self { inner, committed }
    }
}

#[async_trait]
impl Store for AnnouncingStore {
    async fn begin(&self, scope: Scope) -> Out<Box<dyn UnitOfWork>> {
        let inner = self.inner.begin(scope).await?;
        Ok(Box::new(AnnouncingUnit { inner, committed: self.committed.clone() }))
    }

    fn queries(&self) -> &dyn Queries {
        self.inner.queries()
    }

    fn ledger(&self) -> &dyn UsageLedger {
        self.inner.ledger()
    }

    fn feed(&self) -> &dyn EventFeed {
        self.inner.feed()
    }

    fn outbox(&self) -> &dyn Outbox {
        self.inner.outbox()
    }

    fn receipts(&self) -> &dyn Receipts {
        self.inner.receipts()
    }

    fn accounting(&self) -> &dyn Accounting {
        self.inner.accounting()
    }
}

struct AnnouncingUnit {
    inner: Box<dyn UnitOfWork>,
    committed: Arc<Notify>,
}

#[async_trait]
impl UnitOfWork for AnnouncingUnit {
    fn now(&self) -> Timestamp {
        self.inner.now()
    }

    async fn project(&mut self, name: &str) -> Out<Option<Project>> {
        self.inner.project(name).await
    }

    async fn standing(&mut self, agent: Option<&AgentId>) -> Out<Standing> {
        self.inner.standing(agent).await
    }

    async fn phases(&mut self) -> Out<Vec<Phase>> {
        self.inner.phases().await
    }

    async fn feature(&mut self, id: FeatureId) -> Out<Option<Feature>> {
        self.inner.feature(id).await
    }

    async fn feature_named(&mut self, phase: PhaseId, name: &str) -> Out<Option<Feature>> {
        self.inner.feature_named(phase, name).await
    }

    async fn branch(&mut self, id: TaskId) -> Out<Option<Branch>> {
        self.inner.branch(id).await
    }

    async fn tasks_in(&mut self, node: Node) -> Out<Vec<Task>> {
        self.inner.tasks_in(node).await
    }

    async fn dependents(&mut self, of: &[TaskId]) -> Out<Vec<(Task, i32)>> {
        self.inner.dependents(of).await
    }

    async fn upstream(&mut self, from: &[TaskId]) -> Out<Vec<Edge>> {
        self.inner.upstream(from).await
    }

    async fn features_with_work(&mut self, query: &WorkQuery, skip: u64) -> Out<Vec<Feature>> {
        self.inner.features_with_work(query, skip).await
    }

    async fn ready_task(&mut self, feature: FeatureId, query: &WorkQuery) -> Out<Option<Task>> {
        self.inner.ready_task(feature, query).await
    }

    async fn tally(&mut self, phase: PhaseId, what: Counting) -> Out<PhaseTally> {
        self.inner.tally(phase, what).await
    }

    async fn lapsed(&mut self) -> Out<Vec<Branch>> {
        self.inner.lapsed().await
    }

    async fn plan(&mut self) -> Out<PlanRows> {
        self.inner.plan().await
    }

    async fn proposals(&mut self, feature: FeatureId) -> Out<Vec<Proposal>> {
        self.inner.proposals(feature).await
    }

    async fn webhook(&mut self, id: WebhookId) -> Out<Option<Webhook>> {
        self.inner.webhook(id).await
    }

    async fn token(&mut self, id: TokenId) -> Out<Option<Token>> {
        self.inner.token(id).await
    }

    async fn new_ids(&mut self, count: u32) -> Out<i64> {
        self.inner.new_ids(count).await
    }

    async fn commit(self: Box<Self>, changes: Changes) -> Out<()> {
        self.inner.commit(changes).await?;
        self.committed.notify_one();
        Ok(())
    }
}
