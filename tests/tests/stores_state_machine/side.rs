//! One of the three stores: its project, and its ids in the words of the store in memory.

use std::collections::BTreeMap;
use std::sync::Arc;

use autocoder_core::ids::{EventId, ProjectId};
use autocoder_core::ports::{PlanRows, Store};
use serde_json::Value;

/// What comes before the id of a phase, feature or task in a printed answer.
const MARKS: [&str; 9] =
    ["for task ", "TaskId(", "FeatureId(", "PhaseId(", "id: \"", "key: \"t", "names task `", "Task ", "(\"t"];

/// A store and the project of this sequence in it.
pub(crate) struct Side {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) project: ProjectId,
    cursor: EventId,
    /// Ids of the store in memory → ids here.
    own: BTreeMap<i64, i64>,
    /// Ids here → ids of the store in memory.
    common: BTreeMap<i64, i64>,
}

impl Side {
    pub(crate) fn new(store: Arc<dyn Store>, project: ProjectId, cursor: EventId) -> Self {
        Self { store, project, cursor, own: BTreeMap::new(), common: BTreeMap::new() }
    }

    /// The id here of what has this id in memory; what is nowhere keeps its id.
    pub(crate) fn own(&self, id: i64) -> i64 {
        self.own.get(&id).copied().unwrap_or(id)
    }

    pub(crate) async fn rows(&self) -> PlanRows {
        self.store.queries().plan(self.project).await.unwrap()
    }

    /// Learns which of its rows is which of memory's: both number in the same order, with different gaps.
    pub(crate) fn learn(&mut self, memory: &PlanRows, rows: &PlanRows) {
        let pairs = ids(memory).into_iter().zip(ids(rows));
        for (common, own) in pairs {
            self.own.insert(common, own);
            self.common.insert(own, common);
        }
    }

    /// `text` with ids of phases, features and tasks as they are in memory, and new ones counted from 1.
    pub(crate) fn normalise(&self, text: &str) -> String {
        let (mut rest, mut out, mut fresh) = (text, String::with_capacity(text.len()), BTreeMap::new());
        while let Some((start, end)) = first_id(rest) {
            let own: i64 = rest[start..end].parse().unwrap();
            out.push_str(&rest[..start]);
            let next = fresh.len() + 1;
            match self.common.get(&own) {
                Some(common) => out.push_str(&common.to_string()),
                None if own == i64::MAX => out.push_str("missing"),
                None => out.push_str(&format!("new{}", fresh.entry(own).or_insert(next))),
            }
            rest = &rest[end..];
        }
        out.push_str(rest);
        out.replace(&format!("ProjectId({})", self.project), "ProjectId")
    }

    /// What happened since the last call of this, in common words.
    pub(crate) async fn news(&mut self) -> String {
        let events = self.store.feed().after(self.cursor, Some(self.project), 10_000).await.unwrap();
        self.cursor = events.last().map_or(self.cursor, |event| event.id);
        let told: Vec<_> = events
            .into_iter()
            .map(|event| {
                let subject = match event.subject.split_once(':') {
                    Some(("project", _)) => "project".to_owned(),
                    Some((noun, id)) => {
                        id.parse().map_or(event.subject.clone(), |id| format!("{noun}:{}", self.common(id)))
                    }
                    None => event.subject.clone(),
                };
                let payload = self.payload(event.payload, false);
                format!(
                    "{} {} {} {subject} {}",
                    event.at,
                    event.actor,
                    event.kind,
                    self.normalise(&payload.to_string())
                )
            })
            .collect();
        told.join("\n")
    }

    /// A deleted row's id is known still; one that came and went within a call is not.
    pub(crate) fn common(&self, own: i64) -> i64 {
        self.common.get(&own).copied().unwrap_or(0)
    }

    fn payload(&self, value: Value, is_id: bool) -> Value {
        match value {
            Value::Number(number) if is_id => number.as_i64().map_or(Value::Null, |id| self.common(id).into()),
            Value::Array(list) => list.into_iter().map(|item| self.payload(item, is_id)).collect(),
            Value::Object(fields) => {
                let holds_ids = |key: &str| ["feature_id", "phase_id", "task_ids", "depends_on"].contains(&key);
                fields.into_iter().map(|(key, value)| (key.clone(), self.payload(value, holds_ids(&key)))).collect()
            }
            other => other,
        }
    }
}

/// The ids of a plan, each kind in its own order.
fn ids(rows: &PlanRows) -> Vec<i64> {
    let phases = rows.phases.iter().map(|phase| phase.id.0);
    let features = rows.features.iter().map(|feature| feature.id.0);
    phases.chain(features).chain(rows.tasks.iter().map(|task| task.id.0)).collect()
}

/// Where the next number behind a mark begins and ends.
fn first_id(text: &str) -> Option<(usize, usize)> {
    text.match_indices(|c: char| c.is_ascii_digit()).map(|(start, _)| start).find_map(|start| {
        MARKS.iter().any(|mark| text[..start].ends_with(mark)).then(|| {
            let length = text[start..].find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len() - start);
            (start, start + length)
        })
    })
}
