//! Events: what happened, written in the transaction that did it; SSE, timeline and webhooks read them.

use serde_json::Value;

use crate::ids::{AgentId, BudgetId, EventId, FeatureId, PhaseId, ProjectId, ScheduleId, TaskId, TokenId, WebhookId};
use crate::time::Timestamp;
use crate::vocabulary::closed_enum;

closed_enum! {
    /// Everything that can happen.
    EventKind, "event kind" {
        /// A project was made.
        ProjectCreated = "project.created",
        /// A project was edited.
        ProjectUpdated = "project.updated",
        /// A project hands out no new task.
        ProjectPaused = "project.paused",
        /// A project goes on.
        ProjectResumed = "project.resumed",
        /// A project was put away.
        ProjectArchived = "project.archived",
        /// A project's last phase was approved.
        ProjectCompleted = "project.completed",
        /// A completed project has work again.
        ProjectReopened = "project.reopened",
        /// A project and everything in it is gone.
        ProjectDeleted = "project.deleted",
        /// A crew began to drive a project's agents.
        CrewStarted = "crew.started",
        /// The crew left.
        CrewStopped = "crew.stopped",
        /// A plan file was imported.
        PlanImported = "plan.imported",
        /// A phase was made.
        PhaseCreated = "phase.created",
        /// A phase was edited.
        PhaseUpdated = "phase.updated",
        /// Work on a phase began.
        PhaseStarted = "phase.started",
        /// Every task of a phase passes.
        PhaseAwaitingApproval = "phase.awaiting_approval",
        /// A person approved a phase.
        PhaseCompleted = "phase.completed",
        /// A person sent a phase back.
        PhaseRejected = "phase.rejected",
        /// A person took an approval back.
        PhaseReopened = "phase.reopened",
        /// A phase and everything in it is gone.
        PhaseDeleted = "phase.deleted",
        /// A feature was made.
        FeatureCreated = "feature.created",
        /// A feature was edited.
        FeatureUpdated = "feature.updated",
        /// A feature was given to an agent, or to everyone.
        FeatureAssigned = "feature.assigned",
        /// A feature has tasks to work on.
        FeatureReady = "feature.ready",
        /// The first task of a feature was claimed.
        FeatureStarted = "feature.started",
        /// Every task of a feature passes.
        FeatureCompleted = "feature.completed",
        /// A completed feature has open tasks again.
        FeatureReopened = "feature.reopened",
        /// A feature lost its last task.
        FeatureEmptied = "feature.emptied",
        /// A feature and everything in it is gone.
        FeatureDeleted = "feature.deleted",
        /// A task was made.
        TaskCreated = "task.created",
        /// A task was edited.
        TaskUpdated = "task.updated",
        /// An agent took a task.
        TaskClaimed = "task.claimed",
        /// A task passes.
        TaskPassed = "task.passed",
        /// A task was handed back.
        TaskReleased = "task.released",
        /// The lease on a task lapsed.
        TaskLapsed = "task.lapsed",
        /// A run of a task, or its verification, failed.
        TaskFailed = "task.failed",
        /// A task failed for the last time.
        TaskBlocked = "task.blocked",
        /// A task was put behind the others.
        TaskSkipped = "task.skipped",
        /// A task waits for a person's answer.
        TaskNeedsInput = "task.needs_input",
        /// A person answered.
        TaskAnswered = "task.answered",
        /// A task has to be done again.
        TaskReopened = "task.reopened",
        /// Tasks were handed out for regression.
        TaskVerified = "task.verified",
        /// A task is gone.
        TaskDeleted = "task.deleted",
        /// An agent joined a project.
        AgentRegistered = "agent.registered",
        /// An agent was told to work, pause or stop, or was edited.
        AgentUpdated = "agent.updated",
        /// An agent's process died.
        AgentCrashed = "agent.crashed",
        /// An agent left a project for good.
        AgentDeleted = "agent.deleted",
        /// A spec was asked for.
        SpecRequested = "spec.requested",
        /// A request for a spec was taken back.
        SpecStopped = "spec.stopped",
        /// A spec writer begins a turn.
        SpecStarted = "spec.started",
        /// A spec writer's turn is over; it waits for a person.
        SpecEnded = "spec.ended",
        /// Somebody wrote about a spec.
        SpecMessage = "spec.message",
        /// Tasks were proposed for a feature.
        TasksProposed = "tasks.proposed",
        /// A person accepted or declined proposed tasks.
        ProposalsDecided = "proposals.decided",
        /// An agent wrote a note for those who come after it.
        NoteAdded = "note.added",
        /// Less is left of a budget than its warning threshold.
        UsageWarning = "usage.warning",
        /// A budget is used up so far that no new task is handed out.
        UsagePaused = "usage.paused",
        /// The settings of usage were changed.
        UsageSettings = "usage.settings",
        /// A budget was made.
        BudgetCreated = "budget.created",
        /// A budget was edited.
        BudgetUpdated = "budget.updated",
        /// A budget is gone.
        BudgetDeleted = "budget.deleted",
        /// A schedule was made.
        ScheduleCreated = "schedule.created",
        /// A schedule was edited.
        ScheduleUpdated = "schedule.updated",
        /// A schedule is gone.
        ScheduleDeleted = "schedule.deleted",
        /// A webhook was made.
        WebhookCreated = "webhook.created",
        /// A webhook was edited, or switched off by its receiver.
        WebhookUpdated = "webhook.updated",
        /// A webhook is gone.
        WebhookDeleted = "webhook.deleted",
        /// A token was made.
        TokenCreated = "token.created",
        /// A token was taken back.
        TokenRevoked = "token.revoked",
    }
}

/// Who did it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// A person, by whatever name the frontend knows.
    Person(String),
    /// An agent of the project.
    Agent(AgentId),
    /// Autocoder itself, for example when a lease lapsed.
    System,
}

impl Actor {
    /// Whether it may decide at a gate, change budgets and settings.
    #[must_use]
    pub const fn is_person(&self) -> bool {
        matches!(self, Self::Person(_))
    }
}

impl std::fmt::Display for Actor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Person(name) => write!(f, "person:{name}"),
            Self::Agent(id) => write!(f, "agent:{id}"),
            Self::System => f.write_str("system"),
        }
    }
}

/// What an event is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The project.
    Project(ProjectId),
    /// A phase.
    Phase(PhaseId),
    /// A feature.
    Feature(FeatureId),
    /// A task.
    Task(TaskId),
    /// An agent.
    Agent(AgentId),
    /// A webhook.
    Webhook(WebhookId),
    /// A token.
    Token(TokenId),
    /// A budget.
    Budget(BudgetId),
    /// A schedule.
    Schedule(ScheduleId),
}

impl std::fmt::Display for Subject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Project(id) => write!(f, "project:{id}"),
            Self::Phase(id) => write!(f, "phase:{id}"),
            Self::Feature(id) => write!(f, "feature:{id}"),
            Self::Task(id) => write!(f, "task:{id}"),
            Self::Agent(id) => write!(f, "agent:{id}"),
            Self::Webhook(id) => write!(f, "webhook:{id}"),
            Self::Token(id) => write!(f, "token:{id}"),
            Self::Budget(id) => write!(f, "budget:{id}"),
            Self::Schedule(id) => write!(f, "schedule:{id}"),
        }
    }
}

/// An event before the store has numbered it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEvent {
    /// The project it happened in.
    pub project: ProjectId,
    /// When.
    pub at: Timestamp,
    /// Who did it.
    pub actor: Actor,
    /// What happened.
    pub kind: EventKind,
    /// What it happened to.
    pub subject: Subject,
    /// The facts a reader needs: the name, a reason, counts.
    pub payload: Value,
}

/// An event of the feed.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Event {
    /// Its place in the feed.
    pub id: EventId,
    /// The project it happened in.
    pub project_id: ProjectId,
    /// When.
    pub at: Timestamp,
    /// Who did it: `person:NAME`, `agent:ID` or `system`.
    pub actor: String,
    /// What happened.
    pub kind: EventKind,
    /// What it happened to: `task:42`.
    pub subject: String,
    /// The facts a reader needs.
    pub payload: Value,
}
