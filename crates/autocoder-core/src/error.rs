//! What a use case can refuse, with a kind for exit codes and HTTP statuses, a stable code and a hint.

use crate::ids::{AgentId, PhaseId, TaskId};
use crate::limits::InvalidField;
use crate::plan::Problem;
use crate::ports::StoreError;
use crate::status::IllegalTransition;
use crate::vocabulary::closed_enum;

closed_enum! {
    /// The sort of an error; frontends translate it once.
    ErrorKind, "error kind" {
        /// The request itself is wrong.
        InvalidInput = "invalid_input",
        /// What it names is not there.
        NotFound = "not_found",
        /// It does not fit the present state.
        Conflict = "conflict",
        /// The status does not allow it.
        IllegalTransition = "illegal_transition",
        /// A budget or a provider's limit is reached.
        LimitReached = "limit_reached",
        /// The store cannot be reached at the moment.
        Unavailable = "unavailable",
        /// A fault of ours.
        Internal = "internal",
    }
}

/// Why a use case changed nothing.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// Fields that break a rule; all of them.
    #[error("{}", fields_text(.0))]
    Invalid(Vec<InvalidField>),
    /// What is wrong with a plan file; everything.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Plan(Vec<Problem>),
    /// What the request names is not there.
    #[error("there is no {noun} `{id}`")]
    NotFound {
        /// `project`, `phase`, `feature`, `task` or `agent`.
        noun: &'static str,
        /// Its id or name as given.
        id: String,
    },
    /// The status does not allow it.
    #[error(transparent)]
    Illegal(#[from] IllegalTransition),
    /// The name is in use.
    #[error("there is already a {noun} `{name}`")]
    NameTaken {
        /// What is named.
        noun: &'static str,
        /// The name.
        name: String,
    },
    /// The phase waits for a person's decision; only a rejection opens it.
    #[error("phase `{name}` waits for approval, nothing in it can change")]
    AtGate {
        /// The phase.
        phase: PhaseId,
        /// Its name.
        name: String,
    },
    /// The phase is approved and closed.
    #[error("phase `{name}` is completed, nothing can be added to it")]
    PhaseClosed {
        /// Its name.
        name: String,
    },
    /// The phase has unfinished work.
    #[error("phase `{name}` is not finished: {}", list(.unfinished))]
    PhaseUnfinished {
        /// Its name.
        name: String,
        /// Features that are not completed, the first few.
        unfinished: Vec<String>,
    },
    /// The phase has no tasks.
    #[error("phase `{name}` has no tasks, so there is nothing to approve")]
    PhaseEmpty {
        /// Its name.
        name: String,
    },
    /// An earlier phase comes first.
    #[error("phase `{name}` cannot start before phase `{earlier}` is completed")]
    PhaseTooEarly {
        /// The phase asked for.
        name: String,
        /// The one that comes first.
        earlier: String,
    },
    /// A later phase has started.
    #[error("phase `{name}` cannot be reopened: phase `{later}` has started")]
    LaterPhaseStarted {
        /// The phase asked for.
        name: String,
        /// The one that has started.
        later: String,
    },
    /// Dependencies would run in a circle.
    #[error("these tasks would wait for each other: {}", circle(.0))]
    Cycle(Vec<TaskId>),
    /// The claim is not live any more, or was never this agent's.
    #[error("task `{task}` is not yours: {why}")]
    LeaseLost {
        /// The task.
        task: TaskId,
        /// What the store found.
        why: &'static str,
    },
    /// An agent works in there.
    #[error("{noun} `{name}` has {held} task(s) that an agent holds")]
    Held {
        /// `phase`, `feature`, `task` or `project`.
        noun: &'static str,
        /// Its name.
        name: String,
        /// How many.
        held: usize,
    },
    /// The agent works, or holds a task.
    #[error("agent `{id}` is working")]
    AgentBusy {
        /// The agent.
        id: AgentId,
    },
    /// Another crew drives the project.
    #[error("project `{name}` is driven by `{holder}` until {expires}")]
    CrewHeld {
        /// The project.
        name: String,
        /// The process that drives it.
        holder: String,
        /// When its lease lapses.
        expires: crate::time::Timestamp,
    },
    /// Only a person may do this.
    #[error("only a person may {action}")]
    PersonNeeded {
        /// What was asked.
        action: &'static str,
    },
    /// The store refused.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<Vec<InvalidField>> for Refused {
    fn from(fields: Vec<InvalidField>) -> Self {
        Self::Invalid(fields)
    }
}

impl Refused {
    /// A missing thing.
    pub fn missing(noun: &'static str, id: impl ToString) -> Self {
        Self::NotFound { noun, id: id.to_string() }
    }

    /// One field that breaks a rule.
    pub fn field(field: impl Into<String>, rule: impl Into<String>) -> Self {
        Self::Invalid(vec![InvalidField { field: field.into(), rule: rule.into() }])
    }

    /// The sort of the error.
    #[must_use]
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::Invalid(_) | Self::Plan(_) | Self::Cycle(_) => ErrorKind::InvalidInput,
            Self::NotFound { .. } => ErrorKind::NotFound,
            Self::Illegal(_) => ErrorKind::IllegalTransition,
            Self::NameTaken { .. }
            | Self::AtGate { .. }
            | Self::PhaseClosed { .. }
            | Self::PhaseUnfinished { .. }
            | Self::PhaseEmpty { .. }
            | Self::PhaseTooEarly { .. }
            | Self::LaterPhaseStarted { .. }
            | Self::LeaseLost { .. }
            | Self::Held { .. }
            | Self::AgentBusy { .. }
            | Self::CrewHeld { .. }
            | Self::PersonNeeded { .. } => ErrorKind::Conflict,
            Self::Store(error) => error.kind(),
        }
    }

    /// A word that never changes, for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Invalid(_) => "invalid_field",
            Self::Plan(_) => "invalid_plan",
            Self::NotFound { .. } => "not_found",
            Self::Illegal(_) => "illegal_transition",
            Self::NameTaken { .. } => "name_taken",
            Self::AtGate { .. } => "phase_awaiting_approval",
            Self::PhaseClosed { .. } => "phase_completed",
            Self::PhaseUnfinished { .. } => "phase_unfinished",
            Self::PhaseEmpty { .. } => "phase_empty",
            Self::PhaseTooEarly { .. } => "phase_too_early",
            Self::LaterPhaseStarted { .. } => "later_phase_started",
            Self::Cycle(_) => "dependency_cycle",
            Self::LeaseLost { .. } => "lease_lost",
            Self::Held { .. } => "held_by_agent",
            Self::AgentBusy { .. } => "agent_working",
            Self::CrewHeld { .. } => "crew_running",
            Self::PersonNeeded { .. } => "person_needed",
            Self::Store(error) => error.code(),
        }
    }

    /// What to do next, where there is something to say.
    #[must_use]
    pub const fn hint(&self) -> Option<&'static str> {
        match self {
            Self::AtGate { .. } => Some("approve the phase, or reject it with a reason and the tasks to reopen"),
            Self::PhaseClosed { .. } => Some("add it to the active phase"),
            Self::PhaseUnfinished { .. } => Some("finish, move or delete the open tasks first"),
            Self::PhaseEmpty { .. } => Some("add tasks, or delete the phase"),
            Self::Cycle(_) => Some("leave one of these dependencies out"),
            Self::LeaseLost { .. } => Some("nothing was changed; stop working on it and ask for the next task"),
            Self::Held { .. } => Some("stop the agent first, or repeat with --force"),
            Self::AgentBusy { .. } => Some("stop the agent first"),
            Self::CrewHeld { .. } => Some("stop the other run first, or wait until its lease lapses"),
            Self::PersonNeeded { .. } => Some("tell the person what you need and stop"),
            Self::Store(error) => error.hint(),
            Self::Invalid(_) | Self::Plan(_) | Self::NotFound { .. } | Self::Illegal(_) | Self::NameTaken { .. } => {
                None
            }
            Self::PhaseTooEarly { .. } | Self::LaterPhaseStarted { .. } => None,
        }
    }
}

fn fields_text(fields: &[InvalidField]) -> String {
    fields.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

fn list(names: &[String]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

fn circle(ids: &[TaskId]) -> String {
    ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(" → ")
}
