//! The roles of a rehearsal that hold no task: a turn about a spec, a plan, a regression test, a report.

use std::io::Write;

use autocoder_core::agent::Role;
use autocoder_core::run::RunOutcome;
use autocoder_usage::simulate::random::Generator;
use serde_json::{Value, json};

use super::generator::score;
use super::play::{PlayError, Played, Player};
use super::script;
use super::tools::Tools;

/// How hard an errand is, like a task of that complexity.
const COMPLEXITY: u64 = 2;
/// The number that a plan has instead of a task's or feature's.
const NO_NUMBER: i64 = 0;

impl<W: Write> Player<W> {
    pub(super) async fn errand(&mut self, tools: &Tools) -> Played {
        let words = match self.options.role {
            Role::SpecWriter => self.write_spec(tools).await?,
            Role::Planner => self.write_plan(tools).await?,
            Role::Tester => self.test(tools).await?,
            Role::Reviewer | Role::Coder => self.review(tools).await?,
        };
        self.say(&words)?;
        Ok((RunOutcome::Completed, None))
    }

    async fn write_spec(&mut self, tools: &Tools) -> Result<String, PlayError> {
        let id = self.options.feature.unwrap_or(NO_NUMBER);
        let found = tools.call("feature_get_spec", json!({ "feature_id": id })).await?;
        let text = |pointer: &str| found.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
        let (name, known) = (text("/feature/name"), text("/spec"));
        self.say(&format!("I read the code around \"{name}\"."))?;
        let mut random = self.think(id).await?;
        if let Some(said) = self.options.said.clone().filter(|_| !known.trim().is_empty()) {
            let spec = script::with_decision(&known, &said);
            tools.call("feature_set_spec", json!({ "feature_id": id, "spec": spec })).await?;
            return Ok("I wrote that down under Decisions. The proposed tasks stay as they are.".to_owned());
        }
        let count = random.between(3, 8) as usize;
        let (spec, tasks) = script::spec(&name, &text("/feature/description"), count);
        if known.trim().is_empty() {
            tools.call("feature_set_spec", json!({ "feature_id": id, "spec": spec })).await?;
            self.say("The spec is written; next come the tasks.")?;
        }
        self.think(id).await?;
        tools.call("feature_create_tasks", json!({ "feature_id": id, "tasks": tasks })).await?;
        Ok(format!(
            "I propose {count} tasks. I assumed that old data need not be carried over; shall it be? Accept the tasks when \
             they fit, or tell me what to change."
        ))
    }

    async fn write_plan(&mut self, tools: &Tools) -> Result<String, PlayError> {
        let mut spec = String::new();
        let mut offset = Some(0);
        while let Some(from) = offset {
            let part = tools.call("project_get_spec", json!({ "offset": from })).await?;
            spec.push_str(part.get("spec").and_then(Value::as_str).unwrap_or_default());
            offset = part.get("next_offset").and_then(Value::as_i64);
        }
        self.say("I read the spec.")?;
        self.think(NO_NUMBER).await?;
        let (mut features, mut tasks) = (0, 0);
        let outline = script::outline(&spec);
        for phase in &outline.phases {
            let made = tools.call("phase_create", json!({ "name": phase.name })).await?;
            let phase_id = number(&made, "/phase/id")?;
            for feature in &phase.features {
                let arguments =
                    json!({ "phase_id": phase_id, "name": feature.name, "description": feature.text.trim() });
                let feature_id = number(&tools.call("feature_create", arguments).await?, "/feature/id")?;
                let text = format!("# {}\n\n{}\n", feature.name, feature.text.trim());
                tools.call("feature_set_spec", json!({ "feature_id": feature_id, "spec": text })).await?;
                let list = script::tasks(feature);
                tasks += list.as_array().map_or(0, Vec::len);
                tools.call("feature_create_tasks", json!({ "feature_id": feature_id, "tasks": list })).await?;
                features += 1;
            }
        }
        Ok(format!("The plan has {} phases, {features} features and {tasks} tasks.", outline.phases.len()))
    }

    async fn test(&mut self, tools: &Tools) -> Result<String, PlayError> {
        let picked = tools.call("task_get_for_regression", json!({ "limit": 3 })).await?;
        let tasks = picked.get("tasks").and_then(Value::as_array).cloned().unwrap_or_default();
        let mut broken = 0;
        for task in &tasks {
            let id = number(task, "/id")?;
            self.say(&format!("Checking task {id} again"))?;
            let mut random = self.think(id).await?;
            if random.chance(self.options.fail_rate) {
                broken += 1;
                let evidence = "rehearsed a regression, as `--fail-rate` asks for";
                tools.call("task_report_regression", json!({ "task_id": id, "evidence": evidence })).await?;
            }
        }
        Ok(format!("{} tasks checked again, {broken} do not work any more.", tasks.len()))
    }

    async fn review(&mut self, tools: &Tools) -> Result<String, PlayError> {
        let id = self.options.phase.unwrap_or(NO_NUMBER);
        let stands = tools.call("phase_check_status", json!({ "phase_id": id })).await?;
        self.think(id).await?;
        let name = stands.pointer("/phase/name").and_then(Value::as_str).unwrap_or_default();
        let (features, tasks) = (number(&stands, "/phase/feature_count")?, number(&stands, "/phase/task_count")?);
        let report = format!(
            "## What changed\n\n{name}: {features} features with {tasks} tasks were rehearsed; no file was changed.\n\n\
             ## Risks\n\nNone: nothing was built.\n\n## Findings\n\nNone."
        );
        tools.call("phase_report", json!({ "phase_id": id, "report": report })).await?;
        Ok("The report is written.".to_owned())
    }

    /// Takes time and tokens as an agent would, and gives the chance that what comes next may need.
    async fn think(&mut self, about: i64) -> Result<Generator, PlayError> {
        let round = self.next_round();
        let parts = [&self.options.seed.to_le_bytes()[..], &about.to_le_bytes(), &round.to_le_bytes()];
        let score = score(Generator::of_bytes(&parts), COMPLEXITY, self.options.speed, 0.0);
        for (number, tokens) in score.messages.iter().enumerate() {
            tokio::time::sleep(score.pause).await;
            self.count(about, round * 100 + number, tokens)?;
        }
        Ok(Generator::of_bytes(&[&self.options.seed.to_le_bytes(), &about.to_le_bytes()]))
    }
}

fn number(value: &Value, pointer: &str) -> Result<i64, PlayError> {
    let found = value.pointer(pointer).and_then(Value::as_i64);
    found.ok_or_else(|| PlayError::Tool { tool: "errand", message: format!("the answer has no number at `{pointer}`") })
}
