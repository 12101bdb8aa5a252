//! A unit of work: loads through one transaction, then writes one change and commits.

use async_trait::async_trait;
use autocoder_core::changes::{Changes, Node};
use autocoder_core::feature::Feature;
use autocoder_core::ids::{AgentId, FeatureId, PhaseId, ProjectId, TaskId, TokenId, WebhookId};
use autocoder_core::phase::Phase;
use autocoder_core::ports::{Counting, Out, PlanRows, Scope, StoreError, UnitOfWork};
use autocoder_core::project::Project;
use autocoder_core::scheduler::{PhaseTally, Standing, WorkQuery};
use autocoder_core::spec::Proposal;
use autocoder_core::task::{Branch, Edge, Task};
use autocoder_core::time::Timestamp;
use autocoder_core::token::Token;
use autocoder_core::webhook::Webhook;

use crate::entity::field;
use crate::link::Link;
use crate::turns::Turn;
use crate::{read, write};

/// The transaction ends before the turn is given up: fields are dropped in their order.
pub(crate) struct Unit {
    link: Link,
    numberer: Option<Link>,
    project: ProjectId,
    now: Timestamp,
    _turn: Turn,
}

impl Unit {
    pub(crate) fn new(link: Link, numberer: Option<Link>, scope: Scope, now: Timestamp, turn: Turn) -> Self {
        let project = match scope {
            // No project has this id, so that a unit above projects finds nothing below them.
            Scope::Installation => ProjectId(0),
            Scope::Project(id) => id,
        };
        Self { link, numberer, project, now, _turn: turn }
    }
}

#[async_trait]
impl UnitOfWork for Unit {
    fn now(&self) -> Timestamp {
        self.now
    }

    async fn project(&mut self, name: &str) -> Out<Option<Project>> {
        read::tree::project(&self.link, name).await
    }

    async fn standing(&mut self, agent: Option<&AgentId>) -> Out<Standing> {
        let found = read::standing::standing(&self.link, self.project, agent, self.now).await?;
        found.ok_or_else(|| StoreError::Stale { noun: "project", id: self.project.to_string() })
    }

    async fn phases(&mut self) -> Out<Vec<Phase>> {
        read::tree::phases(&self.link, self.project).await
    }

    async fn feature(&mut self, id: FeatureId) -> Out<Option<Feature>> {
        read::tree::feature(&self.link, self.project, id).await
    }

    async fn feature_named(&mut self, phase: PhaseId, name: &str) -> Out<Option<Feature>> {
        read::tree::feature_named(&self.link, (self.project, phase), name).await
    }

    async fn branch(&mut self, id: TaskId) -> Out<Option<Branch>> {
        read::tree::branch(&self.link, self.project, id).await
    }

    async fn tasks_in(&mut self, node: Node) -> Out<Vec<Task>> {
        read::tree::tasks_in(&self.link, self.project, node).await
    }

    async fn dependents(&mut self, of: &[TaskId]) -> Out<Vec<(Task, i32)>> {
        read::graph::dependents(&self.link, self.project, of).await
    }

    async fn upstream(&mut self, from: &[TaskId]) -> Out<Vec<Edge>> {
        read::graph::upstream(&self.link, self.project, from).await
    }

    async fn features_with_work(&mut self, query: &WorkQuery, skip: u64) -> Out<Vec<Feature>> {
        read::work::features(&self.link, query, skip).await
    }

    async fn ready_task(&mut self, feature: FeatureId, query: &WorkQuery) -> Out<Option<Task>> {
        read::work::task(&self.link, feature, query).await
    }

    async fn tally(&mut self, phase: PhaseId, what: Counting) -> Out<PhaseTally> {
        read::tally::tally(&self.link, phase, what, self.now).await
    }

    async fn lapsed(&mut self) -> Out<Vec<Branch>> {
        read::tree::lapsed(&self.link, self.project, self.now).await
    }

    async fn plan(&mut self) -> Out<PlanRows> {
        read::plan::plan(&self.link, self.project).await
    }

    async fn proposals(&mut self, feature: FeatureId) -> Out<Vec<Proposal>> {
        read::hosted::proposals(&self.link, self.project, feature).await
    }

    async fn webhook(&mut self, id: WebhookId) -> Out<Option<Webhook>> {
        read::hosted::webhook(&self.link, id).await
    }

    async fn token(&mut self, id: TokenId) -> Out<Option<Token>> {
        read::hosted::token(&self.link, id).await
    }

    async fn new_ids(&mut self, count: u32) -> Out<i64> {
        let link = self.numberer.as_ref().unwrap_or(&self.link);
        let sql = "UPDATE id_sequence SET last_id = last_id + $1 WHERE name = 'plan' RETURNING last_id";
        let row = link.one("numbering", sql, [i64::from(count).into()]).await?;
        let gone = || StoreError::Failed { step: "numbering", detail: "the sequence is missing".to_owned() };
        Ok(field::<i64>(&row.ok_or_else(gone)?, "last_id")? - i64::from(count) + 1)
    }

    async fn commit(self: Box<Self>, changes: Changes) -> Out<()> {
        let now = changes.now();
        write::apply(&self.link, changes.into_set()?, now).await?;
        self.link.commit().await
    }
}
