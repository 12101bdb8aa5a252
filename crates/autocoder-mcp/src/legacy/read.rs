//! Tools that change nothing: counts, lists, single features, and what to test again.

use autocoder_core::changes::Node;
use autocoder_core::ids::TaskId;
use autocoder_core::phase::PhaseStatus;
use autocoder_core::scheduler::Idle;
use autocoder_core::task::TaskStatus;
use autocoder_core::view::{GraphView, TaskCard};
use autocoder_core::workflow::{Claiming, peek_task, pick_for_regression};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use super::shape;
use crate::arguments::{Id, Whole};
use crate::reply::{Reply, ToolError};
use crate::tools::{Caller, Tool};

/// How many features a list has unless the caller says; an agent's context pays for each.
const READY: i64 = 10;
const BLOCKED: i64 = 20;
const PICKED: i64 = 3;

type Limit<const MOST: i64> = Option<Whole<1, MOST>>;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct GetStats {}

impl Tool for GetStats {
    const NAME: &'static str = "feature_get_stats";
    const ABOUT: &'static str = "How many features pass, are in progress, and there are.";
    const READS: bool = true;

    async fn call(self, caller: &Caller) -> Reply {
        let counts = caller.queries().counts(caller.project()).await?;
        let (passing, total) = (counts.passing, counts.total());
        let percentage = (passing as f64 / total.max(1) as f64 * 1000.0).round() / 10.0;
        Ok(json!({
            "passing": passing,
            "in_progress": counts.in_progress,
            "needs_human_input": counts.needs_input,
            "total": total,
            "percentage": percentage,
        }))
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct GetById {
    feature_id: Id,
}

impl Tool for GetById {
    const NAME: &'static str = "feature_get_by_id";
    const ABOUT: &'static str = "One feature with everything.";
    const READS: bool = true;

    async fn call(self, caller: &Caller) -> Reply {
        let task = caller.named(self.feature_id).await?;
        Ok(shape::whole(caller.numbers().await?, task))
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct GetSummary {
    feature_id: Id,
}

impl Tool for GetSummary {
    const NAME: &'static str = "feature_get_summary";
    const ABOUT: &'static str = "One feature in short: name, state, dependencies.";
    const READS: bool = true;

    async fn call(self, caller: &Caller) -> Reply {
        let task = caller.named(self.feature_id).await?;
        Ok(shape::summary(caller.numbers().await?, &task))
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct GetReady {
    /// Default 10.
    limit: Limit<50>,
}

impl Tool for GetReady {
    const NAME: &'static str = "feature_get_ready";
    const ABOUT: &'static str = "Features that can be worked on now, the next one first. When there are none, `reason` says why and `advice` what to do.";
    const HOT: bool = true;
    const READS: bool = true;

    async fn call(self, caller: &Caller) -> Reply {
        let first = match caller.next().await? {
            Ok(next) => next,
            Err(idle) => return Ok(none(&idle, json!({ "features": [], "count": 0, "total_ready": 0 }))),
        };
        let mut ready = caller.active_graph().await?.nodes;
        ready.retain(|card| card.status == TaskStatus::Pending && !card.is_blocked);
        ready.sort_by_key(|card| (card.id != first, card.priority, card.id));
        let features = caller.whole(&ready, self.limit.map_or(READY, |limit| limit.0)).await?;
        Ok(json!({ "count": features.len(), "features": features, "total_ready": ready.len() }))
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct GetNext {}

impl Tool for GetNext {
    const NAME: &'static str = "feature_get_next";
    const ABOUT: &'static str = "The feature to work on next; claim it with `feature_claim_and_get`.";
    const READS: bool = true;

    async fn call(self, caller: &Caller) -> Reply {
        match caller.next().await? {
            Err(idle) => Ok(none(&idle, json!({ "feature": null }))),
            Ok(next) => {
                let task = caller.queries().task(caller.project(), next).await?;
                let task = task.ok_or_else(|| ToolError::missing("feature", next))?;
                Ok(shape::whole(caller.numbers().await?, task))
            }
        }
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct GetBlocked {
    /// Default 20.
    limit: Limit<100>,
}

impl Tool for GetBlocked {
    const NAME: &'static str = "feature_get_blocked";
    const ABOUT: &'static str = "Features that wait for others, with which ones.";
    const READS: bool = true;

    async fn call(self, caller: &Caller) -> Reply {
        let graph = caller.active_graph().await?;
        let waits = |card: &&TaskCard| card.status == TaskStatus::Pending && card.is_blocked;
        let blocked: Vec<TaskCard> = graph.nodes.iter().filter(waits).cloned().collect();
        let limit = self.limit.map_or(BLOCKED, |limit| limit.0);
        let mut features = caller.whole(&blocked, limit).await?;
        let numbers = caller.numbers().await?;
        for (feature, card) in features.iter_mut().zip(&blocked) {
            let task = caller.queries().task(caller.project(), card.id).await?;
            let on = task.into_iter().flat_map(|task| task.depends_on);
            let open = on.filter(|link| link.status != TaskStatus::Passing).map(|link| link.id);
            feature["blocked_by"] = json!(shape::dependencies(numbers, open));
        }
        Ok(json!({ "count": features.len(), "features": features, "total_blocked": blocked.len() }))
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct GetGraph {}

impl Tool for GetGraph {
    const NAME: &'static str = "feature_get_graph";
    const ABOUT: &'static str =
        "All features and what waits for what; an edge leads from a feature to one that needs it.";
    const READS: bool = true;

    async fn call(self, caller: &Caller) -> Reply {
        let graph = caller.queries().graph(caller.project(), None).await?;
        let numbers = caller.numbers().await?;
        let mut needs = std::collections::BTreeMap::<TaskId, Vec<TaskId>>::new();
        for edge in &graph.edges {
            needs.entry(edge.task_id).or_default().push(edge.depends_on);
        }
        let node = |card: &TaskCard| {
            let on = needs.get(&card.id).into_iter().flatten().copied();
            json!({
                "id": numbers.of_task(card.id),
                "name": card.name,
                "category": card.category,
                "status": shape::status(card),
                "priority": card.priority,
                "dependencies": shape::dependencies(numbers, on),
            })
        };
        let edges = graph
            .edges
            .iter()
            .map(|edge| json!({ "source": numbers.of_task(edge.depends_on), "target": numbers.of_task(edge.task_id) }));
        let nodes: Vec<Value> = graph.nodes.iter().map(node).collect();
        Ok(json!({ "nodes": nodes, "edges": edges.collect::<Vec<_>>() }))
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct GetForRegression {
    /// Default 3.
    limit: Limit<10>,
}

impl Tool for GetForRegression {
    const NAME: &'static str = "feature_get_for_regression";
    const ABOUT: &'static str = "Passing features to test again, least recently tested first.";

    async fn call(self, caller: &Caller) -> Reply {
        let limit = self.limit.map_or(PICKED, |limit| limit.0).unsigned_abs();
        let picked = pick_for_regression(&caller.context(), caller.project(), limit).await?;
        let numbers = caller.numbers().await?;
        let features: Vec<Value> = picked.into_iter().map(|task| shape::whole(numbers, task)).collect();
        Ok(json!({ "count": features.len(), "features": features }))
    }
}

fn none(idle: &Idle, mut answer: Value) -> Value {
    answer["reason"] = json!(idle.reason);
    answer["advice"] = json!(idle.advice);
    answer["retry_at"] = json!(idle.retry_at);
    answer
}

impl Caller {
    /// The task that this session would be given, or holds.
    async fn next(&self) -> Result<Result<TaskId, Idle>, ToolError> {
        let session = &self.connection.session;
        if let Some(hold) = self.connection.held() {
            return Ok(Ok(hold.task));
        }
        Ok(match peek_task(&self.context(), session.project, &session.agent).await? {
            Claiming::Task(claim) => Ok(claim.task.id),
            Claiming::None(idle) => Err(*idle),
        })
    }

    /// The tasks of the phase that is worked on.
    async fn active_graph(&self) -> Result<GraphView, ToolError> {
        let phases = self.queries().phases(self.project()).await?;
        let active = phases.into_iter().find(|phase| phase.status != PhaseStatus::Completed);
        match active {
            Some(phase) => Ok(self.queries().graph(self.project(), Some(Node::Phase(phase.id))).await?),
            None => Ok(GraphView { nodes: Vec::new(), edges: Vec::new() }),
        }
    }

    /// The first `limit` of these tasks with everything.
    async fn whole(&self, cards: &[TaskCard], limit: i64) -> Result<Vec<Value>, ToolError> {
        let numbers = self.numbers().await?;
        let mut features = Vec::new();
        for card in cards.iter().take(limit.unsigned_abs() as usize) {
            let task = self.queries().task(self.project(), card.id).await?;
            features.extend(task.map(|task| shape::whole(numbers, task)));
        }
        Ok(features)
    }
}
