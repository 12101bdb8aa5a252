//! `autocoder task show`.

use autocoder_core::time::Timestamp;
use autocoder_core::view::{EvidenceView, TaskLink, TaskView, TaskWithEvidence};
use clap::Args;

use crate::arguments::ById;
use crate::exit::Failure;
use crate::output::{details, time};
use crate::root::Root;

/// Show a task with everything
#[derive(Args)]
pub(crate) struct Show {
    #[command(flatten)]
    task: ById,
}

impl Show {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        let installation = root.open().await?;
        let project = installation.project_of_task(self.task.id, &self.task.in_project).await?;
        let task = installation.task(&project, self.task.id).await?;
        let evidence = installation.queries().evidence(project.id, task.id).await?;
        let evidence = evidence.into_iter().map(EvidenceView::from).collect();
        root.output.show(&TaskWithEvidence { task, evidence }, |shown| card(&shown.task, &shown.evidence))
    }
}

fn card(task: &TaskView, evidence: &[EvidenceView]) -> String {
    let at = |at: Option<Timestamp>| at.map(time).unwrap_or_default();
    let steps: Vec<_> = task.steps.iter().enumerate().map(|(place, step)| format!("{}. {step}", place + 1)).collect();
    let more_than_none = |number: u32| if number > 0 { number.to_string() } else { String::new() };
    let holder = task.agent_id.as_ref().map(|agent| format!("{agent} until {}", at(task.lease_expires)));
    let question = task.question.as_ref().map(|question| {
        let choices = question.choices.iter().map(|choice| format!("\n- {choice}")).collect::<String>();
        let recommended = question.recommendation.as_ref().map(|text| format!("\nrecommended: {text}"));
        format!("{}{choices}{}", question.text, recommended.unwrap_or_default())
    });
    details(&[
        ("id", task.id.to_string()),
        ("name", task.name.clone()),
        ("project", task.project_name.clone()),
        ("phase", task.phase_id.to_string()),
        ("feature", format!("{} \"{}\"", task.feature_id, task.feature_name)),
        ("status", task.status.to_string()),
        ("held by", holder.unwrap_or_default()),
        ("category", task.category.clone()),
        ("complexity", task.estimated_complexity.to_string()),
        ("priority", task.priority.to_string()),
        ("key", task.key.clone()),
        ("attempts", more_than_none(task.attempt.0)),
        ("failures", more_than_none(task.failures)),
        ("skipped", more_than_none(task.skip_count)),
        ("not before", at(task.not_before)),
        ("passed", at(task.completed_at)),
        ("reason", task.blocked_reason.clone().unwrap_or_default()),
        ("question", question.unwrap_or_default()),
        ("answer", task.answer.clone().unwrap_or_default()),
        ("depends on", links(&task.depends_on)),
        ("blocks", links(&task.blocks)),
        ("description", task.description.clone()),
        ("steps", steps.join("\n")),
        ("verified by", evidence.iter().map(verified_by).collect::<Vec<_>>().join("\n")),
    ])
}

/// One line a command, and the end of its output where it failed.
fn verified_by(evidence: &EvidenceView) -> String {
    let EvidenceView { attempt, command, exit_code, output_end, commit, at } = evidence;
    let code = exit_code.map_or("no exit code".to_owned(), |code| format!("exit code {code}"));
    let on = commit.as_deref().map_or(String::new(), |commit| format!(" on {}", commit.get(..10).unwrap_or(commit)));
    let output = if *exit_code == Some(0) { String::new() } else { format!("\n{}", output_end.trim_end()) };
    format!("`{command}`: {code}{on}, attempt {}, {at}{output}", attempt.0)
}

fn links(links: &[TaskLink]) -> String {
    let lines: Vec<_> = links.iter().map(|link| format!("{} \"{}\" ({})", link.id, link.name, link.status)).collect();
    lines.join("\n")
}
