//! What a use case wants written: rows with their events, in one piece, all or nothing.

mod accounting;
mod facts;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use facts::task_facts;

use crate::agent::Agent;
use crate::budget::Budget;
use crate::event::{Actor, EventKind, NewEvent, Subject};
use crate::feature::{Feature, Tally};
use crate::ids::{AgentId, Attempt, BudgetId, FeatureId, PhaseId, ProjectId, ScheduleId, TaskId, WebhookId};
use crate::note::Note;
use crate::phase::Phase;
use crate::ports::StoreError;
use crate::project::{CrewLease, Project};
use crate::request::{Receipt, Request};
use crate::schedule::Schedule;
use crate::spec::{Proposal, ProposalStatus, SpecMessage};
use crate::task::{Edge, Evidence, Task, TaskStatus};
use crate::time::Timestamp;
use crate::token::Token;
use crate::webhook::Webhook;

/// A row to insert, or to write over the one that has the same version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Row<T> {
    /// Not in the store yet.
    New(T),
    /// In the store with the version it carries; the store counts the version up, or refuses when it is another.
    Changed(T),
}

impl<T> Row<T> {
    /// The row as the store will have it: a changed one counts its version up.
    pub(crate) fn stored(self, version: impl Fn(&mut T) -> &mut i64) -> T {
        match self {
            Self::New(value) => value,
            Self::Changed(mut value) => {
                *version(&mut value) += 1;
                value
            }
        }
    }
}

/// A row that a request can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Node {
    /// A project.
    Project(ProjectId),
    /// A phase.
    Phase(PhaseId),
    /// A feature.
    Feature(FeatureId),
    /// A task.
    Task(TaskId),
    /// A webhook.
    Webhook(WebhookId),
    /// A budget.
    Budget(BudgetId),
    /// A schedule.
    Schedule(ScheduleId),
}

/// The renewal of a claim; refused by the store unless the attempt still holds the task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Renewal {
    /// The task.
    pub task: TaskId,
    /// The claim.
    pub attempt: Attempt,
    /// Its new end.
    pub expires: Timestamp,
}

/// What a store applies, in the order of the fields.
#[derive(Clone, Debug, Default)]
pub struct ChangeSet {
    /// Projects.
    pub projects: Vec<Row<Project>>,
    /// Crew leases: the lease, or none when the crew leaves. Not counted by `version`.
    pub crews: Vec<(ProjectId, Option<CrewLease>)>,
    /// Phases.
    pub phases: Vec<Row<Phase>>,
    /// Features; their `tally` and `last_priority` are written only for new ones, and only through `tallies`.
    pub features: Vec<Row<Feature>>,
    /// Tasks; their `open_prerequisites` is written for new ones, and through `prerequisites` otherwise.
    pub tasks: Vec<Row<Task>>,
    /// Agents, inserted or written over.
    pub agents: Vec<Agent>,
    /// How much each feature's counters move, and the highest priority number that came in.
    pub tallies: BTreeMap<FeatureId, (Tally, i32)>,
    /// How much each task's `open_prerequisites` moves.
    pub prerequisites: BTreeMap<TaskId, i32>,
    /// Dependencies that go.
    pub edges_removed: Vec<Edge>,
    /// Dependencies that come.
    pub edges_added: Vec<Edge>,
    /// Claims that live on.
    pub renewals: Vec<Renewal>,
    /// Tasks whose `verified_at` becomes the time of the change.
    pub verified: Vec<TaskId>,
    /// Results of verification.
    pub evidence: Vec<Evidence>,
    /// What goes, with everything below it.
    pub deleted: Vec<Node>,
    /// Agents that go.
    pub agents_deleted: Vec<(ProjectId, AgentId)>,
    /// Messages about specs.
    pub messages: Vec<SpecMessage>,
    /// Notes of agents.
    pub notes: Vec<Note>,
    /// Proposed tasks; they have no version, who writes last decides.
    pub proposals: Vec<Row<Proposal>>,
    /// Webhooks.
    pub webhooks: Vec<Row<Webhook>>,
    /// Tokens, inserted or written over.
    pub tokens: Vec<Token>,
    /// Budgets.
    pub budgets: Vec<Row<Budget>>,
    /// Schedules.
    pub schedules: Vec<Row<Schedule>>,
    /// Settings, written over.
    pub settings: Vec<(String, Value)>,
    /// What happened.
    pub events: Vec<NewEvent>,
    /// The receipt of the request that made this change; `Taken` when its key was used before.
    pub receipt: Option<Receipt>,
}

/// Collects what a use case writes. A row goes in only together with its event.
#[derive(Debug)]
pub struct Changes {
    project: ProjectId,
    actor: Actor,
    now: Timestamp,
    request: Request,
    stale: Option<StoreError>,
    set: ChangeSet,
    /// Where the tasks changed so far stand now.
    standing: BTreeMap<TaskId, (TaskStatus, FeatureId)>,
}

impl Changes {
    /// An empty change of `project` by `actor`.
    #[must_use]
    pub fn new(project: ProjectId, actor: Actor, now: Timestamp) -> Self {
        let (request, set, standing) = (Request::default(), ChangeSet::default(), BTreeMap::new());
        Self { project, actor, now, request, stale: None, set, standing }
    }

    /// The same under the conditions of a request.
    #[must_use]
    pub fn on_request(mut self, request: Option<&Request>) -> Self {
        self.request = request.cloned().unwrap_or_default();
        self
    }

    /// When the change happens, by the store's clock.
    #[must_use]
    pub const fn now(&self) -> Timestamp {
        self.now
    }

    /// For stores: what to write.
    ///
    /// # Errors
    /// `Stale` when the request expected another version of a row than the one that was loaded.
    pub fn into_set(mut self) -> Result<ChangeSet, StoreError> {
        if let Some(stale) = self.stale {
            return Err(stale);
        }
        // What was made comes after what it needed; without anything new, the first event is the wish itself.
        let made = self.set.events.iter().rev().find(|event| event.kind.as_str().ends_with(".created"));
        let subject = made.or(self.set.events.first()).map(|event| event.subject.to_string()).unwrap_or_default();
        self.set.receipt = self.request.key.map(|key| Receipt { key, at: self.now, subject, reply: None });
        Ok(self.set)
    }

    /// Notes that the caller expected another version of a row than the one that was loaded.
    pub(crate) fn check_version(&mut self, node: Node, version: i64) {
        if self.request.expected.is_some_and(|(expected, seen)| expected == node && seen != version) {
            let (noun, id) = match node {
                Node::Project(id) => ("project", id.0),
                Node::Phase(id) => ("phase", id.0),
                Node::Feature(id) => ("feature", id.0),
                Node::Task(id) => ("task", id.0),
                Node::Webhook(id) => ("webhook", id.0),
                Node::Budget(id) => ("budget", id.0),
                Node::Schedule(id) => ("schedule", id.0),
            };
            self.stale = Some(StoreError::Stale { noun, id: id.to_string() });
        }
    }

    /// A new or changed webhook. Answers it as stored.
    pub fn webhook(&mut self, row: Row<Webhook>, kind: EventKind) -> Webhook {
        if let Row::Changed(webhook) = &row {
            self.check_version(Node::Webhook(webhook.id), webhook.version);
        }
        let (Row::New(webhook) | Row::Changed(webhook)) = &row;
        let payload = json!({ "enabled": webhook.enabled, "reason": webhook.disabled_reason });
        self.event(kind, Subject::Webhook(webhook.id), payload);
        self.set.webhooks.push(row.clone());
        row.stored(|webhook| &mut webhook.version)
    }

    /// A webhook goes with its deliveries.
    pub fn delete_webhook(&mut self, webhook: &Webhook) {
        self.check_version(Node::Webhook(webhook.id), webhook.version);
        self.event(EventKind::WebhookDeleted, Subject::Webhook(webhook.id), json!({}));
        self.set.deleted.push(Node::Webhook(webhook.id));
    }

    /// A new token, or one that was taken back.
    pub fn token(&mut self, token: Token, kind: EventKind) {
        let payload = json!({ "name": token.name, "access": token.access });
        self.event(kind, Subject::Token(token.id), payload);
        self.set.tokens.push(token);
    }

    /// A message about the spec of a feature.
    pub fn message(&mut self, message: SpecMessage) {
        let payload = json!({ "message_id": message.id, "author": message.author });
        self.event(EventKind::SpecMessage, Subject::Feature(message.feature), payload);
        self.set.messages.push(message);
    }

    /// A note on a phase.
    pub fn note(&mut self, note: Note) {
        let payload = json!({ "note_id": note.id, "kind": note.kind });
        self.event(EventKind::NoteAdded, Subject::Phase(note.phase), payload);
        self.set.notes.push(note);
    }

    /// Proposals for a feature, made or decided on.
    pub fn proposals(&mut self, feature: FeatureId, rows: Vec<Row<Proposal>>, kind: EventKind) {
        let (mut open, mut accepted, mut declined) = (0, 0, 0);
        for Row::New(proposal) | Row::Changed(proposal) in &rows {
            match proposal.status {
                ProposalStatus::Open => open += 1,
                ProposalStatus::Accepted => accepted += 1,
                ProposalStatus::Declined => declined += 1,
            }
        }
        let payload = match kind {
            EventKind::TasksProposed => json!({ "proposals": open }),
            _ => json!({ "accepted": accepted, "declined": declined }),
        };
        self.event(kind, Subject::Feature(feature), payload);
        self.set.proposals.extend(rows);
    }

    /// An event about `subject`.
    pub fn event(&mut self, kind: EventKind, subject: Subject, payload: Value) {
        let (project, at, actor) = (self.project, self.now, self.actor.clone());
        self.set.events.push(NewEvent { project, at, actor, kind, subject, payload });
    }

    /// A new or changed project. Answers it as stored.
    pub fn project(&mut self, row: Row<Project>, kind: EventKind) -> Project {
        if let Row::Changed(project) = &row {
            self.check_version(Node::Project(project.id), project.version);
        }
        let (Row::New(project) | Row::Changed(project)) = &row;
        self.event(kind, Subject::Project(project.id), json!({ "name": project.name }));
        self.set.projects.push(row.clone());
        row.stored(|project| &mut project.version)
    }

    /// A crew takes the project, renews its lease (without an event) or leaves.
    pub fn crew(&mut self, lease: Option<CrewLease>, kind: Option<EventKind>) {
        if let Some(kind) = kind {
            let holder = lease.as_ref().map(|lease| lease.holder.clone());
            self.event(kind, Subject::Project(self.project), json!({ "holder": holder }));
        }
        self.set.crews.push((self.project, lease));
    }

    /// A new or changed phase. Answers it as stored.
    pub fn phase(&mut self, row: Row<Phase>, kind: EventKind) -> Phase {
        if let Row::Changed(phase) = &row {
            self.check_version(Node::Phase(phase.id), phase.version);
        }
        let (Row::New(phase) | Row::Changed(phase)) = &row;
        let note = phase.decision.as_ref().map(|decision| &decision.note);
        self.event(kind, Subject::Phase(phase.id), json!({ "name": phase.name, "note": note }));
        self.set.phases.push(row.clone());
        row.stored(|phase| &mut phase.version)
    }

    /// A new or changed feature. The counters of a changed one move only by its tasks. Answers it as stored.
    pub fn feature(&mut self, row: Row<Feature>, kind: EventKind) -> Feature {
        if let Row::Changed(feature) = &row {
            self.check_version(Node::Feature(feature.id), feature.version);
        }
        let (Row::New(feature) | Row::Changed(feature)) = &row;
        let payload = json!({ "name": feature.name, "phase_id": feature.phase, "agent_id": feature.agent });
        self.event(kind, Subject::Feature(feature.id), payload);
        self.set.features.push(row.clone());
        row.stored(|feature| &mut feature.version)
    }

    /// A phase of a plan file, whose one event is the import's.
    pub fn imported_phase(&mut self, row: Row<Phase>) {
        self.set.phases.push(row);
    }

    /// A feature of a plan file, whose one event is the import's.
    pub fn imported_feature(&mut self, row: Row<Feature>) {
        self.set.features.push(row);
    }

    /// A new task.
    pub fn new_task(&mut self, task: Task) {
        self.event(EventKind::TaskCreated, Subject::Task(task.id), task_facts(&task));
        self.imported_task(task);
    }

    /// A new task of a plan file, whose one event is the import's.
    pub fn imported_task(&mut self, task: Task) {
        self.shift(task.feature, task.tally(), task.priority);
        self.set.tasks.push(Row::New(task));
    }

    /// A changed task: the counters of its feature follow from the difference. Answers it as stored.
    pub fn task(&mut self, before: &Task, after: Task, kind: EventKind) -> Task {
        self.check_version(Node::Task(before.id), before.version);
        self.event(kind, Subject::Task(after.id), task_facts(&after));
        self.edited_task(before, after.clone());
        Row::Changed(after).stored(|task| &mut task.version)
    }

    /// A task changed by a plan file, whose one event is the import's.
    pub fn edited_task(&mut self, before: &Task, after: Task) {
        let open = before.open_prerequisites + self.set.prerequisites.get(&before.id).copied().unwrap_or(0);
        let (was, is) = (Tally::of(before.status, open), Tally::of(after.status, open));
        if before.feature == after.feature {
            self.shift(after.feature, is.minus(was), after.priority);
        } else {
            self.shift(before.feature, Tally::default().minus(was), i32::MIN);
            self.shift(after.feature, is, after.priority);
        }
        self.standing.insert(after.id, (after.status, after.feature));
        self.set.tasks.push(Row::Changed(after));
    }

    /// A task that waits for `by` more (or fewer) others than before; the counters of its feature follow.
    /// `task` is as loaded; what this change has done to it already is taken into account.
    pub fn prerequisites(&mut self, task: &Task, by: i32) {
        if by == 0 {
            return;
        }
        let (status, feature) = self.standing.get(&task.id).copied().unwrap_or((task.status, task.feature));
        let shift = self.set.prerequisites.entry(task.id).or_default();
        let open = task.open_prerequisites + *shift;
        *shift += by;
        self.shift(feature, Tally::of(status, open + by).minus(Tally::of(status, open)), i32::MIN);
    }

    /// Dependencies that come and go.
    pub fn edges(&mut self, removed: impl IntoIterator<Item = Edge>, added: impl IntoIterator<Item = Edge>) {
        self.set.edges_removed.extend(removed);
        self.set.edges_added.extend(added);
    }

    /// A new or changed agent.
    pub fn agent(&mut self, agent: Agent, kind: Option<EventKind>) {
        if let Some(kind) = kind {
            let payload = json!({ "wanted": agent.wanted, "status": agent.status, "runner": agent.runner });
            self.event(kind, Subject::Agent(agent.id.clone()), payload);
        }
        self.set.agents.push(agent);
    }

    /// An agent goes.
    pub fn delete_agent(&mut self, agent: &Agent) {
        self.event(EventKind::AgentDeleted, Subject::Agent(agent.id.clone()), json!({ "role": agent.role }));
        self.set.agents_deleted.push((agent.project, agent.id.clone()));
    }

    /// A claim lives on.
    pub fn renewal(&mut self, renewal: Renewal) {
        self.set.renewals.push(renewal);
    }

    /// Tasks handed out to be checked again.
    pub fn verified(&mut self, tasks: Vec<TaskId>) {
        self.event(EventKind::TaskVerified, Subject::Project(self.project), json!({ "task_ids": tasks }));
        self.set.verified.extend(tasks);
    }

    /// Results of verification.
    pub fn evidence(&mut self, evidence: Vec<Evidence>) {
        self.set.evidence.extend(evidence);
    }

    /// A task goes; its feature's counters follow.
    pub fn delete_task(&mut self, task: &Task) {
        self.check_version(Node::Task(task.id), task.version);
        self.shift(task.feature, Tally::default().minus(task.tally()), i32::MIN);
        self.event(EventKind::TaskDeleted, Subject::Task(task.id), json!({ "name": task.name }));
        self.set.deleted.push(Node::Task(task.id));
    }

    /// A phase, feature or project that was loaded in `version` goes with everything below it.
    pub fn delete(&mut self, node: Node, version: i64, kind: EventKind, (name, tasks): (&str, usize)) {
        self.check_version(node, version);
        let subject = match node {
            Node::Project(id) => Subject::Project(id),
            Node::Phase(id) => Subject::Phase(id),
            Node::Feature(id) => Subject::Feature(id),
            Node::Task(id) => Subject::Task(id),
            Node::Webhook(id) => Subject::Webhook(id),
            Node::Budget(id) => Subject::Budget(id),
            Node::Schedule(id) => Subject::Schedule(id),
        };
        self.event(kind, subject, json!({ "name": name, "tasks": tasks }));
        self.set.deleted.push(node);
    }

    /// How the counters of `feature` move by this change so far.
    #[must_use]
    pub fn shift_of(&self, feature: FeatureId) -> Tally {
        self.set.tallies.get(&feature).map(|(tally, _)| *tally).unwrap_or_default()
    }

    /// The features whose counters this change moves.
    #[must_use]
    pub fn shifted_features(&self) -> Vec<FeatureId> {
        self.set.tallies.iter().filter(|(_, (tally, _))| *tally != Tally::default()).map(|(id, _)| *id).collect()
    }

    fn shift(&mut self, feature: FeatureId, by: Tally, priority: i32) {
        let entry = self.set.tallies.entry(feature).or_insert((Tally::default(), i32::MIN));
        *entry = (entry.0.plus(by), entry.1.max(priority));
    }
}
