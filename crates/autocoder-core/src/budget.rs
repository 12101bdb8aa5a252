//! A budget: how much may be used by whom in which period, and what happens at its end.

mod period;

pub use period::{Period, Weekday};

use crate::ids::{AgentId, BudgetId, FeatureId, PhaseId, ProjectId};
use crate::limits::{Checks, InvalidField};
use crate::time::Timestamp;
use crate::vocabulary::closed_enum;

/// The largest amount: the largest whole number that every reader of JSON keeps exact.
pub const MAX_AMOUNT: u64 = (1 << 53) - 1;

/// Whose usage counts. Rehearsals never count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BudgetScope {
    /// All projects together.
    Global,
    /// One project.
    Project(ProjectId),
    /// One phase; enforced while it is the active one, and no other can be worked on.
    Phase(ProjectId, PhaseId),
    /// One feature. Only to warn: the scheduler chooses the feature after it has looked at the budgets.
    Feature(ProjectId, FeatureId),
    /// One agent in one project.
    Agent(ProjectId, AgentId),
}

impl BudgetScope {
    /// The scope that these words name.
    ///
    /// # Errors
    /// What is missing, or too much.
    pub fn named(
        kind: BudgetScopeKind,
        project: Option<ProjectId>,
        subject: Option<&str>,
    ) -> Result<Self, Vec<InvalidField>> {
        let mut checks = Checks::default();
        let above = kind == BudgetScopeKind::Global;
        let whole = above || kind == BudgetScopeKind::Project;
        match project {
            None if !above => checks.refuse("project", format!("is needed for the scope `{kind}`")),
            Some(_) if above => checks.refuse("project", "does not go with the scope `global`"),
            _ => {}
        }
        match subject {
            None if !whole => checks.refuse("subject", format!("is needed: the {kind} whose usage counts")),
            Some(_) if whole => checks.refuse("subject", format!("does not go with the scope `{kind}`")),
            _ => {}
        }
        let (text, numbered) = (subject.unwrap_or_default(), !whole && kind != BudgetScopeKind::Agent);
        let id = text.parse().ok().filter(|id: &i64| *id > 0);
        if numbered && subject.is_some() && id.is_none() {
            let shown: String = text.chars().take(80).flat_map(char::escape_debug).collect();
            checks.refuse("subject", format!("is `{shown}`, must be the id of a {kind}"));
        }
        if kind == BudgetScopeKind::Agent && subject.is_some() {
            checks.agent_name("subject", text);
        }
        checks.finish()?;
        let (project, id) = (project.unwrap_or(ProjectId::INSTALLATION), id.unwrap_or_default());
        Ok(match kind {
            BudgetScopeKind::Global => Self::Global,
            BudgetScopeKind::Project => Self::Project(project),
            BudgetScopeKind::Phase => Self::Phase(project, PhaseId(id)),
            BudgetScopeKind::Feature => Self::Feature(project, FeatureId(id)),
            BudgetScopeKind::Agent => Self::Agent(project, AgentId(text.to_owned())),
        })
    }

    /// The project it lies in; none: above projects.
    #[must_use]
    pub const fn project(&self) -> Option<ProjectId> {
        match self {
            Self::Global => None,
            Self::Project(id) | Self::Phase(id, _) | Self::Feature(id, _) | Self::Agent(id, _) => Some(*id),
        }
    }

    /// Its kind.
    #[must_use]
    pub const fn kind(&self) -> BudgetScopeKind {
        match self {
            Self::Global => BudgetScopeKind::Global,
            Self::Project(_) => BudgetScopeKind::Project,
            Self::Phase(..) => BudgetScopeKind::Phase,
            Self::Feature(..) => BudgetScopeKind::Feature,
            Self::Agent(..) => BudgetScopeKind::Agent,
        }
    }

    /// The phase, feature or agent that is named.
    #[must_use]
    pub fn subject(&self) -> Option<String> {
        match self {
            Self::Global | Self::Project(_) => None,
            Self::Phase(_, id) => Some(id.to_string()),
            Self::Feature(_, id) => Some(id.to_string()),
            Self::Agent(_, id) => Some(id.to_string()),
        }
    }
}

closed_enum! {
    /// The kinds of scope.
    BudgetScopeKind, "budget scope" {
        /// All projects together.
        Global = "global",
        /// One project.
        Project = "project",
        /// One phase.
        Phase = "phase",
        /// One feature.
        Feature = "feature",
        /// One agent in one project.
        Agent = "agent",
    }
}

closed_enum! {
    /// What is counted.
    BudgetMeasure, "budget measure" {
        /// Input and output.
        Tokens = "tokens",
        /// Cache reads and writes too.
        AllTokens = "all_tokens",
        /// Tokens weighted by price: the cost in tokens of input of a reference model.
        WeightedTokens = "weighted_tokens",
        /// The cost in nano-USD by the price table. Usage of models without a price does not count.
        CostNusd = "cost_nusd",
    }
}

closed_enum! {
    /// What happens when a budget is all but used up.
    BudgetMode, "budget mode" {
        /// Work slows down and stops.
        Enforce = "enforce",
        /// A person is warned, and work goes on.
        Warn = "warn",
    }
}

/// A limit on what is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Its id.
    pub id: BudgetId,
    /// Whose usage counts.
    pub scope: BudgetScope,
    /// What is counted.
    pub measure: BudgetMeasure,
    /// How much may be used in one period.
    pub amount: u64,
    /// When it starts from 0 again.
    pub period: Period,
    /// What happens at its end.
    pub mode: BudgetMode,
    /// When it was made.
    pub created_at: Timestamp,
    /// Counts edits.
    pub version: i64,
}

/// What a new budget is made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewBudget {
    /// Whose usage counts.
    pub scope: BudgetScope,
    /// What is counted.
    pub measure: BudgetMeasure,
    /// How much may be used in one period.
    pub amount: u64,
    /// When it starts from 0 again.
    pub period: Period,
    /// What happens at its end.
    pub mode: BudgetMode,
}

/// An edit of a budget; what is absent stays. Whose usage counts never changes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BudgetPatch {
    /// What is counted.
    pub measure: Option<BudgetMeasure>,
    /// How much may be used in one period.
    pub amount: Option<u64>,
    /// When it starts from 0 again.
    pub period: Option<Period>,
    /// What happens at its end.
    pub mode: Option<BudgetMode>,
}

impl NewBudget {
    /// Every field that breaks a rule; `knows_zone` says whether a time zone exists.
    ///
    /// # Errors
    /// The fields and their rules.
    pub fn check(&self, knows_zone: impl Fn(&str) -> bool) -> Result<(), Vec<InvalidField>> {
        let mut checks = Checks::default();
        if self.amount > MAX_AMOUNT {
            checks.refuse("amount", format!("is `{}`, must be from 0 to {MAX_AMOUNT}", self.amount));
        }
        self.period.check(&mut checks, knows_zone);
        if self.scope.kind() == BudgetScopeKind::Feature && self.mode == BudgetMode::Enforce {
            let rule = "is `enforce`, which a feature's budget cannot do: the scheduler chooses the feature after it \
                        has looked at the budgets; use `warn`, or the scope `phase` or `agent`";
            checks.refuse("mode", rule);
        }
        checks.finish()
    }
}

impl BudgetPatch {
    /// The budget after the edit.
    ///
    /// # Errors
    /// Every field that breaks a rule.
    pub fn apply(self, budget: Budget, knows_zone: impl Fn(&str) -> bool) -> Result<Budget, Vec<InvalidField>> {
        let after = NewBudget {
            scope: budget.scope,
            measure: self.measure.unwrap_or(budget.measure),
            amount: self.amount.unwrap_or(budget.amount),
            period: self.period.unwrap_or(budget.period),
            mode: self.mode.unwrap_or(budget.mode),
        };
        after.check(knows_zone)?;
        let NewBudget { scope, measure, amount, period, mode } = after;
        Ok(Budget { scope, measure, amount, period, mode, ..budget })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn new(scope: BudgetScope, amount: u64, period: Period, mode: BudgetMode) -> NewBudget {
        NewBudget { scope, measure: BudgetMeasure::Tokens, amount, period, mode }
    }

    #[test]
    fn every_bad_budget_names_its_field() {
        let zone = |zone: &str| zone == "UTC";
        let monthly = |reset_day, zone: &str| Period::Monthly { reset_day, time_zone: zone.to_owned() };
        let feature = BudgetScope::Feature(ProjectId(1), FeatureId(2));
        for (budget, fields) in [
            (new(BudgetScope::Global, 0, monthly(1, "UTC"), BudgetMode::Enforce), vec![]),
            (new(BudgetScope::Global, MAX_AMOUNT + 1, Period::Lifetime, BudgetMode::Enforce), vec!["amount"]),
            (
                new(BudgetScope::Global, 1, monthly(0, "Mars"), BudgetMode::Warn),
                vec!["period.reset_day", "period.time_zone"],
            ),
            (new(BudgetScope::Global, 1, Period::Rolling { hours: 0 }, BudgetMode::Warn), vec!["period.hours"]),
            (new(BudgetScope::Global, 1, Period::Rolling { hours: 8_761 }, BudgetMode::Warn), vec!["period.hours"]),
            (new(feature.clone(), 1, Period::Lifetime, BudgetMode::Enforce), vec!["mode"]),
            (new(feature, 1, Period::Lifetime, BudgetMode::Warn), vec![]),
        ] {
            let found = budget.check(zone).err().unwrap_or_default();
            assert_eq!(found.iter().map(|field| field.field.as_str()).collect::<Vec<_>>(), fields, "{budget:?}");
        }
    }

    #[test]
    fn a_scope_needs_what_it_names_and_nothing_else() {
        let named = |kind: &str, project: Option<i64>, subject| {
            let named = BudgetScope::named(kind.parse().unwrap(), project.map(ProjectId), subject);
            named.map_err(|fields| fields.into_iter().map(|field| field.field).collect::<Vec<_>>())
        };
        let fields = |fields: &[&str]| Err(fields.iter().map(|field| (*field).to_owned()).collect::<Vec<_>>());
        for (kind, project, subject, expected) in [
            ("global", None, None, Ok(BudgetScope::Global)),
            ("global", Some(1), Some("2"), fields(&["project", "subject"])),
            ("project", Some(1), None, Ok(BudgetScope::Project(ProjectId(1)))),
            ("project", None, Some("2"), fields(&["project", "subject"])),
            ("phase", Some(1), Some("2"), Ok(BudgetScope::Phase(ProjectId(1), PhaseId(2)))),
            ("phase", None, None, fields(&["project", "subject"])),
            ("phase", Some(1), Some("-2"), fields(&["subject"])),
            ("feature", Some(1), Some("x"), fields(&["subject"])),
            ("feature", Some(1), Some("2"), Ok(BudgetScope::Feature(ProjectId(1), FeatureId(2)))),
            ("agent", Some(1), Some("a"), Ok(BudgetScope::Agent(ProjectId(1), AgentId("a".to_owned())))),
            ("agent", Some(1), Some("a b"), fields(&["subject"])),
        ] {
            assert_eq!(named(kind, project, subject), expected, "{kind} {project:?} {subject:?}");
        }
    }

    #[test]
    fn an_edit_changes_what_it_names() {
        let budget = Budget {
            id: BudgetId(1),
            scope: BudgetScope::Global,
            measure: BudgetMeasure::Tokens,
            amount: 1,
            period: Period::Lifetime,
            mode: BudgetMode::Warn,
            created_at: Timestamp(0),
            version: 1,
        };
        let patch = BudgetPatch { amount: Some(2), ..BudgetPatch::default() };
        assert_eq!(patch.apply(budget.clone(), |_| true), Ok(Budget { amount: 2, ..budget.clone() }));
        assert_eq!(BudgetPatch::default().apply(budget.clone(), |_| true), Ok(budget));
    }
}
