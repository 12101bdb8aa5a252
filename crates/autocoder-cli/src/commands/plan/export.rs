//! `autocoder plan export`: the plan of a project as a file that imports again.

use std::path::{Path, PathBuf};

use autocoder_core::plan::{self, PlanDocument};
use autocoder_core::workflow;
use clap::Args;

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
    Ok(serde_json::to_string_pretty(&plan::to_json(document)).map_err(std::io::Error::from)? + "\n")
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
