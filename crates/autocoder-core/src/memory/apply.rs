//! Writes a change set into the state: first every check, then everything.

use super::State;
use crate::changes::{ChangeSet, Node, Row};
use crate::event::Event;
use crate::feature::Feature;
use crate::ids::{EventId, ProjectId};
use crate::ports::{Out, StoreError};
use crate::request::Receipt;
use crate::task::{Task, TaskStatus};
use crate::time::Timestamp;

impl State {
    pub(super) fn apply(&mut self, set: ChangeSet, now: Timestamp) -> Out<()> {
        self.check(&set)?;
        for row in set.projects {
            let mut project = row.stored(|project| &mut project.version);
            project.crew = self.projects.get(&project.id).and_then(|before| before.crew.clone());
            self.projects.insert(project.id, project);
        }
        for (id, lease) in set.crews {
            if let Some(project) = self.projects.get_mut(&id) {
                project.crew = lease;
            }
        }
        for row in set.phases {
            let phase = row.stored(|phase| &mut phase.version);
            self.phases.insert(phase.id, phase);
        }
        for row in set.features {
            let feature = row.stored(|feature| &mut feature.version);
            let counted = self.features.get(&feature.id).map(|before| (before.tally, before.last_priority));
            let (tally, last_priority) = counted.unwrap_or((feature.tally, feature.last_priority));
            self.features.insert(feature.id, Feature { tally, last_priority, ..feature });
        }
        for row in set.tasks {
            let task = row.stored(|task| &mut task.version);
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
        self.messages.extend(set.messages.into_iter().map(|message| (message.id, message)));
        self.notes.extend(set.notes.into_iter().map(|note| (note.id, note)));
        for Row::New(proposal) | Row::Changed(proposal) in set.proposals {
            self.proposals.insert(proposal.id, proposal);
        }
        for row in set.webhooks {
            let webhook = row.stored(|webhook| &mut webhook.version);
            self.webhooks.insert(webhook.id, webhook);
        }
        self.tokens.extend(set.tokens.into_iter().map(|token| (token.id, token)));
        self.accounts.apply(set.budgets, set.schedules);
        self.settings.extend(set.settings);
        for node in set.deleted {
            self.delete(node);
        }
        for key in set.agents_deleted {
            self.agents.remove(&key);
        }
        if let Some(receipt) = set.receipt {
            self.receipts.insert((receipt.key.principal.clone(), receipt.key.key.clone()), receipt);
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
        self.check_hosted(set)?;
        self.check_accounts(set)?;
        for renewal in &set.renewals {
            let held = |task: &&Task| task.attempt == renewal.attempt && task.status == TaskStatus::InProgress;
            if self.tasks.get(&renewal.task).filter(held).is_none() {
                return Err(StoreError::Stale { noun: "task", id: renewal.task.to_string() });
            }
        }
        Ok(())
    }

    fn check_hosted(&self, set: &ChangeSet) -> Out<()> {
        if let Some(Receipt { key, .. }) = &set.receipt
            && self.receipts.contains_key(&(key.principal.clone(), key.key.clone()))
        {
            return Err(StoreError::Taken { noun: "idempotency key", name: key.key.clone() });
        }
        for row in &set.webhooks {
            match row {
                Row::New(webhook) => self.must_have(webhook.project)?,
                Row::Changed(w) => same("webhook", w.id, w.version, self.webhooks.get(&w.id).map(|w| w.version))?,
            }
        }
        set.tokens.iter().try_for_each(|token| self.must_have(token.project))
    }

    pub(super) fn must_have(&self, project: Option<ProjectId>) -> Out<()> {
        match project.filter(|id| !self.projects.contains_key(id)) {
            Some(id) => Err(StoreError::Stale { noun: "project", id: id.to_string() }),
            None => Ok(()),
        }
    }

    fn delete(&mut self, node: Node) {
        let tasks: Vec<_> = self.tasks.values().filter(|task| self.is_below(task, node)).map(|task| task.id).collect();
        self.tasks.retain(|id, _| !tasks.contains(id));
        self.edges.retain(|edge| !tasks.contains(&edge.task) && !tasks.contains(&edge.depends_on));
        self.evidence.retain(|evidence| !tasks.contains(&evidence.task));
        match node {
            Node::Task(_) => {}
            Node::Budget(_) | Node::Schedule(_) => self.accounts.delete(node),
            Node::Webhook(id) => {
                self.webhooks.remove(&id);
            }
            Node::Feature(id) => {
                self.accounts.delete(node);
                self.features.remove(&id);
            }
            Node::Phase(id) => {
                self.accounts.delete(node);
                let below = self.features.values().filter(|feature| feature.phase == id).map(|feature| feature.id);
                below.for_each(|feature| self.accounts.delete(Node::Feature(feature)));
                self.features.retain(|_, feature| feature.phase != id);
                self.phases.remove(&id);
            }
            Node::Project(id) => {
                self.accounts.delete(node);
                self.features.retain(|_, feature| feature.project != id);
                self.phases.retain(|_, phase| phase.project != id);
                self.agents.retain(|(project, _), _| *project != id);
                self.runs.retain(|_, run| run.project != id);
                self.webhooks.retain(|_, webhook| webhook.project != Some(id));
                self.tokens.retain(|_, token| token.project != Some(id));
                self.projects.remove(&id);
            }
        }
        let (phases, features, webhooks) = (&self.phases, &self.features, &self.webhooks);
        self.notes.retain(|_, note| phases.contains_key(&note.phase));
        self.messages.retain(|_, message| features.contains_key(&message.feature));
        self.proposals.retain(|_, proposal| features.contains_key(&proposal.feature));
        self.deliveries.retain(|_, delivery| webhooks.contains_key(&delivery.webhook));
    }
}

pub(super) fn same(noun: &'static str, id: impl ToString, loaded: i64, found: Option<i64>) -> Out<()> {
    if found == Some(loaded) { Ok(()) } else { Err(StoreError::Stale { noun, id: id.to_string() }) }
}
