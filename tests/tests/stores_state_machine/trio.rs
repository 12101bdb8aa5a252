//! The three stores with one project each, in step.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use autocoder_core::event::Actor;
use autocoder_core::ids::TaskId;
use autocoder_core::memory::MemoryStore;
use autocoder_core::ports::{PlanRows, Store, TaskFilter};
use autocoder_core::scheduler::UsageLevel;
use autocoder_core::task::TaskStatus;
use autocoder_core::view::{InboxKind, ProjectView};
use autocoder_core::workflow::{Context, Fence, delete_project, import_plan, why_task};
use autocoder_storage::{OpenOptions, SeaOrmStore, Target};
use autocoder_testkit::builder::Plan;
use autocoder_testkit::clock::TestClock;
use autocoder_testkit::contract::assert_counters_of;
use autocoder_testkit::meter::FixedMeter;
use autocoder_testkit::oracle::{Facts, decide};
use autocoder_testkit::postgres::PostgresCluster;
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};

use crate::call::Call;
use crate::perform::{Turn, agent, document, perform};
use crate::side::Side;

/// Calls made so far.
pub(crate) static CALLS: AtomicUsize = AtomicUsize::new(0);

/// Whole plans are compared after so many calls, and after every call that may add rows.
const COMPARED_EVERY: usize = 10;

/// The stores of the whole test.
struct World {
    runtime: Runtime,
    clock: TestClock,
    stores: [Arc<dyn Store>; 3],
    person: Actor,
    _directory: TempDir,
}

static WORLD: OnceLock<World> = OnceLock::new();

impl World {
    fn get() -> &'static Self {
        WORLD.get_or_init(|| {
            let runtime = Builder::new_current_thread().enable_all().build().unwrap();
            let (clock, directory) = (TestClock::default(), tempfile::tempdir().unwrap());
            let cluster = PostgresCluster::shared().unwrap();
            let sql = |target| {
                let options = OpenOptions { clock: Some(Arc::new(clock.reader())), ..OpenOptions::default() };
                Arc::new(runtime.block_on(SeaOrmStore::open(target, options)).unwrap())
            };
            let stores: [Arc<dyn Store>; 3] = [
                Arc::new(MemoryStore::new(clock.reader())),
                sql(Target::Sqlite(directory.path().join("autocoder.db"))),
                sql(Target::Postgres(cluster.url(&cluster.create_database().unwrap()))),
            ];
            Self { stores, clock, person: Actor::Person("ann".to_owned()), runtime, _directory: directory }
        })
    }
}

/// One sequence's project on each store; the first store is the one in memory.
pub(crate) struct Trio {
    name: String,
    sides: [Side; 3],
    meter: FixedMeter,
    claims: Vec<(TaskId, Fence)>,
    number: usize,
}

impl Trio {
    pub(crate) fn with_new_project() -> Self {
        static PROJECTS: AtomicUsize = AtomicUsize::new(0);
        let (world, meter) = (World::get(), FixedMeter::unlimited());
        let name = format!("p{}", PROJECTS.fetch_add(1, Ordering::Relaxed));
        let sides = world.stores.each_ref().map(|store| {
            world.runtime.block_on(async {
                let cx = Context { store: &**store, usage: &meter, actor: &world.person, request: None };
                let cursor = store.feed().newest().await.unwrap();
                let project = Plan::new(&name).create(&cx).await.unwrap();
                import_plan(&cx, project, document(0)).await.unwrap();
                Side::new(Arc::clone(store), project, cursor)
            })
        });
        let mut trio = Self { name, sides, meter, claims: Vec::new(), number: 0 };
        world.runtime.block_on(trio.compare());
        trio
    }

    /// Makes the call on all three and compares.
    pub(crate) fn apply(&mut self, call: &Call) {
        let world = World::get();
        match call {
            Call::Advance(seconds) => world.clock.advance(*seconds),
            Call::SetLevel { left, payable } => {
                self.meter.0 = UsageLevel { available_bp: *left, payable_tasks: *payable, ..UsageLevel::default() };
            }
            _ => world.runtime.block_on(self.call(world, call)),
        }
    }

    async fn call(&mut self, world: &World, call: &Call) {
        CALLS.fetch_add(1, Ordering::Relaxed);
        self.number += 1;
        let rows = self.sides[0].rows().await;
        let expected = match call {
            Call::Claim(number) | Call::Peek(number) => Some(self.oracle(world, &rows, *number).await),
            _ => None,
        };
        let turn = Turn { number: self.number, name: &self.name, rows: &rows, claims: &self.claims };
        let one = |side: &'static str, at: usize| {
            let (this, turn, meter) = (&self.sides[at], &turn, &self.meter);
            async move {
                let cx = Context { store: &*this.store, usage: meter, actor: &world.person, request: None };
                (side, this.normalise(&perform(this, &cx, call, turn).await))
            }
        };
        let (memory, sqlite, postgres) = tokio::join!(one("memory", 0), one("SQLite", 1), one("PostgreSQL", 2));
        for (name, answer) in [&sqlite, &postgres] {
            assert_same(&format!("{name}'s answer to {call:?}"), answer, &memory.1);
        }
        if call.may_add() || self.number.is_multiple_of(COMPARED_EVERY) {
            self.compare().await;
        }
        if let Some(expected) = expected {
            let after = self.sides[0].rows().await;
            self.check_claim(call, expected, &memory.1, &after);
        }
    }

    async fn oracle(&self, world: &World, rows: &PlanRows, number: usize) -> Option<TaskId> {
        let queries = self.sides[0].store.queries();
        let project = queries.project(&self.name).await.unwrap().unwrap();
        let agents = queries.agents(project.id).await.unwrap();
        let id = agent(number);
        let facts = Facts {
            status: project.status,
            writers_per_feature: project.settings.writers_per_feature,
            wanted: agents.iter().find(|agent| agent.id == id).map(|agent| agent.wanted),
        };
        decide(rows, &facts, &id, &self.meter.0, world.clock.now())
    }

    fn check_claim(&mut self, call: &Call, expected: Option<TaskId>, answer: &str, after: &PlanRows) {
        let is_task = answer.starts_with("Ok(Task(");
        assert_eq!(is_task, expected.is_some(), "the oracle says {expected:?}: {answer}");
        let Some(id) = expected else { return };
        let start = format!("Ok(Task(Claim {{ task: Task {{ id: TaskId({id})");
        assert!(answer.starts_with(&start), "the oracle says {id}: {answer}");
        let task = after.tasks.iter().find(|task| task.id == id).unwrap();
        if let (Call::Claim(number), TaskStatus::InProgress) = (call, task.status) {
            self.claims.push((id, Fence { agent: agent(*number), attempt: task.attempt }));
        }
    }

    /// Compares the plans and what happened since the last time.
    async fn compare(&mut self) {
        let [memory, sqlite, postgres] = &mut self.sides;
        let rows = memory.rows().await;
        memory.learn(&rows, &rows);
        let (plan, news) = (memory.normalise(&format!("{rows:?}")), memory.news().await);
        let same = async |side: &mut Side, name: &str| {
            let found = side.rows().await;
            side.learn(&rows, &found);
            assert_same(&format!("{name}'s plan"), &side.normalise(&format!("{found:?}")), &plan);
            assert_same(&format!("{name}'s events"), &side.news().await, &news);
        };
        tokio::join!(same(sqlite, "SQLite"), same(postgres, "PostgreSQL"));
    }

    /// Compares what screens show, counts everything anew and deletes the project.
    pub(crate) fn finish(mut self) {
        let world = World::get();
        world.runtime.block_on(async {
            self.compare().await;
            let mut shown = Vec::new();
            for side in &self.sides {
                let cx = Context { store: &*side.store, usage: &self.meter, actor: &world.person, request: None };
                let project = side.store.queries().project(&self.name).await.unwrap().unwrap();
                assert_counters_of(&*side.store, &project).await;
                shown.push(side.normalise(&screens(side, &cx, project).await));
                delete_project(&cx, side.project, true).await.unwrap();
            }
            assert_same("SQLite's screens", &shown[1], &shown[0]);
            assert_same("PostgreSQL's screens", &shown[2], &shown[0]);
        });
    }
}

/// Shows only what is around the first difference: the texts are long.
fn assert_same(what: &str, found: &str, memory: &str) {
    if found != memory {
        let same = found.bytes().zip(memory.bytes()).take_while(|(a, b)| a == b).count();
        let around = |text: &str| {
            String::from_utf8_lossy(&text.as_bytes()[same.saturating_sub(300)..])[..]
                .chars()
                .take(500)
                .collect::<String>()
        };
        panic!("{what} is not memory's:\n…{}…\nin memory:\n…{}…", around(found), around(memory));
    }
}

async fn screens(side: &Side, cx: &Context<'_>, project: ProjectView) -> String {
    let (queries, id) = (side.store.queries(), project.id);
    let mut inbox = queries.inbox(Some(id)).await.unwrap();
    for item in &mut inbox {
        item.id = if item.kind == InboxKind::Gate { 0 } else { side.common(item.id) };
    }
    let all = TaskFilter::default();
    let tasks = queries.tasks(id, &all).await.unwrap();
    let mut text = format!(
        "{project:?} {:?} {:?} {tasks:?} {inbox:?} {:?} {:?}",
        queries.phases(id).await.unwrap(),
        queries.features(id, None).await.unwrap(),
        queries.counts(id).await.unwrap(),
        queries.agents(id).await.unwrap(),
    );
    for card in tasks.items {
        let why = why_task(cx, id, card.id).await.unwrap();
        text += &format!("{:?} {why:?}", queries.task(id, card.id).await.unwrap());
    }
    text
}
