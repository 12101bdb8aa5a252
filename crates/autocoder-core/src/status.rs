//! What the status machines of all nouns share: the refusal of a transition that the table does not list.

/// An action that the present status does not allow.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a {noun} that is `{found}` cannot `{action}`{}", allowed_text(.allowed))]
pub struct IllegalTransition {
    /// `phase`, `feature`, `task` or `project`.
    pub noun: &'static str,
    /// The status found.
    pub found: &'static str,
    /// The action asked.
    pub action: &'static str,
    /// The actions that this status allows.
    pub allowed: Vec<&'static str>,
}

fn allowed_text(allowed: &[&str]) -> String {
    if allowed.is_empty() {
        return "; nothing can be done to it in this status".to_owned();
    }
    format!("; it can {}", allowed.iter().map(|action| format!("`{action}`")).collect::<Vec<_>>().join(", "))
}

/// Gives a status enum `apply` and `allowed`, from its one table `next`.
macro_rules! status_machine {
    ($status:ident, $action:ident, $noun:literal) => {
        impl $status {
            /// The status after `action`.
            ///
            /// # Errors
            /// The status found, the action asked and the actions allowed, when the table has no such transition.
            pub fn apply(self, action: $action) -> Result<Self, $crate::status::IllegalTransition> {
                self.next(action).ok_or_else(|| $crate::status::IllegalTransition {
                    noun: $noun,
                    found: self.as_str(),
                    action: action.as_str(),
                    allowed: self.allowed().map(|action| action.as_str()).collect(),
                })
            }

            /// The actions that this status allows.
            pub fn allowed(self) -> impl Iterator<Item = $action> {
                $action::ALL.iter().copied().filter(move |action| self.next(*action).is_some())
            }
        }
    };
}
pub(crate) use status_machine;
