//! `autocoder plan check`: everything that is wrong with a plan file, without a database.

use std::path::PathBuf;

use autocoder_core::plan::PlanPhase;
use clap::Args;
use serde_json::{Value, json};

use crate::exit::Failure;
use crate::root::Root;

/// Say everything that is wrong with a plan file; nothing is imported
#[derive(Args)]
pub(crate) struct Check {
    /// The plan file (YAML or JSON), or - for standard input
    file: PathBuf,
}

impl Check {
    pub(crate) fn run(self, root: &Root) -> Result<(), Failure> {
        let document = super::parse(&self.file, &super::read(&self.file)?)?;
        let view = json!({
            "project": document.project.name,
            "phases": document.phases.len(),
            "features": super::features(&document),
            "tasks": document.task_count(),
            "critical_paths": document.phases.iter().map(critical_path).collect::<Vec<_>>(),
        });
        root.output.show(&view, |_| {
            let good = format!("{} is a good plan: {}", super::shown(&self.file), super::size(&document));
            let paths = document.phases.iter().map(|phase| format!("\n  {}: {}", phase.name, chain(phase)));
            format!(
                "{good}\nlongest chain of tasks that wait for each other, by complexity:{}",
                paths.collect::<String>()
            )
        })
    }
}

/// How many links of a long chain are shown.
const SHOWN: usize = 8;

fn critical_path(phase: &PlanPhase) -> Value {
    let path = phase.critical_path();
    let complexity: u32 = path.iter().map(|task| u32::from(task.complexity)).sum();
    json!({ "phase": phase.name, "complexity": complexity, "tasks": path.iter().map(|task| task.identity()).collect::<Vec<_>>() })
}

fn chain(phase: &PlanPhase) -> String {
    let path = phase.critical_path();
    let names: Vec<_> = path.iter().take(SHOWN).map(|task| task.identity()).collect();
    let more = if path.len() > SHOWN { format!(" → … {} more", path.len() - SHOWN) } else { String::new() };
    format!("{}{more}", names.join(" → "))
}
