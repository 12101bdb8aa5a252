//! Subscribers of a hub over a store in memory.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use autocoder_core::agent::RunnerKind;
use autocoder_core::event::Actor;
use autocoder_core::ids::{EventId, ProjectId};
use autocoder_core::memory::MemoryStore;
use autocoder_core::ports::Store;
use autocoder_core::project::{NewProject, ProjectPatch};
use autocoder_core::workflow::{Context, create_project, edit_project};
use autocoder_usage::meter::LedgerMeter;
use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use tokio::sync::Notify;
use tokio::time::timeout;

use super::hub::Rhythm;
use super::*;

const NEVER: Duration = Duration::from_secs(3600);
const SILENT: Rhythm = Rhythm { poll: NEVER, ping: NEVER };

type Events = Pin<Box<dyn Stream<Item = Result<Bytes, Infallible>> + Send>>;

/// A store with two projects, its hub, and a handle like another process has it.
struct Server {
    own: Arc<dyn Store>,
    other: Arc<dyn Store>,
    hub: Arc<Hub>,
    projects: Vec<ProjectId>,
}

impl Server {
    async fn start(rhythm: Rhythm, edits_before: usize) -> Self {
        let memory = MemoryStore::new(|| chrono::Utc::now().into());
        let (other, committed): (Arc<dyn Store>, _) = (Arc::new(memory.clone()), Arc::new(Notify::new()));
        let own: Arc<dyn Store> = Arc::new(AnnouncingStore::new(Arc::new(memory), committed.clone()));
        let projects = vec![create(&other, "shop").await, create(&other, "blog").await];
        edit(&other, projects[0], edits_before).await;
        let hub = Hub::start_with(other.clone(), committed, rhythm).await.unwrap();
        Self { own, other, hub, projects }
    }

    async fn subscribe(&self, project: Option<usize>, start: Start) -> Events {
        let project = project.map(|index| self.projects[index]);
        Box::pin(subscribe(&self.hub, project, start).await.unwrap().expect("the hub is open"))
    }
}

async fn create(store: &Arc<dyn Store>, name: &str) -> ProjectId {
    let usage = LedgerMeter::new(store.clone(), RunnerKind::ClaudeCode);
    let cx = Context { store: &**store, usage: &usage, actor: &Actor::System, request: None };
    let new = NewProject {
        name: name.into(),
        title: String::new(),
        path: "/code".into(),
        description: String::new(),
        spec: None,
        settings: Default::default(),
    };
    create_project(&cx, new).await.unwrap().id
}

/// Each edit is one event.
async fn edit(store: &Arc<dyn Store>, project: ProjectId, times: usize) {
    let usage = LedgerMeter::new(store.clone(), RunnerKind::ClaudeCode);
    let cx = Context { store: &**store, usage: &usage, actor: &Actor::System, request: None };
    for _ in 0..times {
        edit_project(&cx, project, ProjectPatch::default()).await.unwrap();
    }
}

async fn chunk(events: &mut Events) -> Option<String> {
    let chunk = timeout(Duration::from_secs(20), events.next()).await.expect("something comes");
    chunk.map(|bytes| String::from_utf8(bytes.unwrap().to_vec()).unwrap())
}

/// The ids of events, in the order they come in, until `last` is among them.
async fn ids_until(events: &mut Events, last: i64) -> Vec<i64> {
    let mut ids = Vec::new();
    while !ids.contains(&last) {
        let text = chunk(events).await.expect("the stream goes on");
        let is_event = |frame: &&str| frame.contains("\nevent: project.");
        let frames = text.split("\n\n").filter(is_event);
        ids.extend(frames.map(|frame| frame.lines().next().unwrap()[4..].parse::<i64>().unwrap()));
    }
    ids
}

#[tokio::test]
async fn a_new_subscriber_hears_at_once_and_then_of_what_this_process_commits() {
    let server = Server::start(SILENT, 3).await;
    let mut events = server.subscribe(None, Start::Now).await;
    assert_eq!(chunk(&mut events).await.unwrap(), ": connected\nid: 5\n\n");
    edit(&server.own, server.projects[0], 1).await;
    assert_eq!(ids_until(&mut events, 6).await, [6]);
    let newest = server.hub.position();
    assert_eq!(*newest.borrow(), EventId(6));
}

#[tokio::test]
async fn what_another_process_commits_is_found() {
    let server = Server::start(Rhythm { poll: Duration::from_millis(75), ping: NEVER }, 0).await;
    let mut events = server.subscribe(None, Start::Now).await;
    edit(&server.other, server.projects[1], 2).await;
    assert_eq!(ids_until(&mut events, 4).await, [3, 4]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn resuming_while_others_commit_leaves_no_gap_and_repeats_nothing() {
    const LAST: i64 = 2_002;
    let server = Arc::new(Server::start(Rhythm { poll: Duration::from_millis(5), ping: NEVER }, 500).await);
    let writers = [server.own.clone(), server.other.clone()].map(|store| {
        let project = server.projects[0];
        tokio::spawn(async move {
            for _ in 0..75 {
                edit(&store, project, 10).await;
                tokio::task::yield_now().await;
            }
        })
    });
    let readers = (0..40).map(|reader| {
        let server = server.clone();
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(reader)).await;
            let seen = reader as i64 * 12;
            let project = (reader % 2 == 0).then_some(0);
            let mut events = server.subscribe(project, Start::After(EventId(seen))).await;
            // Event 2 made the other project.
            let is_shown = |id: &i64| project.is_none() || *id != 2;
            let expected: Vec<_> = (seen + 1..=LAST).filter(is_shown).collect();
            assert_eq!(ids_until(&mut events, LAST).await, expected, "reader {reader}");
        })
    });
    for task in readers.collect::<Vec<_>>().into_iter().chain(writers) {
        task.await.unwrap();
    }
}

#[tokio::test]
async fn only_who_can_miss_nothing_resumes() {
    let server = Server::start(SILENT, 10_050).await;
    let newest = 10_052;
    let resync = format!(": connected\n\nid: {newest}\nevent: resync\ndata: {newest}\n\n");
    let resumed = ": connected\n\n".to_owned();
    let cases = [
        (newest + 1, &resync),
        (i64::MAX, &resync),
        (newest, &resumed),
        (newest - 10_000, &resumed),
        (newest - 10_001, &resync),
        (0, &resync),
    ];
    for (seen, expected) in cases {
        let mut events = server.subscribe(None, Start::After(EventId(seen))).await;
        assert_eq!(chunk(&mut events).await.as_ref(), Some(expected), "{seen}");
    }
    let mut events = server.subscribe(None, Start::After(EventId(0))).await;
    edit(&server.own, server.projects[1], 1).await;
    assert_eq!(ids_until(&mut events, newest + 1).await, [newest + 1], "it goes on behind the resync");
}

#[tokio::test]
async fn who_saw_an_event_first_on_another_server_resumes_behind_it() {
    let server = Server::start(SILENT, 0).await;
    edit(&server.other, server.projects[0], 3).await;
    let mut events = server.subscribe(None, Start::After(EventId(4))).await;
    edit(&server.own, server.projects[0], 1).await;
    assert_eq!(ids_until(&mut events, 6).await, [5, 6]);
}

#[tokio::test]
async fn a_filter_shows_one_project_missed_and_live() {
    let server = Server::start(SILENT, 2).await;
    edit(&server.own, server.projects[1], 1).await;
    let mut events = server.subscribe(Some(1), Start::After(EventId(0))).await;
    edit(&server.own, server.projects[0], 2).await;
    edit(&server.own, server.projects[1], 1).await;
    assert_eq!(ids_until(&mut events, 8).await, [2, 5, 8]);
}

#[tokio::test]
async fn a_ping_comes_with_the_position() {
    let server = Server::start(Rhythm { poll: NEVER, ping: Duration::from_millis(20) }, 0).await;
    let mut events = server.subscribe(Some(0), Start::Now).await;
    chunk(&mut events).await.unwrap();
    for _ in 0..2 {
        assert_eq!(chunk(&mut events).await.unwrap(), ": ping\nid: 2\n\n");
    }
}

#[tokio::test]
async fn a_subscriber_that_does_not_read_is_dropped_and_delays_nobody() {
    let server = Server::start(SILENT, 0).await;
    let mut slow = server.subscribe(None, Start::Now).await;
    let mut prompt = server.subscribe(None, Start::Now).await;
    chunk(&mut prompt).await.unwrap();
    edit(&server.other, server.projects[0], 300).await;
    for event in server.other.feed().after(EventId(2), None, 300).await.unwrap() {
        let id = event.id.0;
        server.hub.publish(Batch::of(vec![event]).unwrap());
        assert_eq!(ids_until(&mut prompt, id).await, [id]);
    }
    assert!(chunk(&mut slow).await.unwrap().starts_with(": connected"));
    assert_eq!(chunk(&mut slow).await, None);
}

#[tokio::test]
async fn closing_ends_every_stream() {
    let server = Server::start(SILENT, 0).await;
    let mut events = server.subscribe(None, Start::Now).await;
    chunk(&mut events).await.unwrap();
    server.hub.close();
    assert_eq!(chunk(&mut events).await, None);
    assert!(subscribe(&server.hub, None, Start::Now).await.unwrap().is_none());
    assert!(server.hub.batches().is_none());
}
