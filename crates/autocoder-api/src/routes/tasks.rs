//! Tasks: the smallest items of a plan, in columns or as a list, and what a person does with them.

mod answer;
mod batch;
mod create;
mod delete;
mod depend;
mod edit;
mod list;
mod of_feature;
mod reopen;
mod show;
mod skip;
mod why;

use autocoder_core::ids::TaskId;
use autocoder_core::task::{NewTask, Prerequisite, Task, TaskStatus};
use autocoder_core::view::TaskCard;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::operations::{Operations, operations};
use crate::problem::Problem;

pub(super) fn add(list: &mut Operations) {
    operations!(list, "tasks";
        Viewer list, Viewer of_feature, Editor create, Editor batch, Viewer show, Editor edit, Editor delete,
        Editor skip, Editor answer, Editor reopen, Viewer why, Editor depend,
    );
}

/// A part of a name, when there is one.
fn looked_for(text: Option<String>) -> Result<Option<String>, Problem> {
    match text.as_ref().map_or(0, |text| text.chars().count()) {
        chars @ 256.. => Err(Problem::field("q", format!("has {chars} characters, at most 255 are allowed"))),
        chars => Ok(text.filter(|_| chars > 0)),
    }
}

/// The status that a list shows, or every one.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Shown {
    /// Waiting for an agent.
    Pending,
    /// Held by an agent.
    InProgress,
    /// Done.
    Passing,
    /// Waiting for an answer.
    NeedsInput,
    /// Failed too often.
    Blocked,
    /// Whatever the status.
    All,
}

impl Shown {
    const fn status(self) -> Option<TaskStatus> {
        match self {
            Self::Pending => Some(TaskStatus::Pending),
            Self::InProgress => Some(TaskStatus::InProgress),
            Self::Passing => Some(TaskStatus::Passing),
            Self::NeedsInput => Some(TaskStatus::NeedsInput),
            Self::Blocked => Some(TaskStatus::Blocked),
            Self::All => None,
        }
    }
}

/// Tasks that were just made.
#[derive(Serialize, ToSchema)]
pub(super) struct MadeTasks {
    /// The tasks in short.
    tasks: Vec<TaskCard>,
}

impl MadeTasks {
    pub(super) fn of(tasks: Vec<Task>) -> Self {
        Self { tasks: tasks.into_iter().map(TaskCard::of).collect() }
    }
}

/// What a person may say of a new task, as it came; what is left out is as in a plan file.
struct Wish {
    name: String,
    category: Option<String>,
    description: String,
    steps: Vec<String>,
    estimated_complexity: Option<u8>,
    priority: Option<i32>,
    depends_on: Vec<i64>,
}

impl Wish {
    /// A number below `siblings` is a task of the same request, any other is an id.
    fn into_new(self, siblings: usize) -> NewTask {
        let default = NewTask::default();
        let prerequisite = |number: i64| match usize::try_from(number) {
            Ok(index) if index < siblings => Prerequisite::Sibling(index),
            _ => Prerequisite::Task(TaskId(number)),
        };
        NewTask {
            name: self.name,
            category: self.category.unwrap_or(default.category),
            description: self.description,
            steps: self.steps,
            complexity: self.estimated_complexity.unwrap_or(default.complexity),
            priority: self.priority.unwrap_or(default.priority),
            depends_on: self.depends_on.into_iter().map(prerequisite).collect(),
        }
    }
}
