//! Writes a change set into the state: first every check, then everything.

use super::State;
use crate::changes::{ChangeSet, Node, Row};
use crate::event::Event;
use crate::feature::Feature;
use crate::ids::EventId;
use crate::ports::{Out, StoreError};
use crate::task::{Task, TaskStatus};
use crate::time::Timestamp;

impl State {
    pub(super) fn apply(&mut self, set: ChangeSet, now: Timestamp) -> Out<()> {
        self.check(&set)?;
        for row in set.projects {
            let mut project = next(row, |project| &mut project.version);
            project.crew = self.projects.get(&project.id).and_then(|before| before.crew.clone());
            self.projects.insert(project.id, project);
        }
        for (id, lease) in set.crews {
            if let Some(project) = self.projects.get_mut(&id) {
                project.crew = lease;
            }
        }
        for row in set.phases {
            let phase = next(row, |phase| &mut phase.version);
            self.phases.insert(phase.id, phase);
        }
        for row in set.features {
            let feature = next(row, |feature| &mut feature.version);
            let counted = self.features.get(&feature.id).map(|before| (before.tally, before.last_priority));
            let (tally, last_priority) = counted.unwrap_or((feature.tally, feature.last_priority));
            self.features.insert(feature.id, Feature { tally, last_priority, ..feature });
        }
        for row in set.tasks {
            let task = next(row, |task| &mut task.version);
            let open = self.tasks.get(&task.id).map_or(task.open_prerequisites, |before| before.open_prerequisites);
            self.tasks.insert(task.id, Task { open_prerequisites: open, ..task });
        }
        for agent in set.agents {
            self.agents.insert((agent.project, agent.id.clone()), agent);
        }
        for (id, (shift, priority)) in set.tallies {
            if let Some(feature) = self.features.get_mut(&id) {
                feature.tally = feature.tally.plus(shift);
                feature.last_priority = feature.last_priority.max(priority);
            }
        }
        for (id, by) in set.prerequisites {
            if let Some(task) = self.tasks.get_mut(&id) {
                task.open_prerequisites += by;
            }
        }
        for edge in set.edges_removed {
            self.edges.remove(&edge);
        }
        self.edges.extend(set.edges_added);
        for renewal in set.renewals {
            if let Some(lease) = self.tasks.get_mut(&renewal.task).and_then(|task| task.lease.as_mut()) {
                lease.expires = renewal.expires;
            }
        }
        for id in set.verified {
            if let Some(task) = self.tasks.get_mut(&id) {
                task.verified_at = Some(now);
            }
        }
        self.evidence.extend(set.evidence);
        for node in set.deleted {
            self.delete(node);
        }
        for event in set.events {
            self.events.push(Event {
                id: EventId(self.events.len() as i64 + 1),
                project_id: event.project,
                at: event.at,
                actor: event.actor.to_string(),
                kind: event.kind,
                subject: event.subject.to_string(),
                payload: event.payload,
            });
        }
        Ok(())
    }

    fn check(&self, set: &ChangeSet) -> Out<()> {
        for row in &set.projects {
            match row {
                Row::New(project) if self.projects.values().any(|other| other.name == project.name) => {
                    return Err(StoreError::Taken { noun: "project", name: project.name.clone() });
                }
                Row::New(_) => {}
                Row::Changed(p) => same("project", p.id, p.version, self.projects.get(&p.id).map(|p| p.version))?,
            }
        }
        for row in &set.phases {
            if let Row::Changed(p) = row {
                same("phase", p.id, p.version, self.phases.get(&p.id).map(|p| p.version))?;
            }
        }
        for row in &set.features {
            if let Row::Changed(f) = row {
                same("feature", f.id, f.version, self.features.get(&f.id).map(|f| f.version))?;
            }
        }
        for row in &set.tasks {
            if let Row::Changed(t) = row {
                same("task", t.id, t.version, self.tasks.get(&t.id).map(|t| t.version))?;
            }
        }
        for renewal in &set.renewals {
            let held = |task: &&Task| task.attempt == renewal.attempt && task.status == TaskStatus::InProgress;
            if self.tasks.get(&renewal.task).filter(held).is_none() {
                return Err(StoreError::Stale { noun: "task", id: renewal.task.to_string() });
            }
        }
        Ok(())
    }

    fn delete(&mut self, node: Node) {
        let tasks: Vec<_> = self.tasks.values().filter(|task| self.is_below(task, node)).map(|task| task.id).collect();
        self.tasks.retain(|id, _| !tasks.contains(id));
        self.edges.retain(|edge| !tasks.contains(&edge.task) && !tasks.contains(&edge.depends_on));
        self.evidence.retain(|evidence| !tasks.contains(&evidence.task));
        match node {
            Node::Task(_) | Node::Webhook(_) => {}
            Node::Feature(id) => {
                self.features.remove(&id);
            }
            Node::Phase(id) => {
                self.features.retain(|_, feature| feature.phase != id);
                self.phases.remove(&id);
            }
            Node::Project(id) => {
                self.features.retain(|_, feature| feature.project != id);
                self.phases.retain(|_, phase| phase.project != id);
                self.agents.retain(|(project, _), _| *project != id);
                self.runs.retain(|_, run| run.project != id);
                self.usage.retain(|_, record| record.project != id);
                self.projects.remove(&id);
            }
        }
    }
}

/// The row as stored: a changed one counts its version up.
fn next<T>(row: Row<T>, version: impl Fn(&mut T) -> &mut i64) -> T {
    match row {
        Row::New(value) => value,
        Row::Changed(mut value) => {
            *version(&mut value) += 1;
            value
        }
    }
}

fn same(noun: &'static str, id: impl ToString, loaded: i64, found: Option<i64>) -> Out<()> {
    if found == Some(loaded) { Ok(()) } else { Err(StoreError::Stale { noun, id: id.to_string() }) }
}
