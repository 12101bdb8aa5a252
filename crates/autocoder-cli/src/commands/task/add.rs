//! `autocoder task add`.

use autocoder_core::ids::{FeatureId, TaskId};
use autocoder_core::task::{DEFAULT_CATEGORY, DEFAULT_COMPLEXITY, NewTask, Prerequisite};
use autocoder_core::workflow;
use clap::Args;

use crate::arguments::{InProject, complexity, id, priority};
use crate::exit::Failure;
use crate::root::Root;

/// Add a task; without a feature it goes to "Quick tasks" of the active phase
#[derive(Args)]
#[command(after_help = "\
Examples:
  autocoder task add 'The footer shows the version'
  autocoder task add 'Toggle all' --feature 7 --complexity 2 --step 'Click the arrow' --depends-on 12")]
pub(crate) struct Add {
    /// Its name
    name: String,
    /// Its feature
    #[arg(long, value_name = "ID", value_parser = id, allow_negative_numbers = true)]
    feature: Option<i64>,
    /// What sort of work it is
    #[arg(long, value_name = "WORD", default_value = DEFAULT_CATEGORY)]
    category: String,
    /// What is to be done
    #[arg(long, value_name = "TEXT", default_value = "")]
    description: String,
    /// How to see that it is done; repeat it for more
    #[arg(long = "step", value_name = "TEXT")]
    steps: Vec<String>,
    /// From 1 to 5
    #[arg(long, value_name = "N", value_parser = complexity, allow_negative_numbers = true, default_value_t = DEFAULT_COMPLEXITY)]
    complexity: u8,
    /// Lower runs first
    #[arg(long, value_name = "N", value_parser = priority, allow_negative_numbers = true, default_value_t = autocoder_core::feature::DEFAULT_PRIORITY)]
    priority: i32,
    /// Tasks that must pass first
    #[arg(long, value_name = "TASK", num_args = 1.., value_delimiter = ',', value_parser = id, allow_negative_numbers = true)]
    depends_on: Vec<i64>,
    #[command(flatten)]
    in_project: InProject,
}

impl Add {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        let installation = root.open().await?;
        let project = installation.project(&self.in_project).await?;
        let new = NewTask {
            name: self.name,
            category: self.category,
            description: self.description,
            steps: self.steps,
            complexity: self.complexity,
            priority: self.priority,
            depends_on: self.depends_on.into_iter().map(|id| Prerequisite::Task(TaskId(id))).collect(),
        };
        let feature = self.feature.map(FeatureId);
        let made = workflow::add_task(&installation.context(), project.id, feature, new).await?;
        let view = installation.task(&project, made.id.0).await?;
        let feature = format!("feature {} \"{}\"", view.feature_id, view.feature_name);
        root.output.done(&view, &format!("task {} \"{}\" added to {feature}", view.id, view.name))
    }
}
