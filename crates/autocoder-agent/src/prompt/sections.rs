//! What each role is told: short values that are always whole, and parts that share the room that is left.

use autocoder_core::error::Refused;
use autocoder_core::ids::{FeatureId, PhaseId, ProjectId, TaskId};
use autocoder_core::note::{Note, NoteKind};
use autocoder_core::phase::PhaseStatus;
use autocoder_core::ports::{Queries, Store};
use autocoder_core::spec::SpecMessage;
use autocoder_core::view::{PhaseView, ProjectView, TaskView};

use super::budget::{Part, fitted};
use super::template::{RULES, pieces};
use super::{PROMPT_CHARS, PromptError};

/// The longest name in a prompt, in characters.
const NAME_CHARS: usize = 160;
/// How many of the newest notes are shown.
const NOTES: usize = 10;
/// How many tasks that went wrong a reviewer is told of.
const TROUBLED: usize = 20;

/// What stands for the placeholders of a template.
pub(super) struct Values {
    short: Vec<(&'static str, String)>,
    parts: Vec<Part>,
}

impl Values {
    /// The prompt: `template` filled once; what a value contains is never read as a placeholder.
    pub(super) fn fill(&self, template: &str, known: &[&str]) -> String {
        let pieces = pieces(template, known).unwrap_or_else(|_| vec![(template, None)]);
        let short = |name: &str| self.short.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str());
        let length = |(before, name): &(&str, Option<&str>)| {
            before.chars().count() + name.and_then(short).map_or(0, |value| value.chars().count())
        };
        let fixed = pieces.iter().map(length).sum::<usize>() + RULES.chars().count();
        let named = |part: &&Part| pieces.iter().any(|(_, name)| *name == Some(part.name));
        let parts: Vec<Part> = self.parts.iter().filter(named).cloned().collect();
        let values = fitted(&parts, PROMPT_CHARS.saturating_sub(fixed));
        let part = |name: &str| values.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str());
        let mut filled = String::new();
        for (before, name) in pieces {
            filled.push_str(before);
            filled.push_str(name.and_then(|name| short(name).or_else(|| part(name))).unwrap_or_default());
        }
        filled + RULES
    }
}

pub(super) async fn coder(store: &dyn Store, project: &ProjectView, id: TaskId) -> Result<Values, PromptError> {
    let queries = store.queries();
    let task = queries.task(project.id, id).await?.ok_or_else(|| Refused::missing("task", id))?;
    let feature = queries.feature(project.id, task.feature_id).await?;
    let feature = feature.ok_or_else(|| Refused::missing("feature", task.feature_id))?;
    let phase = phase(queries, project.id, feature.phase_id).await?;
    let rest = "`task_get` has the rest";
    let spec = format!("`feature_get_spec` with id {} has the rest", feature.id);
    Ok(Values {
        short: vec![
            ("project", name(&project.title)),
            ("task_id", id.to_string()),
            ("task_name", name(&task.name)),
            ("feature_id", feature.id.to_string()),
            ("feature_name", name(&feature.name)),
        ],
        parts: vec![
            findings(&task, &phase),
            Part { name: "description", text: clean(&task.description), floor: 1_200, rest: rest.into(), heading: "" },
            Part { name: "steps", text: numbered(&task.steps), floor: 700, rest: rest.into(), heading: "" },
            verification(project),
            notes(queries, project.id, phase.id).await?,
            Part {
                name: "feature_spec",
                text: clean(&feature.spec.unwrap_or_default()),
                floor: 500,
                rest: spec,
                heading: "",
            },
        ],
    })
}

/// What a person or an earlier try said about the task. A reason to do it again comes first.
fn findings(task: &TaskView, phase: &PhaseView) -> Part {
    let sent_back = phase.decision.as_ref().filter(|_| phase.status == PhaseStatus::InProgress);
    let sent_back = sent_back.map(|decision| decision.note.trim()).filter(|note| !note.is_empty());
    let reason = task.blocked_reason.as_deref().map(str::trim).filter(|reason| !reason.is_empty());
    let mut said = Vec::new();
    match (reason, task.failures) {
        (Some(reason), 0) => said.push(format!("It was done before and has to be done again, because:\n{reason}")),
        (Some(reason), _) => said.push(format!(
            "An earlier try failed. Do not repeat it; start from what it left in the work tree:\n{reason}"
        )),
        (None, _) => {}
    }
    if let Some(note) = sent_back.filter(|note| reason.is_none_or(|reason| !reason.contains(note))) {
        said.push(format!("A person sent the phase back, because:\n{note}"));
    }
    if let Some((question, answer)) = task.question.as_ref().zip(task.answer.as_ref()) {
        said.push(format!("You asked: {}\nThe answer: {answer}", question.text));
    }
    Part {
        name: "findings",
        text: clean(&said.join("\n\n")),
        floor: 900,
        heading: "What is known from before",
        rest: "`task_get` has the rest".into(),
    }
}

pub(super) async fn spec_writer(
    store: &dyn Store,
    project: &ProjectView,
    id: FeatureId,
) -> Result<Values, PromptError> {
    let queries = store.queries();
    let feature = queries.feature(project.id, id).await?.ok_or_else(|| Refused::missing("feature", id))?;
    let phase = phase(queries, project.id, feature.phase_id).await?;
    let others = queries.features(project.id, Some(phase.id)).await?;
    let others = others.iter().filter(|other| other.id != id).map(|other| name(&other.name)).collect::<Vec<_>>();
    let said = conversation(&queries.spec_messages(project.id, id).await?);
    let end: String = if said.chars().count() > 4_000 { tail(&said, 4_000) } else { said };
    Ok(Values {
        short: vec![
            ("project", name(&project.title)),
            ("feature_id", id.to_string()),
            ("feature_name", name(&feature.name)),
            ("phase_name", name(&phase.name)),
        ],
        parts: vec![
            Part {
                name: "description",
                text: clean(&feature.description),
                floor: 900,
                heading: "",
                rest: "`feature_get_spec` has the rest".into(),
            },
            Part { name: "conversation", text: end, floor: 900, heading: "", rest: "the rest is older".into() },
            Part {
                name: "feature_spec",
                text: clean(&feature.spec.unwrap_or_default()),
                floor: 800,
                heading: "",
                rest: "`feature_get_spec` has the rest".into(),
            },
            Part {
                name: "neighbours",
                text: others.join("; "),
                floor: 200,
                heading: "",
                rest: "`phase_check_status` has the rest".into(),
            },
            notes(queries, project.id, phase.id).await?,
            project_spec(project, 300),
        ],
    })
}

pub(super) fn planner(project: &ProjectView) -> Values {
    Values { short: vec![("project", name(&project.title))], parts: vec![project_spec(project, PROMPT_CHARS)] }
}

pub(super) async fn tester(store: &dyn Store, project: &ProjectView, id: PhaseId) -> Result<Values, PromptError> {
    let phase = phase(store.queries(), project.id, id).await?;
    Ok(Values {
        short: vec![("project", name(&project.title)), ("phase_name", name(&phase.name))],
        parts: vec![verification(project), notes(store.queries(), project.id, id).await?],
    })
}

pub(super) async fn reviewer(store: &dyn Store, project: &ProjectView, id: PhaseId) -> Result<Values, PromptError> {
    let queries = store.queries();
    let phase = phase(queries, project.id, id).await?;
    let features = queries.features(project.id, Some(id)).await?;
    let features = features
        .iter()
        .map(|feature| format!("- {} (feature {}): {} tasks", name(&feature.name), feature.id, feature.task_count));
    let mut troubled = queries.review(project.id, id, 1_000).await?;
    troubled.retain(|task| task.failures > 0 || task.skip_count > 0 || task.blocked_reason.is_some());
    let troubled = troubled.iter().take(TROUBLED).map(|task| {
        let reason = task.blocked_reason.as_deref().map(|reason| format!(": {}", name(reason))).unwrap_or_default();
        let counts = format!("failed {} times, skipped {}", task.failures, task.skip_count);
        format!("- task {} {} ({counts}){reason}", task.card.id, name(&task.card.name))
    });
    let list = |name, lines: Vec<String>, floor| Part {
        name,
        text: clean(&lines.join("\n")),
        floor,
        heading: "",
        rest: "`task_list` has the rest".into(),
    };
    Ok(Values {
        short: vec![("project", name(&project.title)), ("phase_id", id.to_string()), ("phase_name", name(&phase.name))],
        parts: vec![
            list("description", vec![phase.description.clone()], 800),
            list("features", features.collect(), 800),
            list("findings", troubled.collect(), 600),
            verification(project),
            notes(queries, project.id, id).await?,
        ],
    })
}

fn project_spec(project: &ProjectView, floor: usize) -> Part {
    let spec = project.spec.as_deref().filter(|spec| !spec.trim().is_empty()).unwrap_or(&project.description);
    Part { name: "project_spec", text: clean(spec), floor, heading: "", rest: "`project_get_spec` has the rest".into() }
}

fn verification(project: &ProjectView) -> Part {
    let commands: Vec<String> =
        project.settings.verify.iter().map(|command| format!("    {}", one_line(command))).collect();
    let text = if commands.is_empty() {
        "No commands are set; check your work by the steps.".to_owned()
    } else {
        format!("These must succeed, and `task_mark_passing` runs them again:\n\n{}", commands.join("\n"))
    };
    Part { name: "verification", text, floor: 400, heading: "", rest: "`task_mark_passing` runs them all".into() }
}

/// What earlier agents of the phase left, the newest first.
async fn notes(queries: &dyn Queries, project: ProjectId, phase: PhaseId) -> Result<Part, PromptError> {
    let mut notes = queries.notes(project, Some(phase)).await?;
    notes.retain(|note| note.kind != NoteKind::Report);
    let told = |note: &Note| format!("- {} ({}): {}", note.kind, note.author, one_line(&note.text));
    let text: Vec<String> = notes.iter().rev().take(NOTES).map(told).collect();
    Ok(Part {
        name: "notes",
        text: clean(&text.join("\n")),
        floor: 300,
        heading: "Notes of earlier agents, newest first",
        rest: "`note_list` has the rest".into(),
    })
}

/// What was said, each with its author.
pub(super) fn conversation(messages: &[SpecMessage]) -> String {
    let told = |message: &SpecMessage| {
        let who = if message.is_of_person() { "Person" } else { "You" };
        format!("{who}: {}", message.text.trim())
    };
    clean(&messages.iter().map(told).collect::<Vec<_>>().join("\n\n"))
}

async fn phase(queries: &dyn Queries, project: ProjectId, id: PhaseId) -> Result<PhaseView, PromptError> {
    let phases = queries.phases(project).await?;
    Ok(phases.into_iter().find(|phase| phase.id == id).ok_or_else(|| Refused::missing("phase", id))?)
}

fn numbered(steps: &[String]) -> String {
    let lines: Vec<String> =
        steps.iter().enumerate().map(|(at, step)| format!("{}. {}", at + 1, one_line(step))).collect();
    clean(&lines.join("\n"))
}

fn name(text: &str) -> String {
    clean(&one_line(text)).chars().take(NAME_CHARS).collect()
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// NUL would end an argument.
fn clean(text: &str) -> String {
    text.replace('\0', "")
}

fn tail(text: &str, chars: usize) -> String {
    let skip = text.chars().count().saturating_sub(chars);
    format!("[older messages are left out]\n\n{}", text.chars().skip(skip).collect::<String>())
}
