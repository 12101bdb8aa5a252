//! What an agent is asked to do: a template filled with what the task, feature or phase at hand needs, and no more.

mod budget;
mod sections;
mod template;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use autocoder_core::agent::Role;
use autocoder_core::error::Refused;
use autocoder_core::ids::{FeatureId, PhaseId, TaskId};
use autocoder_core::ports::{Store, StoreError};
use autocoder_core::spec::SpecMessage;

pub use self::template::{OVERRIDES, TEMPLATE_CHARS, Template, built_in, placeholders, template};

/// The longest prompt, in characters: 2,600 tokens. With the tools of any role it stays below 4,000 tokens.
pub const PROMPT_CHARS: usize = 10_400;

/// What a prompt is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A task, for a coder.
    Task(TaskId),
    /// A feature, for a spec writer.
    Feature(FeatureId),
    /// A phase, for a tester or a reviewer.
    Phase(PhaseId),
    /// The project's spec, for a planner.
    Plan,
}

/// What an agent is asked to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prompt {
    /// The text, at most [`PROMPT_CHARS`] characters.
    pub text: String,
    /// The template of the repository that it was made from; none: the built-in one.
    pub file: Option<PathBuf>,
}

/// Why there is no prompt.
#[derive(Debug, thiserror::Error)]
pub enum PromptError {
    /// The repository's own template cannot be used.
    #[error("the prompt `{file}` {error}; mend it or take it away")]
    Override {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        error: String,
    },
    /// A role has no prompt about that.
    #[error("a {role} gets no prompt about a {subject}")]
    Subject {
        /// The role.
        role: Role,
        /// What was asked for.
        subject: &'static str,
    },
    /// What the prompt is about is not there, or the store refused.
    #[error(transparent)]
    Refused(#[from] Refused),
}

impl From<StoreError> for PromptError {
    fn from(error: StoreError) -> Self {
        Self::Refused(error.into())
    }
}

/// The prompt of an agent of `role` about `subject` in the project of that name.
///
/// # Errors
/// [`PromptError`].
pub async fn prompt_for(store: &dyn Store, project: &str, role: Role, subject: Subject) -> Result<Prompt, PromptError> {
    let found = store.queries().project(project).await?;
    let project = found.ok_or_else(|| Refused::missing("project", project))?;
    let Template { text, file } = template(Path::new(&project.path), role)?;
    let values = match (role, subject) {
        (Role::Coder, Subject::Task(id)) => sections::coder(store, &project, id).await?,
        (Role::SpecWriter, Subject::Feature(id)) => sections::spec_writer(store, &project, id).await?,
        (Role::Planner, Subject::Plan) => sections::planner(&project),
        (Role::Tester, Subject::Phase(id)) => sections::tester(store, &project, id).await?,
        (Role::Reviewer, Subject::Phase(id)) => sections::reviewer(store, &project, id).await?,
        (role, subject) => return Err(PromptError::Subject { role, subject: subject.noun() }),
    };
    Ok(Prompt { text: values.fill(&text, placeholders(role)), file })
}

/// What goes on in a session of a spec writer: only what was said since its last turn.
#[must_use]
pub fn spec_turn(said: &[SpecMessage]) -> String {
    let text = sections::conversation(said);
    let end = "Go on as before: change the spec where this changes it, propose tasks that are missing, and end your turn \
               with a few sentences.";
    let kept: String = text.chars().take(PROMPT_CHARS - 500).collect();
    format!("The person answers:\n\n{kept}\n\n{end}\n")
}

impl Subject {
    const fn noun(self) -> &'static str {
        match self {
            Self::Task(_) => "task",
            Self::Feature(_) => "feature",
            Self::Phase(_) => "phase",
            Self::Plan => "plan",
        }
    }
}
