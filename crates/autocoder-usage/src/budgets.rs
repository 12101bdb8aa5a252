//! What is used and left of budgets, and which of them apply to a piece of work.

use autocoder_core::budget::{Budget, BudgetMeasure, BudgetScope};
use autocoder_core::ids::{AgentId, PhaseId, ProjectId};
use autocoder_core::phase::PhaseStatus;
use autocoder_core::ports::{Out, Store};
use autocoder_core::time::Timestamp;
use autocoder_core::usage_record::UsageSum;

use crate::gauge::{available_bp, used_bp};
use crate::meter::unreadable;
use crate::period::{Window, Windows};
use crate::settings::weighted;

/// What is used and left of one budget in the window that contains now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BudgetGauge {
    /// The budget.
    pub budget: Budget,
    /// How much is used, in its measure.
    pub used: u64,
    /// The window; its end is the reset.
    pub window: Window,
}

impl BudgetGauge {
    /// What is left, never below 0.
    #[must_use]
    pub const fn available(&self) -> u64 {
        self.budget.amount.saturating_sub(self.used)
    }

    /// Used in basis points of the amount, over 10,000 when overdrawn.
    #[must_use]
    pub fn used_bp(&self) -> u64 {
        used_bp(self.used, Some(self.budget.amount)).unwrap_or_default()
    }

    /// Left in basis points of the amount, never below 0. Bands are decided on it.
    #[must_use]
    pub fn available_bp(&self) -> u32 {
        available_bp(self.used, Some(self.budget.amount)).unwrap_or_default()
    }
}

/// The piece of work that budgets are asked about.
#[derive(Clone, Copy, Debug)]
pub struct Work<'a> {
    /// The project.
    pub project: ProjectId,
    /// Its active phase.
    pub phase: Option<PhaseId>,
    /// The agent, when it is known.
    pub agent: Option<&'a AgentId>,
}

impl Work<'_> {
    /// Whether a budget of this scope counts this work. A feature is chosen only later, so its budgets never do.
    #[must_use]
    pub fn falls_into(&self, scope: &BudgetScope) -> bool {
        match scope {
            BudgetScope::Global => true,
            BudgetScope::Project(project) => *project == self.project,
            BudgetScope::Phase(_, phase) => self.phase == Some(*phase),
            BudgetScope::Feature(..) => false,
            BudgetScope::Agent(project, agent) => *project == self.project && self.agent == Some(agent),
        }
    }
}

/// What is used and left of a budget.
///
/// # Errors
/// Only what the store refuses.
pub async fn read_budget(store: &dyn Store, budget: Budget, now: Timestamp) -> Out<BudgetGauge> {
    let window = budget.period.window(now).map_err(|error| unreadable(&error))?;
    let sum = sum_of(&budget.scope, window);
    let used = match budget.measure {
        BudgetMeasure::Tokens => store.ledger().used(&sum).await?.total(),
        BudgetMeasure::AllTokens => store.ledger().used(&sum).await?.all(),
        BudgetMeasure::WeightedTokens => weighted(store.accounting().cost(&sum).await?),
        BudgetMeasure::CostNusd => store.accounting().cost(&sum).await?,
    };
    Ok(BudgetGauge { budget, used, window })
}

fn sum_of(scope: &BudgetScope, window: Window) -> UsageSum {
    let sum = UsageSum { project: scope.project(), from: window.start, until: window.end, ..UsageSum::default() };
    match scope {
        BudgetScope::Global | BudgetScope::Project(_) => sum,
        BudgetScope::Phase(_, phase) => UsageSum { phase: Some(*phase), ..sum },
        BudgetScope::Feature(_, feature) => UsageSum { feature: Some(*feature), ..sum },
        BudgetScope::Agent(_, agent) => UsageSum { agent: Some(agent.clone()), ..sum },
    }
}

/// The phase in which tasks may be claimed.
///
/// # Errors
/// Only what the store refuses.
pub async fn active_phase(store: &dyn Store, project: ProjectId) -> Out<Option<PhaseId>> {
    let phases = store.queries().phases(project).await?;
    Ok(phases.iter().find(|phase| phase.status != PhaseStatus::Completed).map(|phase| phase.id))
}

#[cfg(test)]
mod tests {
    use autocoder_core::ids::FeatureId;

    use super::*;

    #[test]
    fn a_budget_counts_the_work_inside_of_its_scope() {
        let (one, two) = (ProjectId(1), ProjectId(2));
        let (ann, bob) = (AgentId("ann".to_owned()), AgentId("bob".to_owned()));
        let work = Work { project: one, phase: Some(PhaseId(3)), agent: Some(&ann) };
        for (scope, counts) in [
            (BudgetScope::Global, true),
            (BudgetScope::Project(one), true),
            (BudgetScope::Project(two), false),
            (BudgetScope::Phase(one, PhaseId(3)), true),
            (BudgetScope::Phase(one, PhaseId(4)), false),
            (BudgetScope::Agent(one, ann.clone()), true),
            (BudgetScope::Agent(two, ann.clone()), false),
            (BudgetScope::Agent(one, bob), false),
            (BudgetScope::Feature(one, FeatureId(5)), false),
        ] {
            assert_eq!(work.falls_into(&scope), counts, "{scope:?}");
        }
        assert!(!Work { agent: None, ..work }.falls_into(&BudgetScope::Agent(one, ann.clone())));
    }
}
