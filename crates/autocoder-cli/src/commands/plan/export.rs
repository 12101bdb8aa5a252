//! `autocoder plan export`: the plan of a project as a file that imports again.

use std::path::{Path, PathBuf};

use autocoder_core::plan::{self, PlanDocument, PlanFeature, PlanPhase, PlanTask};
use autocoder_core::workflow;
use clap::Args;
use serde_json::{Value, json};

use crate::arguments::InProject;
use crate::exit::Failure;
use crate::root::Root;

/// Write the plan of a project as a plan file: YAML, or JSON with --json
#[derive(Args)]
pub(crate) struct Export {
    /// The file to write; left out or -: standard output
    #[arg(default_value = "-")]
    file: PathBuf,
    #[command(flatten)]
    in_project: InProject,
}

impl Export {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        let installation = root.open().await?;
        let project = installation.project(&self.in_project).await?;
        let document = workflow::export_plan(&installation.context(), &project.name).await?;
        let text = if root.output.json { json_text(&document)? } else { yaml_text(&document) };
        if self.file == Path::new("-") {
            return root.output.bytes(text.as_bytes());
        }
        std::fs::write(&self.file, text).map_err(|error| Failure::file("write", &self.file, error))?;
        root.output.note(&format!("plan of \"{}\" written to {}", project.name, self.file.display()));
        Ok(())
    }
}

fn yaml_text(document: &PlanDocument) -> String {
    let mut text = String::new();
    plan::write(document, &mut text).expect("a string takes everything");
    text
}

fn json_text(document: &PlanDocument) -> Result<String, Failure> {
    let project = &document.project;
    let plan = json!({
        "version": 1,
        "project": fields([
            ("name", json!(project.name)),
            ("title", json!(project.title)),
            ("description", json!(project.description)),
            ("spec", json!(project.spec)),
        ]),
        "phases": document.phases.iter().map(phase).collect::<Vec<_>>(),
    });
    Ok(serde_json::to_string_pretty(&plan).map_err(std::io::Error::from)? + "\n")
}

fn phase(phase: &PlanPhase) -> Value {
    fields([
        ("key", json!(phase.key)),
        ("name", json!(phase.name)),
        ("description", json!(phase.description)),
        ("features", json!(phase.features.iter().map(feature).collect::<Vec<_>>())),
    ])
}

fn feature(feature: &PlanFeature) -> Value {
    fields([
        ("key", json!(feature.key)),
        ("name", json!(feature.name)),
        ("priority", json!(feature.priority)),
        ("description", json!(feature.description)),
        ("spec", json!(feature.spec)),
        ("tasks", json!(feature.tasks.iter().map(task).collect::<Vec<_>>())),
    ])
}

fn task(task: &PlanTask) -> Value {
    let depends_on: Vec<_> = task.depends_on.iter().map(|(key, _)| key).collect();
    fields([
        ("key", json!(task.key)),
        ("name", json!(task.name)),
        ("category", json!(task.category)),
        ("description", json!(task.description)),
        ("steps", json!(task.steps)),
        ("complexity", json!(task.complexity)),
        ("priority", json!(task.priority)),
        ("depends_on", json!(depends_on)),
    ])
}

/// An object without what is absent or empty.
fn fields<const N: usize>(all: [(&str, Value); N]) -> Value {
    let says_something = |value: &Value| match value {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Bool(_) | Value::Number(_) | Value::Object(_) => true,
    };
    all.into_iter().filter(|(_, value)| says_something(value)).map(|(name, value)| (name.to_owned(), value)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAN: &str = "\
version: 1
project: {name: x, description: d}
phases:
  - name: One
    features:
      - name: F
        key: f
        spec: \"# Spec\\n\"
        tasks:
          - {name: A, key: a, complexity: 1}
          - {name: B, steps: [look], priority: -3, depends_on: [a]}
";

    #[test]
    fn both_formats_read_back_as_the_same_plan() {
        let document = plan::parse(PLAN.as_bytes()).unwrap();
        let again = plan::parse(yaml_text(&document).as_bytes()).unwrap();
        let from_json = plan::parse(json_text(&document).unwrap().as_bytes()).unwrap();
        assert_eq!(yaml_text(&again), yaml_text(&document));
        assert_eq!(yaml_text(&from_json), yaml_text(&document));
    }
}
