//! Tools that plan: new features, and what waits for what.

use autocoder_core::changes::Node;
use autocoder_core::feature::NewFeature;
use autocoder_core::ids::{FeatureId, TaskId};
use autocoder_core::limits::PRIORITY;
use autocoder_core::phase::PhaseStatus;
use autocoder_core::plan::legacy::FEATURE_NAME;
use autocoder_core::task::{NewTask, Prerequisite, Task};
use autocoder_core::workflow::{add_feature, create_tasks, set_dependencies};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::shape;
use crate::arguments::{Id, Whole};
use crate::reply::{Reply, ToolError};
use crate::tools::{Caller, Tool};

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Create {
    category: String,
    name: String,
    description: String,
    /// How to see that it is done.
    steps: Vec<String>,
}

impl Tool for Create {
    const NAME: &'static str = "feature_create";
    const ABOUT: &'static str = "Add a feature behind the others.";

    async fn call(self, caller: &Caller) -> Reply {
        let Self { category, name, description, steps } = self;
        let new = NewTask { category, name, description, steps, ..NewTask::default() };
        let made = caller.add(vec![new]).await?;
        let id = made.first().map(|task| task.id).ok_or_else(|| ToolError::missing("feature", "new"))?;
        let feature = caller.shown(id).await?;
        Ok(json!({ "success": true, "message": "the feature was added", "feature": feature }))
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CreateBulk {
    features: Vec<New>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct New {
    category: String,
    name: String,
    description: String,
    steps: Vec<String>,
    /// Places in this list, from 0, of those it waits for.
    depends_on_indices: Option<Vec<Whole<0, { i64::MAX }>>>,
}

impl Tool for CreateBulk {
    const NAME: &'static str = "feature_create_bulk";
    const ABOUT: &'static str = "Add features behind the others, all or none, in their order.";

    async fn call(self, caller: &Caller) -> Reply {
        let count = self.features.len();
        let new: Vec<NewTask> = self.features.into_iter().map(New::into_task).collect();
        let waiting = new.iter().filter(|task| !task.depends_on.is_empty()).count();
        caller.add(new).await?;
        Ok(json!({ "created": count, "with_dependencies": waiting }))
    }
}

impl New {
    fn into_task(self) -> NewTask {
        let places = self.depends_on_indices.unwrap_or_default().into_iter();
        let place = |index: Whole<0, { i64::MAX }>| usize::try_from(index.0).unwrap_or(usize::MAX);
        NewTask {
            category: self.category,
            name: self.name,
            description: self.description,
            steps: self.steps,
            depends_on: places.map(|index| Prerequisite::Sibling(place(index))).collect(),
            ..NewTask::default()
        }
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AddDependency {
    feature_id: Id,
    dependency_id: Id,
}

impl Tool for AddDependency {
    const NAME: &'static str = "feature_add_dependency";
    const ABOUT: &'static str = "Make a feature wait for another one too.";

    async fn call(self, caller: &Caller) -> Reply {
        let (task, on) = (caller.named(self.feature_id).await?, caller.named(self.dependency_id).await?);
        let before = task.depends_on.iter().map(|link| link.id);
        caller.depend(self.feature_id, task.id, before.chain([on.id]).collect()).await
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RemoveDependency {
    feature_id: Id,
    dependency_id: Id,
}

impl Tool for RemoveDependency {
    const NAME: &'static str = "feature_remove_dependency";
    const ABOUT: &'static str = "Let a feature not wait for another one any more.";

    async fn call(self, caller: &Caller) -> Reply {
        let (task, on) = (caller.named(self.feature_id).await?, caller.named(self.dependency_id).await?);
        let left = task.depends_on.iter().map(|link| link.id).filter(|id| *id != on.id);
        caller.depend(self.feature_id, task.id, left.collect()).await
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SetDependencies {
    feature_id: Id,
    /// Replaces all.
    dependency_ids: Vec<Id>,
}

impl Tool for SetDependencies {
    const NAME: &'static str = "feature_set_dependencies";
    const ABOUT: &'static str = "Make a feature wait for exactly these others.";

    async fn call(self, caller: &Caller) -> Reply {
        let task = caller.named(self.feature_id).await?.id;
        let mut on = Vec::new();
        for number in self.dependency_ids {
            on.push(caller.named(number).await?.id);
        }
        caller.depend(self.feature_id, task, on).await
    }
}

impl Caller {
    async fn depend(&self, number: Id, task: TaskId, on: Vec<TaskId>) -> Reply {
        self.told(set_dependencies(&self.context(), self.project(), task, on.clone()).await).await?;
        let mut dependencies = shape::dependencies(self.numbers().await?, on.into_iter());
        dependencies.dedup();
        Ok(json!({ "success": true, "feature_id": number.0, "dependencies": dependencies }))
    }

    /// Adds tasks behind those of the feature "Core Features".
    async fn add(&self, mut new: Vec<NewTask>) -> Result<Vec<Task>, ToolError> {
        let core = self.core_features().await?;
        let there = self.queries().graph(self.project(), Some(Node::Feature(core))).await?.nodes;
        let last = there.iter().map(|card| card.priority).max().unwrap_or_default();
        for (task, behind) in new.iter_mut().zip(1..) {
            task.priority = last.saturating_add(behind).min(PRIORITY);
        }
        Ok(create_tasks(&self.context(), self.project(), core, new).await?)
    }

    /// Where the legacy tool's items are: the feature of that name in the phase that is worked on, made when missing.
    async fn core_features(&self) -> Result<FeatureId, ToolError> {
        let phases = self.queries().phases(self.project()).await?;
        if let Some(active) = phases.into_iter().find(|phase| phase.status != PhaseStatus::Completed) {
            let features = self.queries().features(self.project(), Some(active.id)).await?;
            if let Some(core) = features.into_iter().find(|feature| feature.name == FEATURE_NAME) {
                return Ok(core.id);
            }
        }
        let new = NewFeature { name: FEATURE_NAME.to_owned(), ..NewFeature::default() };
        Ok(add_feature(&self.context(), self.project(), new).await?.id)
    }
}
