//! What a run is for: a task that was claimed, or an errand of a role that holds no task.

use autocoder_core::errand::Errand;
use autocoder_core::ids::{AgentId, Attempt, FeatureId, PhaseId, TaskId};
use autocoder_core::run::RunKind;
use autocoder_core::scheduler::Claim;

use super::workplace::Purpose;

/// What a run is for.
pub(super) enum Job {
    /// A task, held under a lease.
    Task(Box<Claim>),
    /// Something else; the crew gives each out once at a time.
    Errand(Errand),
}

impl Job {
    pub(super) fn claim(&self) -> Option<&Claim> {
        match self {
            Self::Task(claim) => Some(claim),
            Self::Errand(_) => None,
        }
    }

    pub(super) fn kind(&self) -> RunKind {
        match self {
            Self::Task(_) => RunKind::Code,
            Self::Errand(errand) => errand.kind(),
        }
    }

    pub(super) fn task(&self) -> Option<TaskId> {
        self.claim().map(|claim| claim.task.id)
    }

    pub(super) fn attempt(&self) -> Attempt {
        self.claim().map_or(Attempt(0), Claim::attempt)
    }

    pub(super) fn feature(&self) -> Option<FeatureId> {
        match self {
            Self::Task(claim) => Some(claim.feature.id),
            Self::Errand(errand) => errand.feature(),
        }
    }

    pub(super) fn phase(&self) -> Option<PhaseId> {
        match self {
            Self::Task(claim) => Some(claim.phase.id),
            Self::Errand(errand) => errand.phase(),
        }
    }

    /// What its agent needs a place for: coders work on their feature, others look at what is merged.
    pub(super) fn purpose<'a>(&self, agent: &'a AgentId) -> Purpose<'a> {
        match self {
            Self::Task(claim) => Purpose::Feature(claim.feature.id),
            Self::Errand(_) => Purpose::Look(agent),
        }
    }

    /// What its log is called, when it started at that moment.
    pub(super) fn log_name(&self, started_us: i64) -> String {
        match self {
            // One log an attempt, so that its name is known before the run has a number.
            Self::Task(claim) => format!("task-{}-attempt-{}.log", claim.task.id, claim.attempt().0),
            Self::Errand(Errand::Spec { feature, .. }) => format!("spec-{feature}-{started_us}.log"),
            Self::Errand(Errand::Plan) => format!("plan-{started_us}.log"),
            Self::Errand(Errand::Test { phase }) => format!("test-{phase}-{started_us}.log"),
            Self::Errand(Errand::Review { phase }) => format!("review-{phase}-{started_us}.log"),
        }
    }
}
