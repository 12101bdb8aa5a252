//! What screens show: views and pages, read without any lock.

mod find;
mod inbox;
mod review;
mod tasks;
mod tree;

use async_trait::async_trait;
use autocoder_core::agent::Agent;
use autocoder_core::changes::Node;
use autocoder_core::ids::{FeatureId, PhaseId, ProjectId, TaskId, TokenId};
use autocoder_core::note::Note;
use autocoder_core::ports::{Out, PlanRows, Queries, TaskFilter};
use autocoder_core::spec::{Proposal, SpecMessage};
use autocoder_core::task::Evidence;
use autocoder_core::token::Token;
use autocoder_core::view::{
    FeatureView, GraphView, InboxItem, Page, PhaseView, ProjectView, ReviewedTask, SearchHit, TaskCard, TaskCounts,
    TaskView,
};
use autocoder_core::webhook::Webhook;

use crate::entity::{agent, columns, field};
use crate::read;
use crate::store::SeaOrmStore;

#[async_trait]
impl Queries for SeaOrmStore {
    async fn projects(&self) -> Out<Vec<ProjectView>> {
        let now = self.time().await?;
        let mut projects = tree::projects(&self.reader(), None, now).await?;
        // Collations differ between databases.
        projects.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(projects)
    }

    async fn project(&self, name: &str) -> Out<Option<ProjectView>> {
        let now = self.time().await?;
        Ok(tree::projects(&self.reader(), Some(name), now).await?.pop())
    }

    async fn project_id(&self, name: &str) -> Out<Option<ProjectId>> {
        let sql = "SELECT id FROM projects WHERE name = $1";
        let row = self.reader().one("loading a project", sql, [name.into()]).await?;
        row.map(|row| field(&row, "id").map(ProjectId)).transpose()
    }

    async fn phases(&self, project: ProjectId) -> Out<Vec<PhaseView>> {
        tree::phases(&self.reader(), project).await
    }

    async fn features(&self, project: ProjectId, phase: Option<PhaseId>) -> Out<Vec<FeatureView>> {
        tree::features(&self.reader(), project, phase).await
    }

    async fn feature(&self, project: ProjectId, id: FeatureId) -> Out<Option<FeatureView>> {
        tree::feature(&self.reader(), project, id).await
    }

    async fn tasks(&self, project: ProjectId, filter: &TaskFilter) -> Out<Page<TaskCard>> {
        tasks::cards(&self.reader(), project, filter).await
    }

    async fn task(&self, project: ProjectId, id: TaskId) -> Out<Option<TaskView>> {
        tasks::task(&self.reader(), project, id).await
    }

    async fn project_of_task(&self, id: TaskId) -> Out<Option<String>> {
        tasks::project_of(&self.reader(), id).await
    }

    async fn counts_of(&self, project: ProjectId, filter: &TaskFilter) -> Out<TaskCounts> {
        tasks::counts(&self.reader(), project, filter).await
    }

    async fn review(&self, project: ProjectId, phase: PhaseId, limit: u64) -> Out<Vec<ReviewedTask>> {
        review::review(&self.reader(), project, phase, limit).await
    }

    async fn inbox(&self, project: Option<ProjectId>) -> Out<Vec<InboxItem>> {
        inbox::inbox(&self.snapshot().await?, project).await
    }

    async fn agents(&self, project: ProjectId) -> Out<Vec<Agent>> {
        let sql = format!("SELECT {} FROM agents a WHERE a.project_id = $1", columns::<agent::Entity>("a", ""));
        let rows = self.reader().all("loading agents", &sql, [project.0.into()]).await?;
        let mut agents: Vec<Agent> = read::every::<agent::Model, _>(&rows, "")?;
        agents.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(agents)
    }

    async fn least_verified(&self, project: ProjectId, limit: u64) -> Out<Vec<TaskId>> {
        tasks::least_verified(&self.reader(), project, limit).await
    }

    async fn evidence(&self, project: ProjectId, task: TaskId) -> Out<Vec<Evidence>> {
        tasks::evidence(&self.reader(), project, task).await
    }

    async fn plan(&self, project: ProjectId) -> Out<PlanRows> {
        read::plan::plan(&self.snapshot().await?, project).await
    }

    async fn graph(&self, project: ProjectId, within: Option<Node>) -> Out<GraphView> {
        find::graph(&self.snapshot().await?, project, within).await
    }

    async fn search(&self, project: Option<ProjectId>, text: &str, limit: u64) -> Out<Vec<SearchHit>> {
        find::search(&self.reader(), project, text, limit).await
    }

    async fn spec_messages(&self, project: ProjectId, feature: FeatureId) -> Out<Vec<SpecMessage>> {
        read::hosted::messages(&self.reader(), project, feature).await
    }

    async fn notes(&self, project: ProjectId, phase: Option<PhaseId>) -> Out<Vec<Note>> {
        read::hosted::notes(&self.reader(), project, phase).await
    }

    async fn proposals(&self, project: ProjectId, feature: FeatureId) -> Out<Vec<Proposal>> {
        read::hosted::proposals(&self.reader(), project, feature).await
    }

    async fn webhooks(&self) -> Out<Vec<Webhook>> {
        read::hosted::webhooks(&self.reader()).await
    }

    async fn tokens(&self) -> Out<Vec<Token>> {
        read::hosted::tokens(&self.reader()).await
    }

    async fn token(&self, id: TokenId) -> Out<Option<Token>> {
        read::hosted::token(&self.reader(), id).await
    }
}
