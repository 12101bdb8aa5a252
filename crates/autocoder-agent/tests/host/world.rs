//! A host over a store in memory, with a project whose agents are small commands.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use async_trait::async_trait;
use autocoder_agent::crew::{Identity, Tools};
use autocoder_agent::host::{Host, HostSettings};
use autocoder_agent::runner::McpEndpoint;
use autocoder_agent::supervisor::Limits;
use autocoder_core::agent::{Agent, AgentOptions, RunnerKind, Wanted};
use autocoder_core::error::Refused;
use autocoder_core::event::Actor;
use autocoder_core::ids::{AgentId, ProjectId, RunId};
use autocoder_core::memory::MemoryStore;
use autocoder_core::ports::{Out, Store, UsageMeter};
use autocoder_core::project::NewProject;
use autocoder_core::scheduler::UsageLevel;
use autocoder_core::time::Timestamp;
use autocoder_core::workflow::{
    AgentPatch, Context, Fence, create_project, edit_agent, import_plan, pass_task, register_agent,
};
use autocoder_testkit::builder::Plan;
use autocoder_testkit::meter::FixedMeter;
use tempfile::TempDir;
use tokio::sync::watch;
use tokio::task::JoinHandle;

static PERSON: Actor = Actor::Person(String::new());
static METER: std::sync::LazyLock<FixedMeter> = std::sync::LazyLock::new(FixedMeter::unlimited);

/// No agent here speaks MCP: what its process did counts when it has ended by itself.
struct ScriptedTools {
    store: Arc<dyn Store>,
    open: Arc<Mutex<BTreeSet<RunId>>>,
    folder: PathBuf,
}

#[async_trait]
impl Tools for ScriptedTools {
    async fn endpoint(&self, identity: &Identity) -> Result<McpEndpoint, Refused> {
        self.open.lock().unwrap().insert(identity.run);
        Ok(McpEndpoint::Stdio { program: "true".into(), args: Vec::new(), env: BTreeMap::new() })
    }

    async fn done(&self, identity: &Identity) {
        self.open.lock().unwrap().remove(&identity.run);
        let Some((task, attempt)) = identity.claim else { return };
        let fence = Fence { agent: identity.agent.clone(), attempt };
        let actor = Actor::Agent(identity.agent.clone());
        let cx = Context { store: &*self.store, usage: &*METER, actor: &actor, request: None };
        let agents = self.store.queries().agents(identity.project).await.unwrap();
        let works = |agent: &Agent| match agent.options.command.first().map(String::as_str) {
            Some("true") => true,
            Some("sh") => self.folder.join("go").exists(),
            _ => false,
        };
        if agents.iter().any(|agent| agent.id == identity.agent && works(agent)) {
            pass_task(&cx, identity.project, task, &fence, Vec::new()).await.unwrap();
        }
    }
}

/// A meter of which somebody may take everything.
struct Draining(Arc<AtomicU32>);

#[async_trait]
impl UsageMeter for Draining {
    async fn level(&self, _: ProjectId) -> Out<UsageLevel> {
        Ok(UsageLevel { available_bp: Some(self.0.load(Ordering::Relaxed)), ..UsageLevel::default() })
    }
}

pub(crate) struct World {
    pub(crate) project: ProjectId,
    store: Arc<dyn Store>,
    dir: TempDir,
    open: Arc<Mutex<BTreeSet<RunId>>>,
    notices: Arc<Mutex<Vec<String>>>,
    left_bp: Arc<AtomicU32>,
    running: Option<(watch::Sender<bool>, JoinHandle<()>)>,
}

pub(crate) fn id(name: &str) -> AgentId {
    AgentId(name.to_owned())
}

pub(crate) fn command(parts: &[&str]) -> AgentOptions {
    AgentOptions { command: parts.iter().map(|&part| part.to_owned()).collect(), ..AgentOptions::default() }
}

impl World {
    /// The project `p` with so many tasks, nobody working on it.
    pub(crate) async fn with_tasks(count: usize) -> Self {
        let now = || {
            let micros = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_micros();
            Timestamp(i64::try_from(micros).unwrap())
        };
        let dir = tempfile::tempdir().unwrap();
        let store: Arc<dyn Store> = Arc::new(MemoryStore::new(now));
        let mut world = Self {
            project: ProjectId(0),
            store,
            dir,
            open: Arc::default(),
            notices: Arc::default(),
            left_bp: Arc::new(10_000.into()),
            running: None,
        };
        let path = world.dir.path().to_string_lossy().into_owned();
        let new = NewProject { name: "p".to_owned(), path, ..NewProject::default() };
        world.project = create_project(&world.cx(), new).await.unwrap().id;
        let plan = Plan::new("p").phase("One").feature("F").tasks(count).into_document();
        import_plan(&world.cx(), world.project, plan).await.unwrap();
        world
    }

    pub(crate) fn cx(&self) -> Context<'_> {
        Context { store: &*self.store, usage: &*METER, actor: &PERSON, request: None }
    }

    pub(crate) async fn add(&self, name: &str, parts: &[&str]) {
        let runner = Some(RunnerKind::Command);
        let patch = AgentPatch { runner, options: Some(command(parts)), ..AgentPatch::default() };
        register_agent(&self.cx(), self.project, &id(name), patch).await.unwrap();
    }

    pub(crate) async fn want(&self, name: &str, wanted: Wanted) {
        let patch = AgentPatch { wanted: Some(wanted), ..AgentPatch::default() };
        edit_agent(&self.cx(), self.project, &id(name), patch).await.unwrap();
    }

    /// Takes everything that is left of the budget.
    pub(crate) fn drain(&self) {
        self.left_bp.store(0, Ordering::Relaxed);
    }

    /// How the last run ended.
    pub(crate) async fn last_detail(&self) -> Option<String> {
        self.store.ledger().runs(self.project, None, 1).await.unwrap().pop().and_then(|run| run.detail)
    }

    /// Lets the shell scripts end.
    pub(crate) fn go(&self) {
        std::fs::write(self.dir.path().join("go"), "").unwrap();
    }

    pub(crate) fn host(&mut self) {
        let tools = ScriptedTools {
            store: Arc::clone(&self.store),
            open: Arc::clone(&self.open),
            folder: self.dir.path().to_owned(),
        };
        let settings = HostSettings {
            store: Arc::clone(&self.store),
            meter: {
                let left_bp = Arc::clone(&self.left_bp);
                Arc::new(move |_| Arc::new(Draining(Arc::clone(&left_bp))))
            },
            tools: Arc::new(tools),
            own_program: "autocoder".into(),
            programs: BTreeMap::new(),
            data_dir: self.dir.path().join("data"),
            environment: std::env::vars().filter(|(name, _)| name == "PATH").collect(),
            limits: Limits { overrun: Duration::ZERO, ..Limits::default() },
        };
        let (sender, stop) = watch::channel(false);
        let notices = Arc::clone(&self.notices);
        let host = Host::new(settings).telling(move |notice| notices.lock().unwrap().push(crate::told(&notice)));
        self.running = Some((sender, tokio::spawn(host.run(stop))));
    }

    pub(crate) async fn stop(&mut self) {
        let (sender, host) = self.running.take().unwrap();
        sender.send_replace(true);
        host.await.unwrap();
        assert_eq!(self.open_endpoints(), 0);
    }

    /// Looks again and again until it holds.
    pub(crate) async fn until(&self, what: &str, holds: impl AsyncFn(&Self) -> bool) {
        let limit = tokio::time::Instant::now() + Duration::from_secs(20);
        while !holds(self).await {
            assert!(tokio::time::Instant::now() < limit, "{what}: {:?}", self.notices());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    pub(crate) fn notices(&self) -> Vec<String> {
        self.notices.lock().unwrap().clone()
    }

    pub(crate) fn open_endpoints(&self) -> usize {
        self.open.lock().unwrap().len()
    }

    pub(crate) async fn agent(&self, name: &str) -> Agent {
        let agents = self.store.queries().agents(self.project).await.unwrap();
        agents.into_iter().find(|agent| agent.id.0 == name).unwrap()
    }

    pub(crate) async fn driven_by(&self) -> Option<String> {
        self.store.queries().project("p").await.unwrap().unwrap().driven_by
    }

    pub(crate) async fn in_progress(&self) -> i64 {
        self.store.queries().counts(self.project).await.unwrap().in_progress
    }

    pub(crate) async fn passing(&self) -> i64 {
        self.store.queries().counts(self.project).await.unwrap().passing
    }

    pub(crate) async fn runs(&self) -> usize {
        self.store.ledger().runs(self.project, None, 100).await.unwrap().len()
    }

    pub(crate) async fn failures(&self) -> u32 {
        self.store.queries().plan(self.project).await.unwrap().tasks.iter().map(|task| task.failures).sum()
    }
}
