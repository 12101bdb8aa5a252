//! What a move brings, or would bring, in words and as JSON.

use autocoder_core::plan::legacy::LegacyCounts;
use autocoder_core::plan::{PlanDocument, PlanFeature, PlanTask, Stood, to_json};
use autocoder_core::workflow::ImportReport;
use serde::Serialize;
use serde_json::{Value, json};

use super::prompts::Prompt;
use super::source::Source;
use crate::exit::{Failure, count};
use crate::output::Output;

#[derive(Serialize)]
pub(super) struct Moved {
    project_name: String,
    list: String,
    spec: Option<String>,
    counts: LegacyCounts,
    prompts: Vec<Prompt>,
    pub(super) report: Option<ImportReport>,
    /// Whether the list was moved in before; then nothing was changed.
    pub(super) was_there: bool,
    pub(super) notices: Vec<String>,
}

impl Moved {
    pub(super) fn new(project: &str, source: &Source, counts: LegacyCounts, notices: Vec<String>) -> Self {
        let spec = source.spec.as_ref().map(|file| file.display().to_string());
        let list = source.list.display().to_string();
        let project_name = project.to_owned();
        Self { project_name, list, spec, counts, prompts: Vec::new(), report: None, was_there: false, notices }
    }

    /// Tells what becomes of the prompts.
    pub(super) fn tell(&mut self, prompts: Vec<Prompt>) {
        self.notices.extend(prompts.iter().map(|prompt| prompt.told().to_owned()));
        self.prompts = prompts;
    }

    pub(super) fn done(&self, output: &Output, command: &str) -> Result<(), Failure> {
        let name = &self.project_name;
        if self.was_there {
            return output.done(self, &format!("\"{name}\" has this list already; nothing was changed"));
        }
        let next = format!("next: {command} status --project {name}");
        output.done(self, &format!("moved into \"{name}\": {}{}\n{next}", self.sums(), self.told()))
    }

    /// Every task as it would come, and nothing else.
    pub(super) fn preview(&self, output: &Output, document: &PlanDocument) -> Result<(), Failure> {
        let features = || document.phases.iter().flat_map(|phase| &phase.features);
        let stood: Vec<Value> = features().flat_map(|feature| &feature.tasks).map(stood).collect();
        let view = json!({ "dry_run": true, "moved": self, "plan": to_json(document), "stood": stood });
        output.show(&view, |_| {
            let lists: String = features().map(listed).collect();
            format!("would move into \"{}\": {}{}{lists}", self.project_name, self.sums(), self.told())
        })
    }

    fn sums(&self) -> String {
        let LegacyCounts { tasks, passing, asking, answered, interrupted, dependencies } = self.counts;
        let (tasks, asking) = (count(tasks, "task"), count(asking, "open question"));
        let asked = format!("{asking}, {}", count(answered, "answer"));
        format!("{tasks} ({passing} passing, {interrupted} interrupted), {asked}, {dependencies} dependencies")
    }

    fn told(&self) -> String {
        self.notices.iter().map(|notice| format!("\n  note: {notice}")).collect()
    }
}

fn word(task: &PlanTask) -> &'static str {
    match task.stood {
        Stood::Open => "pending",
        Stood::Passing => "passing",
        Stood::Asking(_) => "needs_input",
    }
}

fn stood(task: &PlanTask) -> Value {
    let asked = task.answered.as_ref().map(|answered| &answered.question.text);
    let question = if let Stood::Asking(question) = &task.stood { Some(&question.text) } else { asked };
    let answer = task.answered.as_ref().map(|answered| &answered.answer);
    json!({ "key": task.key, "status": word(task), "question": question, "answer": answer })
}

fn listed(feature: &PlanFeature) -> String {
    let tasks = feature.tasks.iter().map(|task| {
        let before: Vec<&str> = task.depends_on.iter().map(|(key, _)| key.as_str()).collect();
        let after = if before.is_empty() { String::new() } else { format!(", after {}", before.join(", ")) };
        let facts = format!("{}, priority {}, {} steps", task.category, task.priority, task.steps.len());
        format!("\n    {} {}: {} ({facts}{after})", word(task), task.identity(), task.name)
    });
    format!("\n  {}{}", feature.name, tasks.collect::<String>())
}
