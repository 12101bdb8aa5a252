//! Checks every `depends_on`: known, not itself, not in a later phase, no cycle.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use super::super::document::{PlanDocument, PlanTask};
use super::super::problem::{Problems, shown};
use super::super::suggest::nearest;
use super::cycles::{Graph, cycles};

/// Names compared for "did you mean" in all, so that many unknown names in a large plan cost no minutes.
const COMPARISONS: usize = 2_000_000;
/// Tasks named of a cycle before the rest is only counted.
const NAMED: usize = 20;

/// Reports dependencies that are unknown, doubled, on the task itself, on a later phase, or part of a cycle.
pub(in super::super) fn dependencies(document: &PlanDocument, problems: &mut Problems) {
    let mut check = Check::new(document);
    let mut graph = Graph::with_nodes(check.tasks.len());
    for node in 0..check.tasks.len() {
        for (position, target) in check.targets(node, problems) {
            graph.add_edge(target, position);
        }
        graph.end_node();
    }
    cycles(&graph, |cycle, position| {
        let [start, .., node] = *cycle else { return };
        let names: Vec<&str> = cycle.iter().take(NAMED).map(|node| check.identity(*node)).collect();
        let more = match cycle.len().saturating_sub(NAMED) {
            0 => String::new(),
            more => format!(" → … ({more} more)"),
        };
        let message = format!("depends_on closes a cycle: `{}{more} → {}`", names.join(" → "), check.identity(start));
        let (line, path) = check.place(node, position);
        problems.add(line, path, message, Some("remove one of these dependencies".to_owned()));
    });
}

/// What is wrong with a dependency, and what to do.
type Fault = (String, String);

/// A task and where it stands.
struct Placed<'a> {
    task: &'a PlanTask,
    phase: usize,
    feature: usize,
    index: usize,
}

#[derive(Clone, Copy)]
enum Named {
    Key(usize),
    Name(usize),
    Ambiguous,
}

struct Check<'a> {
    document: &'a PlanDocument,
    tasks: Vec<Placed<'a>>,
    names: HashMap<&'a str, Named>,
    comparisons_left: usize,
}

impl<'a> Check<'a> {
    fn new(document: &'a PlanDocument) -> Self {
        let mut tasks = Vec::with_capacity(document.task_count());
        for (phase, phase_value) in document.phases.iter().enumerate() {
            for (feature, feature_value) in phase_value.features.iter().enumerate() {
                let placed = |(index, task)| Placed { task, phase, feature, index };
                tasks.extend(feature_value.tasks.iter().enumerate().map(placed));
            }
        }
        let mut names = HashMap::with_capacity(tasks.len());
        for (node, placed) in tasks.iter().enumerate() {
            if let Some(key) = placed.task.key.as_deref() {
                // Of two tasks with one key, reported elsewhere, the first one counts.
                names.entry(key).or_insert(Named::Key(node));
            }
        }
        for (node, placed) in tasks.iter().enumerate().filter(|(_, placed)| placed.task.key.is_none()) {
            match names.entry(placed.task.name.as_str()) {
                Entry::Vacant(entry) => {
                    entry.insert(Named::Name(node));
                }
                Entry::Occupied(mut entry) if matches!(entry.get(), Named::Name(_)) => {
                    entry.insert(Named::Ambiguous);
                }
                Entry::Occupied(_) => {}
            }
        }
        Self { document, tasks, names, comparisons_left: COMPARISONS }
    }

    /// The tasks that `node` depends on, each with its position in `depends_on`; what is wrong is reported.
    fn targets(&mut self, node: usize, problems: &mut Problems) -> Vec<(usize, usize)> {
        let (mut targets, mut seen) = (Vec::new(), HashSet::new());
        let listed: &'a [(String, u32)] = &self.tasks[node].task.depends_on;
        // An empty name is a problem of its own, reported by the reader.
        for (position, (name, _)) in listed.iter().enumerate().filter(|(_, (name, _))| !name.is_empty()) {
            let fault = match self.target(node, name) {
                Err(fault) => Some(fault),
                Ok(target) if !seen.insert(target) => {
                    Some((format!("depends_on names {} twice", shown(name)), "remove one".to_owned()))
                }
                Ok(target) => {
                    targets.push((position, target));
                    self.later_phase(node, target)
                }
            };
            if let Some((message, hint)) = fault {
                let (line, path) = self.place(node, position);
                problems.add(line, path, message, Some(hint));
            }
        }
        targets
    }

    /// The task called `name`, unless there is none, or several, or it is `node` itself.
    fn target(&mut self, node: usize, name: &str) -> Result<usize, Fault> {
        match self.names.get(name).copied() {
            None => Err(self.unknown(name)),
            Some(Named::Ambiguous) => {
                let message = format!("depends_on names {}, which several tasks are called", shown(name));
                Err((message, "give the task a key and name that".to_owned()))
            }
            Some(Named::Key(target) | Named::Name(target)) if target == node => {
                Err((format!("depends_on names the task itself, {}", shown(name)), "remove it".to_owned()))
            }
            Some(Named::Key(target) | Named::Name(target)) => Ok(target),
        }
    }

    fn later_phase(&self, node: usize, target: usize) -> Option<Fault> {
        let (own, other) = (self.tasks[node].phase, self.tasks[target].phase);
        (other > own).then(|| {
            let name = shown(self.identity(target));
            let phase = shown(&self.document.phases[other].name);
            let message =
                format!("depends_on names {name} of the later phase {phase}: this task could never become ready");
            (message, "move one of the two tasks to another phase, or remove the dependency".to_owned())
        })
    }

    fn unknown(&mut self, name: &str) -> Fault {
        let mut hint = "name the key of a task in this file, or the name of one without a key".to_owned();
        if let Some(rest) = self.comparisons_left.checked_sub(self.tasks.len()) {
            self.comparisons_left = rest;
            let called = self.tasks.iter().find(|placed| placed.task.name == name);
            let near = || nearest(name, self.tasks.iter().map(|placed| placed.task.identity()));
            if let Some(meant) = called.map(|placed| placed.task.identity()).or_else(near) {
                hint = format!("did you mean {}?", shown(meant));
            }
        }
        (format!("depends_on names {}, which is no task of this file", shown(name)), hint)
    }

    fn identity(&self, node: usize) -> &'a str {
        self.tasks[node].task.identity()
    }

    /// The line and the path of an entry of `depends_on`.
    fn place(&self, node: usize, position: usize) -> (u32, String) {
        let Placed { task, phase, feature, index } = &self.tasks[node];
        let line = task.depends_on.get(position).map_or(task.line, |(_, line)| *line);
        (line, format!("phases[{phase}].features[{feature}].tasks[{index}].depends_on[{position}]"))
    }
}
