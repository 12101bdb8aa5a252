//! Reads a project's events from the first to the last and says whether every claim and every gate was kept.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::Server;

/// What the events tell.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Claims {
    /// How often a task was claimed.
    pub claimed: usize,
    /// The tasks that passed.
    pub passed: BTreeSet<String>,
    /// Everything that must not happen, in words.
    pub faults: Vec<String>,
    held: BTreeMap<String, Holder>,
    attempts: BTreeMap<String, i64>,
    phase_of: BTreeMap<i64, String>,
    open_phase: Option<String>,
}

#[derive(Debug, PartialEq, Eq)]
struct Holder {
    agent: String,
    attempt: i64,
    feature: i64,
}

impl Claims {
    /// Of every event of the project `p`.
    #[must_use]
    pub fn read(server: &Server) -> Self {
        let (mut events, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = server.get(&format!("/projects/p/events?limit=1000{cursor}"));
            events.extend(page["items"].as_array().into_iter().flatten().cloned());
            let Some(next) = page["next_cursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        events.sort_by_key(|event| event["id"].as_i64());
        let mut claims = Self::default();
        events.iter().for_each(|event| claims.take(event));
        claims
    }

    /// The tasks that somebody still holds.
    #[must_use]
    pub fn held(&self) -> usize {
        self.held.len()
    }

    fn take(&mut self, event: &Value) {
        let text = |field: &str| event[field].as_str().unwrap_or_default().to_owned();
        let (kind, subject, actor, payload) = (text("kind"), text("subject"), text("actor"), &event["payload"]);
        let attempt = payload["attempt"].as_i64().unwrap_or_default();
        let feature = payload["feature_id"].as_i64().unwrap_or_default();
        match kind.as_str() {
            "phase.started" => self.phase_started(subject),
            "phase.awaiting_approval" => self.open_phase = None,
            "phase.completed" if !actor.starts_with("person:") => self.fault(format!("{actor} approved {subject}")),
            "feature.started" => {
                if let Some(id) = subject.strip_prefix("feature:").and_then(|id| id.parse().ok()) {
                    self.phase_of.insert(id, format!("phase:{}", payload["phase_id"]));
                }
            }
            "task.claimed" => self.claim(subject, Holder { agent: actor, attempt, feature }),
            "task.passed" => {
                if self.held.remove(&subject).is_none_or(|held| held.agent != actor || held.attempt != attempt) {
                    self.fault(format!("{actor} passed {subject} without holding it"));
                }
                if !self.passed.insert(subject.clone()) {
                    self.fault(format!("{subject} passed twice"));
                }
            }
            "task.released" | "task.lapsed" | "task.failed" | "task.blocked" => {
                self.held.remove(&subject);
            }
            _ => {}
        }
    }

    fn phase_started(&mut self, phase: String) {
        if let Some(open) = &self.open_phase {
            self.fault(format!("{phase} started beside {open}"));
        }
        self.open_phase = Some(phase);
    }

    fn claim(&mut self, task: String, by: Holder) {
        self.claimed += 1;
        if let Some(held) = self.held.get(&task) {
            self.fault(format!("{} claimed {task}, which {} holds", by.agent, held.agent));
        }
        if self.passed.contains(&task) {
            self.fault(format!("{task} was claimed after it passed"));
        }
        if self.attempts.insert(task.clone(), by.attempt).is_some_and(|before| before >= by.attempt) {
            self.fault(format!("{task} has two claims with the number {}", by.attempt));
        }
        if self.held.values().any(|held| held.feature == by.feature) {
            self.fault(format!("feature {} has two writers", by.feature));
        }
        if self.open_phase.is_none() || self.phase_of.get(&by.feature) != self.open_phase.as_ref() {
            self.fault(format!("{task} was claimed behind a gate: {:?} is open", self.open_phase));
        }
        self.held.insert(task, by);
    }

    fn fault(&mut self, fault: String) {
        self.faults.push(fault);
    }
}
