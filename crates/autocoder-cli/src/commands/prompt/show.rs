//! `autocoder prompt show`.

use std::path::Path;

use autocoder_agent::prompt::{self, PromptError, Subject, Template, prompt_for};
use autocoder_core::agent::Role;
use autocoder_core::ids::{FeatureId, PhaseId, TaskId};
use autocoder_core::view::ProjectView;
use autocoder_mcp::tools_bytes;
use clap::Args;
use serde::Serialize;

use crate::arguments::{InProject, id};
use crate::exit::Failure;
use crate::root::Root;

/// Print the prompt of a role: as an agent gets it, or its template
#[derive(Args)]
#[command(after_help = "\
Examples:
  autocoder prompt show coder --task 42        what an agent would be asked about task 42
  autocoder prompt show spec_writer            the template, to start an own one from

An own template lies in the project's folder: .autocoder/prompts/coder.md")]
pub(crate) struct Show {
    /// planner, spec_writer, coder, tester or reviewer
    role: Role,
    /// About this task, for a coder
    #[arg(long, value_name = "ID", value_parser = id, group = "subject")]
    task: Option<i64>,
    /// About this feature, for a spec_writer
    #[arg(long, value_name = "ID", value_parser = id, group = "subject")]
    feature: Option<i64>,
    /// About this phase, for a tester or a reviewer
    #[arg(long, value_name = "ID", value_parser = id, group = "subject")]
    phase: Option<i64>,
    /// About the project's spec, for a planner
    #[arg(long, group = "subject")]
    plan: bool,
    #[command(flatten)]
    in_project: InProject,
}

/// A prompt with what it costs.
#[derive(Serialize)]
struct PromptView {
    role: Role,
    /// The template of the repository; none: the built-in one.
    file: Option<String>,
    /// Whether the placeholders are filled.
    filled: bool,
    /// About so many tokens; four characters are one.
    tokens: usize,
    /// What the descriptions of the role's tools take beside.
    tools_tokens: usize,
    text: String,
}

impl Show {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        let installation = root.open().await?;
        let project = installation.project(&self.in_project).await?;
        let subject = self.subject();
        let (text, file) = match subject {
            None => template(&project, self.role)?,
            Some(subject) => {
                let prompt = prompt_for(&*installation.store, &project.name, self.role, subject).await?;
                (prompt.text, prompt.file)
            }
        };
        let view = PromptView {
            role: self.role,
            file: file.map(|file| file.display().to_string()),
            filled: subject.is_some(),
            tokens: tokens(text.chars().count()),
            tools_tokens: tokens(tools_bytes(Some(self.role))),
            text,
        };
        if !root.output.json {
            let from = view.file.as_deref().unwrap_or("the built-in template");
            let (own, tools) = (view.tokens, view.tools_tokens);
            root.output.note(&format!("{}: {from}, about {own} tokens, and {tools} for its tools", view.role));
        }
        root.output.show(&view, |view| view.text.trim_end().to_owned())
    }

    fn subject(&self) -> Option<Subject> {
        let task = self.task.map(|id| Subject::Task(TaskId(id)));
        let feature = self.feature.map(|id| Subject::Feature(FeatureId(id)));
        let phase = self.phase.map(|id| Subject::Phase(PhaseId(id)));
        task.or(feature).or(phase).or(self.plan.then_some(Subject::Plan))
    }
}

fn template(project: &ProjectView, role: Role) -> Result<(String, Option<std::path::PathBuf>), PromptError> {
    let Template { text, file } = prompt::template(Path::new(&project.path), role)?;
    Ok((text, file))
}

const fn tokens(chars: usize) -> usize {
    chars.div_ceil(4)
}

impl From<PromptError> for Failure {
    fn from(error: PromptError) -> Self {
        match error {
            PromptError::Refused(refused) => Self::Refused(refused),
            PromptError::Override { .. } => {
                Self::wrong(error.to_string(), "`autocoder prompt show ROLE` without the file prints the built-in one")
            }
            PromptError::Subject { .. } => Self::wrong(
                error.to_string(),
                "a coder takes --task, a spec_writer --feature, a tester or reviewer --phase, a planner --plan",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_prompt_of_a_role_and_its_tools_take_at_most_4000_tokens() {
        for &role in Role::ALL {
            let (prompt, tools) = (tokens(prompt::PROMPT_CHARS), tokens(tools_bytes(Some(role))));
            assert!(prompt + tools <= 4_000, "{role}: {prompt} and {tools}");
        }
    }
}
