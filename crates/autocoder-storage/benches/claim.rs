//! The claim as a whole transaction, at 1,000 and at 1,000,000 pending tasks, beside one raw statement in a durable
//! transaction of the same SQLite.

#![expect(clippy::unwrap_used, reason = "a benchmark ends where it cannot measure")]

use std::path::Path;
use std::sync::{Arc, OnceLock};

use autocoder_core::event::Actor;
use autocoder_core::ids::{AgentId, ProjectId};
use autocoder_core::plan::{PlanDocument, PlanFeature, PlanPhase, PlanTask};
use autocoder_core::ports::Store;
use autocoder_core::project::{NewProject, ProjectSettings};
use autocoder_core::workflow::{self, Claiming, Context, Fence};
use autocoder_storage::{OpenOptions, SeaOrmStore, Target};
use autocoder_testkit::meter::FixedMeter;
use autocoder_testkit::postgres::{Durability, PostgresCluster};
use divan::Bencher;
use tokio::runtime::{Builder, Runtime};

const TASKS_A_FEATURE: usize = 1_000;
const CLAIMERS: usize = 32;
const CLAIMS_EACH: usize = 60;

fn main() {
    divan::main();
}

/// A store with one project of so many pending tasks.
struct Seeded {
    runtime: Runtime,
    store: Arc<SeaOrmStore>,
    meter: FixedMeter,
    project: ProjectId,
    _dir: Option<tempfile::TempDir>,
}

impl Seeded {
    fn sqlite(tasks: usize) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let target = Target::Sqlite(dir.path().join("bench.db"));
        Self::at(target, tasks, Some(dir))
    }

    fn at(target: Target, tasks: usize, dir: Option<tempfile::TempDir>) -> Self {
        let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let store = Arc::new(runtime.block_on(SeaOrmStore::open(target, OpenOptions::default())).unwrap());
        let meter = FixedMeter::unlimited();
        let project = runtime.block_on(async {
            let person = Actor::Person("bench".into());
            let cx = Context { store: &*store, usage: &meter, actor: &person, request: None };
            let settings = ProjectSettings { writers_per_feature: 64, ..ProjectSettings::default() };
            let new = NewProject { name: "bench".into(), path: "/".into(), settings, ..NewProject::default() };
            let project = workflow::create_project(&cx, new).await.unwrap();
            workflow::import_plan(&cx, project.id, plan(tasks)).await.unwrap();
            project.id
        });
        Self { runtime, store, meter, project, _dir: dir }
    }

    fn context<'a>(&'a self, actor: &'a Actor) -> Context<'a> {
        Context { store: &*self.store as &dyn Store, usage: &self.meter, actor, request: None }
    }

    /// Claims, and answers how to give it back.
    async fn claim(&self, agent: &AgentId) -> (autocoder_core::ids::TaskId, Fence) {
        let actor = Actor::Agent(agent.clone());
        let claimed = workflow::claim_task(&self.context(&actor), self.project, agent, None).await.unwrap();
        let Claiming::Task(claim) = claimed else { panic!("nothing to claim") };
        (claim.task.id, Fence { agent: agent.clone(), attempt: claim.task.attempt })
    }

    async fn release(&self, (task, fence): (autocoder_core::ids::TaskId, Fence)) {
        let actor = Actor::Agent(fence.agent.clone());
        workflow::release_task(&self.context(&actor), self.project, task, &fence, "").await.unwrap();
    }
}

fn plan(tasks: usize) -> PlanDocument {
    let feature = |number: usize| PlanFeature {
        name: format!("Feature {number}"),
        tasks: (0..TASKS_A_FEATURE.min(tasks))
            .map(|place| PlanTask { name: format!("Task {place}"), description: "x".repeat(80), ..PlanTask::default() })
            .collect(),
        ..PlanFeature::default()
    };
    let features = (0..tasks.div_ceil(TASKS_A_FEATURE)).map(feature).collect();
    PlanDocument {
        phases: vec![PlanPhase { name: "Phase 1".into(), features, ..PlanPhase::default() }],
        ..PlanDocument::default()
    }
}

/// One claim at a time; giving the task back is not counted.
#[divan::bench(args = [1_000, 1_000_000], sample_count = 1_000, sample_size = 1)]
fn claim_sqlite(bencher: Bencher<'_, '_>, tasks: usize) {
    static SMALL: OnceLock<Seeded> = OnceLock::new();
    static LARGE: OnceLock<Seeded> = OnceLock::new();
    let cell = if tasks == 1_000 { &SMALL } else { &LARGE };
    one_at_a_time(bencher, cell.get_or_init(|| Seeded::sqlite(tasks)));
}

#[divan::bench(args = [100_000], sample_count = 500, sample_size = 1)]
fn claim_postgres(bencher: Bencher<'_, '_>, tasks: usize) {
    one_at_a_time(bencher, postgres(tasks));
}

fn postgres(tasks: usize) -> &'static Seeded {
    static CELL: OnceLock<(Seeded, PostgresCluster)> = OnceLock::new();
    let make = || {
        let cluster = PostgresCluster::start(Durability::Durable).unwrap();
        let url = cluster.url(&cluster.create_database().unwrap());
        (Seeded::at(Target::Postgres(url), tasks, None), cluster)
    };
    &CELL.get_or_init(make).0
}

fn one_at_a_time(bencher: Bencher<'_, '_>, seeded: &Seeded) {
    let agent = AgentId("bench-1".into());
    let held = std::cell::RefCell::new(None);
    bencher
        .with_inputs(|| {
            if let Some(held) = held.borrow_mut().take() {
                seeded.runtime.block_on(seeded.release(held));
            }
        })
        .bench_local_values(|()| {
            *held.borrow_mut() = Some(seeded.runtime.block_on(seeded.claim(&agent)));
        });
    if let Some(held) = held.take() {
        seeded.runtime.block_on(seeded.release(held));
    }
}

/// The raw limit: one UPDATE by primary key in a durable transaction, through rusqlite.
#[divan::bench(sample_count = 1_000, sample_size = 1)]
fn raw_update_rusqlite(bencher: Bencher<'_, '_>) {
    let dir = tempfile::tempdir().unwrap();
    let connection = raw_connection(&dir.path().join("raw.db"));
    let mut id = 0_i64;
    bencher.bench_local(|| {
        id = id % 1_000 + 1;
        connection.execute_batch("BEGIN IMMEDIATE").unwrap();
        let mut update = connection.prepare_cached("UPDATE t SET n = n + 1 WHERE id = ?1 RETURNING n").unwrap();
        update.query_row([id], |row| row.get::<_, i64>(0)).unwrap();
        drop(update);
        connection.execute_batch("COMMIT").unwrap();
    });
}

/// The same six statements that a claim has, as plain as can be: what SQLite itself needs for them.
#[divan::bench(sample_count = 1_000, sample_size = 1)]
fn raw_six_statements_rusqlite(bencher: Bencher<'_, '_>) {
    let dir = tempfile::tempdir().unwrap();
    let connection = raw_connection(&dir.path().join("raw.db"));
    let mut id = 0_i64;
    bencher.bench_local(|| {
        id = id % 1_000 + 1;
        connection.execute_batch("BEGIN IMMEDIATE").unwrap();
        for _ in 0..3 {
            let mut read = connection.prepare_cached("SELECT n, note FROM t WHERE id = ?1").unwrap();
            read.query_row([id], |row| row.get::<_, i64>(0)).unwrap();
        }
        for table in ["UPDATE t SET n = n + 1 WHERE id = ?1", "UPDATE u SET n = n + 1 WHERE id = ?1"] {
            connection.prepare_cached(table).unwrap().execute([id]).unwrap();
        }
        connection.prepare_cached("INSERT INTO e (n, note) VALUES (?1, 'event')").unwrap().execute([id]).unwrap();
        connection.execute_batch("COMMIT").unwrap();
    });
}

fn raw_connection(path: &Path) -> rusqlite::Connection {
    let connection = rusqlite::Connection::open(path).unwrap();
    connection.execute_batch("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;").unwrap();
    for table in ["t", "u", "e"] {
        connection
            .execute_batch(&format!("CREATE TABLE {table} (id INTEGER PRIMARY KEY, n INTEGER, note TEXT)"))
            .unwrap();
    }
    for table in ["t", "u"] {
        let rows =
            "WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 1000) SELECT i, 0, 'note' FROM s";
        connection.execute_batch(&format!("INSERT INTO {table} {rows}")).unwrap();
    }
    connection
}

/// Claims by 32 claimers at once, each for another agent; divan prints the time of all 1,920, so that 1 s is 1,920/s.
#[divan::bench(sample_count = 5, sample_size = 1)]
fn claims_by_32_claimers_sqlite(bencher: Bencher<'_, '_>) {
    static CELL: OnceLock<Seeded> = OnceLock::new();
    many_at_once(bencher, CELL.get_or_init(|| Seeded::sqlite(100_000)));
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn claims_by_32_claimers_postgres(bencher: Bencher<'_, '_>) {
    many_at_once(bencher, postgres(100_000));
}

fn many_at_once(bencher: Bencher<'_, '_>, seeded: &'static Seeded) {
    let agents: Vec<Vec<AgentId>> = (0..CLAIMERS)
        .map(|claimer| (0..CLAIMS_EACH).map(|place| AgentId(format!("bench-{claimer}-{place}"))).collect())
        .collect();
    let each = |work: fn(&'static Seeded, Vec<AgentId>) -> tokio::task::JoinHandle<()>| {
        seeded.runtime.block_on(async {
            let started: Vec<_> = agents.iter().map(|agents| work(seeded, agents.clone())).collect();
            for one in started {
                one.await.unwrap();
            }
        });
    };
    let claim_all = |seeded: &'static Seeded, agents: Vec<AgentId>| {
        seeded.runtime.spawn(async move {
            for agent in agents {
                seeded.claim(&agent).await;
            }
        })
    };
    // Asked again while holding gives the same claim, which is then released: this also registers the agents once.
    let release_all = |seeded: &'static Seeded, agents: Vec<AgentId>| {
        seeded.runtime.spawn(async move {
            for agent in agents {
                let held = seeded.claim(&agent).await;
                seeded.release(held).await;
            }
        })
    };
    each(release_all);
    bencher
        .counter(divan::counter::ItemsCount::new(CLAIMERS * CLAIMS_EACH))
        .with_inputs(|| each(release_all))
        .bench_local_values(|()| each(claim_all));
    each(release_all);
}
