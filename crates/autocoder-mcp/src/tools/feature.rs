//! Tools on features: create one, read and write its spec, fill it with tasks.

use autocoder_core::agent::Role;
use autocoder_core::feature::NewFeature;
use autocoder_core::ids::{FeatureId, PhaseId, TaskId};
use autocoder_core::limits::PRIORITY;
use autocoder_core::task::{NewTask, Prerequisite};
use autocoder_core::view::{FeatureView, ProposalView, TaskCard};
use autocoder_core::workflow::{add_feature, create_tasks, propose_tasks, set_spec};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::{Caller, Tool};
use crate::arguments::{Id, Whole};
use crate::reply::{Reply, ToolError};

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Create {
    phase_id: Id,
    name: String,
    description: String,
}

impl Tool for Create {
    const NAME: &'static str = "feature_create";
    const ABOUT: &'static str = "Add a feature to a phase and request its spec.";

    async fn call(self, caller: &Caller) -> Reply {
        let phase = Some(PhaseId(self.phase_id.0));
        let new = NewFeature { phase, name: self.name, description: self.description, ..NewFeature::default() };
        let made = add_feature(&caller.context(), caller.project(), new).await?;
        Ok(json!({ "feature": caller.feature(made.id).await? }))
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct GetSpec {
    feature_id: Id,
}

impl Tool for GetSpec {
    const NAME: &'static str = "feature_get_spec";
    const ABOUT: &'static str = "A feature with its spec (Markdown; null when there is none yet).";
    const READS: bool = true;

    async fn call(self, caller: &Caller) -> Reply {
        let feature = caller.feature(FeatureId(self.feature_id.0)).await?;
        Ok(json!({ "spec": feature.spec, "feature": FeatureView { spec: None, ..feature } }))
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SetSpec {
    feature_id: Id,
    /// Markdown.
    spec: String,
}

impl Tool for SetSpec {
    const NAME: &'static str = "feature_set_spec";
    const ABOUT: &'static str = "Write a feature's spec.";

    async fn call(self, caller: &Caller) -> Reply {
        let id = FeatureId(self.feature_id.0);
        caller.must_be_own(id).await?;
        set_spec(&caller.context(), caller.project(), id, self.spec).await?;
        Ok(json!({ "feature": FeatureView { spec: None, ..caller.feature(id).await? } }))
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CreateTasks {
    feature_id: Id,
    tasks: Vec<TaskArguments>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct TaskArguments {
    name: String,
    description: Option<String>,
    category: Option<String>,
    /// How to see that it is done.
    steps: Option<Vec<String>>,
    estimated_complexity: Option<Whole<1, 5>>,
    /// Lower runs first; default 500.
    priority: Option<Whole<{ -(PRIORITY as i64) }, { PRIORITY as i64 }>>,
    /// A number below the length of `tasks` is an index in it, from 0; any other is a task's id.
    depends_on: Option<Vec<Whole<0, { i64::MAX }>>>,
}

/// What a spec writer is told of its tasks.
const PROPOSED: &str = "stored as proposals; each becomes a task when a person accepts it";

impl Tool for CreateTasks {
    const NAME: &'static str = "feature_create_tasks";
    const ABOUT: &'static str = "Add tasks to a feature, all or none. Each is one session's work for one agent.";

    async fn call(self, caller: &Caller) -> Reply {
        let count = self.tasks.len();
        let new = self.tasks.into_iter().map(|task| task.into_new(count)).collect();
        let (cx, project, feature) = (caller.context(), caller.project(), FeatureId(self.feature_id.0));
        if caller.connection.session.role == Some(Role::SpecWriter) {
            caller.must_be_own(feature).await?;
            let made = propose_tasks(&cx, project, feature, new).await?;
            let proposals = made.into_iter().map(ProposalView::from).collect::<Vec<_>>();
            return Ok(json!({ "proposals": proposals, "note": PROPOSED }));
        }
        let made = create_tasks(&cx, project, feature, new).await?;
        Ok(json!({ "tasks": made.into_iter().map(TaskCard::of).collect::<Vec<_>>() }))
    }
}

impl TaskArguments {
    fn into_new(self, count: usize) -> NewTask {
        let default = NewTask::default();
        NewTask {
            name: self.name,
            category: self.category.unwrap_or(default.category),
            description: self.description.unwrap_or_default(),
            steps: self.steps.unwrap_or_default(),
            complexity: self.estimated_complexity.map_or(default.complexity, |Whole(points)| points as u8),
            priority: self.priority.map_or(default.priority, |Whole(priority)| priority as i32),
            depends_on: self.depends_on.unwrap_or_default().into_iter().map(|on| prerequisite(on.0, count)).collect(),
        }
    }
}

fn prerequisite(number: i64, count: usize) -> Prerequisite {
    match usize::try_from(number) {
        Ok(index) if index < count => Prerequisite::Sibling(index),
        _ => Prerequisite::Task(TaskId(number)),
    }
}

impl Caller {
    async fn feature(&self, id: FeatureId) -> Result<FeatureView, ToolError> {
        self.queries().feature(self.project(), id).await?.ok_or_else(|| ToolError::missing("feature", id))
    }
}
