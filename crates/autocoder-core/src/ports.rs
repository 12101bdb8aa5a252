//! The ports: what the rules need from a store and from the count of usage.

mod accounting;
mod imports;

pub use accounting::Accounting;
pub use imports::ImportState;

use async_trait::async_trait;

use crate::changes::{Changes, Node};
use crate::error::ErrorKind;
use crate::event::Event;
use crate::feature::Feature;
use crate::ids::{AgentId, DeliveryId, EventId, FeatureId, PhaseId, ProjectId, RunId, TaskId, TokenId, WebhookId};
use crate::note::Note;
use crate::phase::Phase;
use crate::project::Project;
use crate::request::{Receipt, Reply, RequestKey};
use crate::run::{Run, RunOutcome, Tokens};
use crate::scheduler::{PhaseTally, Standing, UsageLevel, WorkQuery};
use crate::spec::{Proposal, SpecMessage};
use crate::task::{Branch, Edge, Task};
use crate::time::Timestamp;
use crate::token::Token;
use crate::usage_record::{UsageRecord, UsageSum};
use crate::view;
use crate::webhook::{Delivery, DeliveryStatus, Webhook};

/// What a store's call gives.
pub type Out<T> = Result<T, StoreError>;

/// Why a store could not answer.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another writer changed a row between reading and writing.
    #[error("{noun} `{id}` was changed by somebody else in the meantime")]
    Stale {
        /// The kind of row.
        noun: &'static str,
        /// Its id.
        id: String,
    },
    /// A unique name is in use.
    #[error("the {noun} `{name}` exists already")]
    Taken {
        /// What is named.
        noun: &'static str,
        /// The name.
        name: String,
    },
    /// The database cannot be reached, or is busy beyond the time a caller waits.
    #[error("the database is not available: {0}")]
    Unavailable(String),
    /// The database was written by a newer Autocoder.
    #[error("the database has the newer schema `{found}`, this Autocoder knows up to `{known}`")]
    Newer {
        /// The newest migration found.
        found: String,
        /// The newest migration known.
        known: String,
    },
    /// The database holds what it should not, or refused a statement.
    #[error("the database failed at {step}: {detail}")]
    Failed {
        /// The step that failed.
        step: &'static str,
        /// What the database said.
        detail: String,
    },
}

impl StoreError {
    /// The sort of the error.
    #[must_use]
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::Stale { .. } | Self::Taken { .. } => ErrorKind::Conflict,
            Self::Unavailable(_) | Self::Newer { .. } => ErrorKind::Unavailable,
            Self::Failed { .. } => ErrorKind::Internal,
        }
    }

    /// A word that never changes, for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Stale { .. } => "stale",
            Self::Taken { .. } => "name_taken",
            Self::Unavailable(_) => "database_unavailable",
            Self::Newer { .. } => "newer_schema",
            Self::Failed { .. } => "internal",
        }
    }

    /// What to do next.
    #[must_use]
    pub const fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Stale { .. } => Some("read it again and repeat"),
            Self::Unavailable(_) => Some("try again; `autocoder doctor` shows which database is used"),
            Self::Newer { .. } => Some("use the newer autocoder, or another --data-dir"),
            Self::Taken { .. } | Self::Failed { .. } => None,
        }
    }
}

/// What a unit of work locks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Everything above projects.
    Installation,
    /// One project.
    Project(ProjectId),
}

/// Where plans are kept.
#[async_trait]
pub trait Store: Send + Sync {
    /// A unit of work, exclusive on `scope` until its commit. Dropped without a commit: nothing happened.
    async fn begin(&self, scope: Scope) -> Out<Box<dyn UnitOfWork>>;
    /// What screens show.
    fn queries(&self) -> &dyn Queries;
    /// Runs and usage; never under a project's lock.
    fn ledger(&self) -> &dyn UsageLedger;
    /// What happened.
    fn feed(&self) -> &dyn EventFeed;
    /// Deliveries to webhooks.
    fn outbox(&self) -> &dyn Outbox;
    /// What was answered to requests that carried a key.
    fn receipts(&self) -> &dyn Receipts;
    /// Budgets, schedules, and sums of usage.
    fn accounting(&self) -> &dyn Accounting;
}

/// What is counted over a phase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counting {
    /// Features and their counters; every count that needs a look at tasks stays 0. Its cost grows with features only.
    Features,
    /// Open tasks too.
    Tasks,
}

/// Loads what a rule needs, then commits what it decided. A foreign id is `None`, like a missing one.
#[async_trait]
pub trait UnitOfWork: Send {
    /// The store's clock, read once at the beginning.
    fn now(&self) -> Timestamp;
    /// The project of that name.
    async fn project(&mut self, name: &str) -> Out<Option<Project>>;
    /// Where the project stands, and where `agent` stands in it.
    async fn standing(&mut self, agent: Option<&AgentId>) -> Out<Standing>;
    /// The phases of the project, in their order.
    async fn phases(&mut self) -> Out<Vec<Phase>>;
    /// A feature.
    async fn feature(&mut self, id: FeatureId) -> Out<Option<Feature>>;
    /// The first feature of that name in a phase.
    async fn feature_named(&mut self, phase: PhaseId, name: &str) -> Out<Option<Feature>>;
    /// A task with its feature and phase.
    async fn branch(&mut self, id: TaskId) -> Out<Option<Branch>>;
    /// Every task below `node`.
    async fn tasks_in(&mut self, node: Node) -> Out<Vec<Task>>;
    /// Tasks that depend on any of these, each once, with how many of these it depends on.
    async fn dependents(&mut self, of: &[TaskId]) -> Out<Vec<(Task, i32)>>;
    /// Every dependency met by following them from these tasks.
    async fn upstream(&mut self, from: &[TaskId]) -> Out<Vec<Edge>>;
    /// Features with ready tasks that the query admits, in the scheduler's order: at most 8 behind the first `skip`.
    async fn features_with_work(&mut self, query: &WorkQuery, skip: u64) -> Out<Vec<Feature>>;
    /// The first ready task of a feature that the query admits.
    async fn ready_task(&mut self, feature: FeatureId, query: &WorkQuery) -> Out<Option<Task>>;
    /// Counts over a phase: of its features to close it, of its tasks too to explain why there is nothing to do.
    async fn tally(&mut self, phase: PhaseId, what: Counting) -> Out<PhaseTally>;
    /// Tasks whose lease has lapsed, at most 100.
    async fn lapsed(&mut self) -> Out<Vec<Branch>>;
    /// The whole plan, for import only.
    async fn plan(&mut self) -> Out<PlanRows>;
    /// The proposals for a feature, by id.
    async fn proposals(&mut self, feature: FeatureId) -> Out<Vec<Proposal>>;
    /// A webhook.
    async fn webhook(&mut self, id: WebhookId) -> Out<Option<Webhook>>;
    /// A token.
    async fn token(&mut self, id: TokenId) -> Out<Option<Token>>;
    /// The first of `count` consecutive new ids.
    async fn new_ids(&mut self, count: u32) -> Out<i64>;
    /// Writes everything, or nothing. `Stale` when a row is not the one that was loaded.
    async fn commit(self: Box<Self>, changes: Changes) -> Out<()>;
}

/// A whole plan.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlanRows {
    /// In their order.
    pub phases: Vec<Phase>,
    /// By id.
    pub features: Vec<Feature>,
    /// By id.
    pub tasks: Vec<Task>,
    /// By task, then prerequisite.
    pub edges: Vec<Edge>,
}

/// Which tasks a list shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TaskFilter {
    /// Only this status.
    pub status: Option<crate::task::TaskStatus>,
    /// Only this feature.
    pub feature: Option<FeatureId>,
    /// Only names that contain this, whatever the case of ASCII letters.
    pub text: Option<String>,
    /// Only behind this id.
    pub after: Option<TaskId>,
    /// At most so many.
    pub limit: u64,
}

/// What screens show: views and pages, no rules. A foreign id is `None`, like a missing one.
#[async_trait]
pub trait Queries: Send + Sync {
    /// The projects, by name.
    async fn projects(&self) -> Out<Vec<view::ProjectView>>;
    /// One project.
    async fn project(&self, name: &str) -> Out<Option<view::ProjectView>>;
    /// The id of the project of that name.
    async fn project_id(&self, name: &str) -> Out<Option<ProjectId>>;
    /// The phases of a project, in order.
    async fn phases(&self, project: ProjectId) -> Out<Vec<view::PhaseView>>;
    /// The features of a project or of one phase, in the order of phases, priority and id.
    async fn features(&self, project: ProjectId, phase: Option<PhaseId>) -> Out<Vec<view::FeatureView>>;
    /// One feature with its spec.
    async fn feature(&self, project: ProjectId, id: FeatureId) -> Out<Option<view::FeatureView>>;
    /// Cards of tasks, by id.
    async fn tasks(&self, project: ProjectId, filter: &TaskFilter) -> Out<view::Page<view::TaskCard>>;
    /// One task with everything.
    async fn task(&self, project: ProjectId, id: TaskId) -> Out<Option<view::TaskView>>;
    /// The project a task belongs to.
    async fn project_of_task(&self, id: TaskId) -> Out<Option<String>>;
    /// How many tasks of a project stand where.
    async fn counts(&self, project: ProjectId) -> Out<view::TaskCounts> {
        self.counts_of(project, &TaskFilter::default()).await
    }
    /// How many tasks that a list would show stand where, whatever status, place and limit the filter names.
    async fn counts_of(&self, project: ProjectId, filter: &TaskFilter) -> Out<view::TaskCounts>;
    /// The tasks of a phase as a person at its gate looks at them, by id; at most `limit`.
    async fn review(&self, project: ProjectId, phase: PhaseId, limit: u64) -> Out<Vec<view::ReviewedTask>>;
    /// Tasks that wait for a person, features without a spec and phases at their gate, oldest first.
    async fn inbox(&self, project: Option<ProjectId>) -> Out<Vec<view::InboxItem>>;
    /// The agents of a project, by name.
    async fn agents(&self, project: ProjectId) -> Out<Vec<crate::agent::Agent>>;
    /// Passing tasks, least recently verified first.
    async fn least_verified(&self, project: ProjectId, limit: u64) -> Out<Vec<TaskId>>;
    /// What verification gave for a task, newest first, at most 50.
    async fn evidence(&self, project: ProjectId, task: TaskId) -> Out<Vec<crate::task::Evidence>>;
    /// The whole plan, for export.
    async fn plan(&self, project: ProjectId) -> Out<PlanRows>;
    /// The tasks of a project, or of one phase or feature of it, with what waits for what; by id.
    async fn graph(&self, project: ProjectId, within: Option<Node>) -> Out<view::GraphView>;
    /// Projects, phases, features and tasks, of all projects or of one, whose name contains `text`, whatever the case of
    /// ASCII letters; at most `limit`, higher nodes first.
    async fn search(&self, project: Option<ProjectId>, text: &str, limit: u64) -> Out<Vec<view::SearchHit>>;
    /// The conversation about a feature's spec, by id.
    async fn spec_messages(&self, project: ProjectId, feature: FeatureId) -> Out<Vec<SpecMessage>>;
    /// The notes of a project, or of one phase of it, by id.
    async fn notes(&self, project: ProjectId, phase: Option<PhaseId>) -> Out<Vec<Note>>;
    /// The tasks proposed for a feature, by id.
    async fn proposals(&self, project: ProjectId, feature: FeatureId) -> Out<Vec<Proposal>>;
    /// Every webhook, by id.
    async fn webhooks(&self) -> Out<Vec<Webhook>>;
    /// Every token that is neither taken back nor one run's, by id.
    async fn tokens(&self) -> Out<Vec<Token>>;
    /// A token, live or not.
    async fn token(&self, id: TokenId) -> Out<Option<Token>>;
}

/// How a try to deliver went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempted {
    /// Where the delivery stands now.
    pub status: DeliveryStatus,
    /// When it is tried next, or was delivered.
    pub at: Timestamp,
    /// The receiver's HTTP status.
    pub http_status: Option<u16>,
    /// Why it failed.
    pub error: Option<String>,
}

/// Deliveries to webhooks. The events are the outbox; a cursor says up to which one deliveries were made.
#[async_trait]
pub trait Outbox: Send + Sync {
    /// The last event that deliveries were made for.
    async fn cursor(&self) -> Out<EventId>;
    /// Writes deliveries and moves the cursor from `from` to `to` in one transaction. False, and nothing happens, when
    /// the cursor is not at `from` any more: another server was faster. Ids are given out here.
    async fn enqueue(&self, from: EventId, to: EventId, deliveries: Vec<Delivery>) -> Out<bool>;
    /// Pending deliveries whose time has come, each of another webhook (a webhook's deliveries go out one by one), oldest
    /// first; they are leased to the caller until `lease_until` by moving `next_at` there. Nothing of a webhook in `busy`:
    /// the caller is still sending to it.
    async fn due(&self, now: Timestamp, lease_until: Timestamp, busy: &[WebhookId], limit: u64) -> Out<Vec<Delivery>>;
    /// Notes how a try went; counts it.
    async fn attempted(&self, id: DeliveryId, outcome: Attempted) -> Out<()>;
    /// The deliveries of a webhook behind `after`, newest first.
    async fn deliveries(&self, webhook: WebhookId, after: Option<DeliveryId>, limit: u64) -> Out<Vec<Delivery>>;
    /// A delivery.
    async fn delivery(&self, id: DeliveryId) -> Out<Option<Delivery>>;
    /// Makes a delivery pending again, to be tried at `now` with its tries at 0.
    async fn replay(&self, id: DeliveryId, now: Timestamp) -> Out<()>;
    /// How many deliveries are pending and how many are dead.
    async fn counts(&self) -> Out<(u64, u64)>;
}

/// What was answered to requests that carried a key. The receipt itself is written by the change, see
/// [`crate::changes::ChangeSet::receipt`].
#[async_trait]
pub trait Receipts: Send + Sync {
    /// The receipt of a key, whatever it was used for.
    async fn receipt(&self, key: &RequestKey) -> Out<Option<Receipt>>;
    /// Keeps the answer with the receipt; the first one stays.
    async fn keep_reply(&self, key: &RequestKey, reply: &Reply) -> Out<()>;
    /// Forgets receipts from before `before` and answers how many.
    async fn forget_receipts(&self, before: Timestamp) -> Out<u64>;
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunEnd {
    /// When.
    pub at: Timestamp,
    /// How.
    pub outcome: RunOutcome,
    /// In words.
    pub detail: Option<String>,
    /// The tokens it took in all.
    pub tokens: Tokens,
    /// What the agent itself says it cost, in nano-USD.
    pub cost_reported_nusd: Option<u64>,
}

/// Runs and the tokens they took.
#[async_trait]
pub trait UsageLedger: Send + Sync {
    /// The store's clock.
    async fn now(&self) -> Out<Timestamp>;
    /// Writes a run that starts, and numbers it.
    async fn start_run(&self, run: Run) -> Out<RunId>;
    /// Writes the end of a run. A run that has ended already stays as it is.
    async fn end_run(&self, id: RunId, end: RunEnd) -> Out<()>;
    /// Runs without an end.
    async fn open_runs(&self, project: ProjectId) -> Out<Vec<Run>>;
    /// The newest runs of a project, or of one agent of it.
    async fn runs(&self, project: ProjectId, agent: Option<&AgentId>, limit: u64) -> Out<Vec<Run>>;
    /// A run.
    async fn run(&self, id: RunId) -> Out<Option<Run>>;
    /// Adds records; one that is known by (source, message) grows to the fuller count ([`Tokens::fuller`]) and is
    /// not added again. At most 500 in one call are one transaction.
    async fn record(&self, records: Vec<UsageRecord>) -> Out<()>;
    /// The tokens that match.
    async fn used(&self, sum: &UsageSum) -> Out<Tokens>;
    /// The files of this kind that were imported, by path.
    async fn imports(&self, kind: &str) -> Out<Vec<ImportState>>;
    /// Keeps how far files were imported, instead of what was known of them.
    async fn save_imports(&self, states: &[ImportState]) -> Out<()>;
    /// What is counted of these messages of a source; those that are not known are left out.
    async fn counted(&self, source: &str, messages: &[String]) -> Out<Vec<(String, Tokens)>>;
    /// Which of these sources have records.
    async fn known_sources(&self, sources: &[String]) -> Out<Vec<String>>;
    /// A setting of the installation, as JSON.
    async fn setting(&self, key: &str) -> Out<Option<serde_json::Value>>;
    /// Writes a setting.
    async fn set_setting(&self, key: &str, value: serde_json::Value) -> Out<()>;
}

/// What happened, in the order of commits.
#[async_trait]
pub trait EventFeed: Send + Sync {
    /// At most `limit` events behind `cursor`, of one project or of all.
    async fn after(&self, cursor: EventId, project: Option<ProjectId>, limit: u64) -> Out<Vec<Event>>;
    /// The newest event's id, 0 when there is none.
    async fn newest(&self) -> Out<EventId>;
    /// At most `limit` events of a project before `before` (none: the newest), newest first.
    async fn before(&self, project: ProjectId, before: Option<EventId>, limit: u64) -> Out<Vec<Event>>;
}

/// How much of the tightest budget is left.
#[async_trait]
pub trait UsageMeter: Send + Sync {
    /// The level that applies to work on `project`.
    async fn level(&self, project: ProjectId) -> Out<UsageLevel>;
    /// The level that applies to work of `agent` on `project`.
    async fn level_for(&self, project: ProjectId, agent: &AgentId) -> Out<UsageLevel> {
        let _ = agent;
        self.level(project).await
    }
    /// A person starts work again: what held it only until then is forgotten. A meter that holds nothing does nothing.
    async fn go_on(&self) -> Out<()> {
        Ok(())
    }
    /// Whether there is a time zone of that name. A meter without a calendar takes every name.
    fn knows_zone(&self, name: &str) -> bool {
        !name.is_empty()
    }
}

/// What checking a finished task gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Every command exited 0 and the work is merged.
    Passed(Vec<crate::task::Evidence>),
    /// The work does not go together with what others finished.
    Conflict {
        /// Where.
        files: Vec<String>,
        /// What the agent has to do.
        report: String,
    },
    /// Something failed; the report goes back to the agent.
    Failed {
        /// What was run.
        evidence: Vec<crate::task::Evidence>,
        /// What failed and the end of its output.
        report: String,
    },
}

/// Checks the work on a task before it passes. Runs between two units of work, never inside one.
#[async_trait]
pub trait Verifier: Send + Sync {
    /// Merges what the agent wrote with what others finished, runs the project's verification on that, and makes it what
    /// others start from. A repeated call changes nothing.
    async fn verify(&self, project: &Project, branch: &Branch) -> Verdict;
}
