//! Drives a plan to completion inside another program: the whole core on the store in memory.
//!
//! `cargo run -p autocoder-core --example embed --features memory`

use std::io::{Write, stdout};

use autocoder_core::event::Actor;
use autocoder_core::ids::{AgentId, ProjectId};
use autocoder_core::memory::MemoryStore;
use autocoder_core::phase::PhaseStatus;
use autocoder_core::plan;
use autocoder_core::ports::{Out, Store, UsageMeter};
use autocoder_core::project::NewProject;
use autocoder_core::scheduler::{IdleReason, UsageLevel};
use autocoder_core::time::Timestamp;
use autocoder_core::workflow::{self, Claiming, Context, Fence};

/// There is no limit on usage.
struct Unlimited;

#[async_trait::async_trait]
impl UsageMeter for Unlimited {
    async fn level(&self, _: ProjectId) -> Out<UsageLevel> {
        Ok(UsageLevel::default())
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let store = MemoryStore::new(|| Timestamp::from(chrono::Utc::now()));
    let (person, agent) = (Actor::Person("ann".to_owned()), AgentId("coder-1".to_owned()));
    let cx = Context { store: &store, usage: &Unlimited, actor: &person, request: None };

    let new = NewProject { name: "todo".to_owned(), path: "/code/todo".to_owned(), ..NewProject::default() };
    let project = workflow::create_project(&cx, new).await?.id;
    let text = include_bytes!("../../../examples/todo-app.yaml");
    let document = plan::parse(text).map_err(|problems| format!("{problems:?}"))?;
    workflow::import_plan(&cx, project, document).await?;

    loop {
        match workflow::claim_task(&cx, project, &agent, None).await? {
            Claiming::Task(claim) => {
                let fence = Fence { agent: agent.clone(), attempt: claim.attempt() };
                workflow::pass_task(&cx, project, claim.task.id, &fence, Vec::new()).await?;
                writeln!(stdout(), "{}: {} passes", claim.feature.name, claim.task.name)?;
            }
            Claiming::None(idle) if idle.reason == IdleReason::PhaseAwaitingApproval => {
                let phases = store.queries().phases(project).await?;
                let waiting = phases.iter().find(|phase| phase.status == PhaseStatus::AwaitingApproval);
                let phase = waiting.ok_or("no phase waits")?;
                workflow::approve_phase(&cx, project, phase.id, "looks good").await?;
                writeln!(stdout(), "phase {} is approved", phase.name)?;
            }
            Claiming::None(idle) => {
                writeln!(stdout(), "{}", idle.reason)?;
                return if idle.reason == IdleReason::ProjectComplete { Ok(()) } else { Err("work is left".into()) };
            }
        }
    }
}

#[test]
fn the_plan_is_driven_to_completion() {
    main().unwrap();
}
