//! The host: crews follow what people want, with real processes as agents and the store in memory.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails here")]

#[path = "host/world.rs"]
mod world;

use std::time::{Duration, Instant};

use autocoder_agent::host::Notice;
use autocoder_core::agent::{AgentStatus, Wanted};
use autocoder_core::workflow::{
    AgentPatch, delete_project, edit_agent, join_crew, leave_crew, pause_project, resume_project,
};

use crate::world::World;

#[tokio::test(flavor = "multi_thread")]
async fn a_started_agent_works_and_a_stopped_one_hands_its_task_back() {
    let mut world = World::with_tasks(2).await;
    world.add("a", &["sleep", "600"]).await;
    world.host();
    world.want("a", Wanted::Running).await;
    world.until("the task is claimed", async |world| world.in_progress().await == 1).await;
    assert_eq!(world.agent("a").await.status, AgentStatus::Working);
    world.want("a", Wanted::Stopped).await;
    world.until("the crew has left", async |world| world.driven_by().await.is_none()).await;
    assert_eq!((world.in_progress().await, world.failures().await), (0, 0));
    assert_eq!(world.agent("a").await.status, AgentStatus::Stopped);
    assert_eq!(world.open_endpoints(), 0, "the run's way to the tools is closed");
    world.want("a", Wanted::Running).await;
    world.until("it works again", async |world| world.in_progress().await == 1).await;
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paused_agent_finishes_its_task_and_takes_no_other() {
    let mut world = World::with_tasks(3).await;
    world.add("a", &["sh", "-c", "until [ -e go ]; do sleep 0.02; done"]).await;
    world.host();
    world.want("a", Wanted::Running).await;
    world.until("the task is claimed", async |world| world.in_progress().await == 1).await;
    world.want("a", Wanted::Paused).await;
    world.go();
    world.until("the crew has left", async |world| world.driven_by().await.is_none()).await;
    assert_eq!((world.passing().await, world.in_progress().await), (1, 0));
    assert_eq!(world.agent("a").await.wanted, Wanted::Paused);
    world.want("a", Wanted::Running).await;
    world.until("the rest passes", async |world| world.passing().await == 3).await;
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn agents_that_write_take_turns_without_git() {
    let mut world = World::with_tasks(3).await;
    world.host();
    world.add("a", &["sleep", "600"]).await;
    world.want("a", Wanted::Running).await;
    world.until("the first works", async |world| world.in_progress().await == 1).await;
    world.add("b", &["sleep", "600"]).await;
    world.want("b", Wanted::Running).await;
    world.until("the second waits", async |world| world.agent("b").await.status == AgentStatus::Waiting).await;
    assert!(world.agent("b").await.detail.contains("without git one works there at a time"));
    assert_eq!(world.agent("b").await.task, None);
    world.want("a", Wanted::Stopped).await;
    world.until("the second works", async |world| world.agent("b").await.status == AgentStatus::Working).await;
    assert_eq!(world.in_progress().await, 1);
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_that_goes_on_with_nothing_left_is_stopped_and_its_task_handed_back() {
    let mut world = World::with_tasks(1).await;
    world.add("a", &["sleep", "600"]).await;
    world.host();
    world.want("a", Wanted::Running).await;
    world.until("the task is claimed", async |world| world.in_progress().await == 1).await;
    world.drain();
    world.until("the task is handed back", async |world| world.in_progress().await == 0).await;
    world.until("the run has ended", async |world| world.last_detail().await.is_some()).await;
    assert_eq!(world.last_detail().await.as_deref(), Some("the budget is used up, and the agent went on"));
    assert_eq!((world.runs().await, world.failures().await), (1, 0));
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_that_cannot_work_is_stopped_with_the_reason_and_tried_once() {
    let mut world = World::with_tasks(1).await;
    world.add("a", &[]).await;
    world.host();
    world.want("a", Wanted::Running).await;
    world.until("it is stopped", async |world| world.agent("a").await.status == AgentStatus::Crashed).await;
    world.until("the crew has left", async |world| world.driven_by().await.is_none()).await;
    let agent = world.agent("a").await;
    assert_eq!(agent.wanted, Wanted::Stopped);
    assert!(agent.detail.contains("the command runner has no program"), "{}", agent.detail);
    assert_eq!((world.runs().await, world.in_progress().await, world.failures().await), (1, 0, 0));
    world.add("a", &["true"]).await;
    world.want("a", Wanted::Running).await;
    world.until("it works", async |world| world.passing().await == 1).await;
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_is_down_within_ten_seconds_and_the_next_goes_on_with_the_same_agents() {
    let mut world = World::with_tasks(1).await;
    // It ignores the first two signals.
    world.add("a", &["sh", "-c", "trap '' INT TERM; while :; do sleep 0.1; done"]).await;
    world.host();
    world.want("a", Wanted::Running).await;
    world.until("the task is claimed", async |world| world.in_progress().await == 1).await;
    let began = Instant::now();
    world.stop().await;
    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
    assert_eq!((world.in_progress().await, world.failures().await, world.driven_by().await), (0, 0, None));
    assert_eq!(world.agent("a").await.wanted, Wanted::Running);
    world.add("a", &["true"]).await;
    world.host();
    world.until("the task passes", async |world| world.passing().await == 1).await;
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_project_that_another_crew_drives_is_taken_when_it_leaves() {
    let mut world = World::with_tasks(1).await;
    join_crew(&world.cx(), world.project, "elsewhere:1:1", None).await.unwrap();
    world.add("a", &["true"]).await;
    world.host();
    world.want("a", Wanted::Running).await;
    world
        .until("it is refused", async |world| {
            world.notices().iter().any(|notice| notice.contains("Failed") && notice.contains("CrewHeld"))
        })
        .await;
    assert_eq!(world.passing().await, 0);
    leave_crew(&world.cx(), world.project, "elsewhere:1:1", "").await.unwrap();
    world.until("the task passes", async |world| world.passing().await == 1).await;
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paused_project_lets_runs_end_and_a_deleted_one_stops_them() {
    let mut world = World::with_tasks(3).await;
    world.add("a", &["sh", "-c", "until [ -e go ]; do sleep 0.02; done; sleep 0.1"]).await;
    world.host();
    world.want("a", Wanted::Running).await;
    world.until("the task is claimed", async |world| world.in_progress().await == 1).await;
    pause_project(&world.cx(), world.project).await.unwrap();
    world.go();
    world.until("the crew has left", async |world| world.driven_by().await.is_none()).await;
    assert_eq!((world.passing().await, world.in_progress().await), (1, 0));
    let patch = AgentPatch { options: Some(world::command(&["sleep", "600"])), ..AgentPatch::default() };
    edit_agent(&world.cx(), world.project, &world::id("a"), patch).await.unwrap();
    resume_project(&world.cx(), world.project).await.unwrap();
    world.until("the next is claimed", async |world| world.in_progress().await == 1).await;
    delete_project(&world.cx(), world.project, true).await.unwrap();
    world.until("the run is stopped", async |world| world.open_endpoints() == 0).await;
    world.stop().await;
}

/// What a notice is called, for the tests above.
pub(crate) fn told(notice: &Notice) -> String {
    match notice {
        Notice::Crew { .. } => "Crew".to_owned(),
        Notice::Ended { .. } => "Ended".to_owned(),
        Notice::Failed { error, .. } => format!("Failed {error:?}"),
    }
}
