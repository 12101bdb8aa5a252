//! A plan file as a plan: imported by the real use case into a store in memory.

use async_trait::async_trait;
use autocoder_core::error::Refused;
use autocoder_core::event::Actor;
use autocoder_core::ids::ProjectId;
use autocoder_core::memory::MemoryStore;
use autocoder_core::plan::PlanDocument;
use autocoder_core::ports::{Out, PlanRows, Store, UsageMeter};
use autocoder_core::project::{NewProject, Project};
use autocoder_core::scheduler::UsageLevel;
use autocoder_core::time::Timestamp;
use autocoder_core::workflow::{Context, create_project, import_plan};

/// Nothing is limited.
struct NoLimit;

#[async_trait]
impl UsageMeter for NoLimit {
    async fn level(&self, _: ProjectId) -> Out<UsageLevel> {
        Ok(UsageLevel::default())
    }
}

/// The project and rows that importing `document` at `now` gives.
///
/// # Errors
/// As the import.
pub async fn plan_of(document: PlanDocument, now: Timestamp) -> Result<(Project, PlanRows), Refused> {
    let (store, actor) = (MemoryStore::new(move || now), Actor::Person("simulation".to_owned()));
    let cx = Context { store: &store, usage: &NoLimit, actor: &actor, request: None };
    let project = create_project(
        &cx,
        NewProject { name: "simulation".to_owned(), path: "/".to_owned(), ..NewProject::default() },
    )
    .await?;
    import_plan(&cx, project.id, document).await?;
    let rows = store.queries().plan(project.id).await?;
    Ok((project, rows))
}
