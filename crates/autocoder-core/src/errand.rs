//! An errand: work of a role that holds no task. What is due is read off what is stored, so nothing is lost or doubled.

use crate::agent::Role;
use crate::ids::{FeatureId, PhaseId};
use crate::run::RunKind;

/// Work that is no task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Errand {
    /// One turn of the conversation about a feature's spec.
    Spec {
        /// The feature's phase.
        phase: PhaseId,
        /// The feature.
        feature: FeatureId,
    },
    /// The plan of a project that has only a spec.
    Plan,
    /// A look at tasks that pass.
    Test {
        /// The phase that is worked on.
        phase: PhaseId,
    },
    /// A report on a phase at its gate.
    Review {
        /// The phase.
        phase: PhaseId,
    },
}

impl Errand {
    /// The phase it belongs to.
    #[must_use]
    pub const fn phase(&self) -> Option<PhaseId> {
        match self {
            Self::Spec { phase, .. } | Self::Test { phase } | Self::Review { phase } => Some(*phase),
            Self::Plan => None,
        }
    }

    /// The feature it is about.
    #[must_use]
    pub const fn feature(&self) -> Option<FeatureId> {
        match self {
            Self::Spec { feature, .. } => Some(*feature),
            Self::Plan | Self::Test { .. } | Self::Review { .. } => None,
        }
    }

    /// What a run of it is.
    #[must_use]
    pub const fn kind(&self) -> RunKind {
        match self {
            Self::Spec { .. } => RunKind::Spec,
            Self::Plan => RunKind::Plan,
            Self::Test { .. } => RunKind::Test,
            Self::Review { .. } => RunKind::Review,
        }
    }
}

impl RunKind {
    /// The role whose runs are of this kind.
    #[must_use]
    pub const fn role(self) -> Role {
        match self {
            Self::Code => Role::Coder,
            Self::Spec => Role::SpecWriter,
            Self::Plan => Role::Planner,
            Self::Test => Role::Tester,
            Self::Review => Role::Reviewer,
        }
    }
}
