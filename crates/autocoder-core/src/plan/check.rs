//! Cross checks: what no single field shows.

mod cycles;
mod dependencies;

pub(super) use dependencies::dependencies;

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::document::{PlanDocument, PlanTask};
use super::problem::{Problems, shown};

/// Reports phases, features and tasks with the same identity inside their parent, and task keys used twice in the file.
pub(super) fn identities(document: &PlanDocument, problems: &mut Problems) {
    let mut keys: HashMap<&str, u32> = HashMap::new();
    let mut phases = Siblings::new("phase", String::from("phases"));
    for (p, phase) in document.phases.iter().enumerate() {
        phases.add(p, phase.identity(), phase.line, problems);
        let mut features = Siblings::new("feature", format!("phases[{p}].features"));
        for (f, feature) in phase.features.iter().enumerate() {
            features.add(f, feature.identity(), feature.line, problems);
            let mut tasks = Siblings::new("task", format!("phases[{p}].features[{f}].tasks"));
            for (t, task) in feature.tasks.iter().enumerate() {
                if fresh_key(&mut keys, task, || format!("{}[{t}].key", tasks.path), problems) {
                    tasks.add(t, task.identity(), task.line, problems);
                }
            }
        }
    }
}

/// Whether the task has no key or one that no task before it has.
fn fresh_key<'a>(
    keys: &mut HashMap<&'a str, u32>,
    task: &'a PlanTask,
    path: impl Fn() -> String,
    problems: &mut Problems,
) -> bool {
    let Some(key) = task.key.as_deref() else { return true };
    match keys.entry(key) {
        Entry::Vacant(entry) => {
            entry.insert(task.line);
            true
        }
        Entry::Occupied(first) => {
            let message = format!("the task on line {} has the key {} already", first.get(), shown(key));
            let hint = "a task's key must be unique in the whole file".to_owned();
            problems.add(task.line, path(), message, Some(hint));
            false
        }
    }
}

/// The children of one parent by identity, with their lines.
struct Siblings<'a> {
    noun: &'static str,
    path: String,
    lines: HashMap<&'a str, u32>,
}

impl<'a> Siblings<'a> {
    fn new(noun: &'static str, path: String) -> Self {
        Self { noun, path, lines: HashMap::new() }
    }

    fn add(&mut self, index: usize, identity: &'a str, line: u32, problems: &mut Problems) {
        match self.lines.entry(identity) {
            Entry::Vacant(entry) => {
                entry.insert(line);
            }
            // An empty name is a problem of its own, reported by the reader.
            Entry::Occupied(_) if identity.is_empty() => {}
            Entry::Occupied(first) => {
                let noun = self.noun;
                let message = format!("the {noun} on line {} is {} already", first.get(), shown(identity));
                let hint = format!("give each {noun} its own key, or its own name where it has no key");
                problems.add(line, format!("{}[{index}]", self.path), message, Some(hint));
            }
        }
    }
}
