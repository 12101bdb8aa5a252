//! The flat feature list of the legacy tool as a plan: one phase, everything kept, what cannot be kept told.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::Value;

use super::{DEFAULT_CATEGORY, PlanDocument, PlanFeature, PlanPhase, PlanTask, Stood};
use crate::limits::{CATEGORY_CHARS, DEPENDENCIES, NAME_CHARS, PRIORITY, STEP_CHARS, STEPS, TEXT_BYTES};
use crate::task::Question;

/// The key of the imported phase: a project that has it was moved in before.
pub const PHASE_KEY: &str = "legacy";
const PHASE_NAME: &str = "Phase 1: Initial Development";
const FEATURE_NAME: &str = "Core Features";

/// A row of the legacy list. Versions differ in their columns; what one does not have is `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LegacyRow {
    /// Its id, kept as the task's key.
    pub id: i64,
    /// Lower runs first.
    pub priority: Option<i64>,
    /// For example `functional`.
    pub category: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// What it is.
    pub description: Option<String>,
    /// A JSON list of texts.
    pub steps: Option<String>,
    /// Whether it passes.
    pub passes: bool,
    /// Whether an agent had it; such a task is open again.
    pub in_progress: bool,
    /// A JSON list of ids.
    pub dependencies: Option<String>,
    /// Whether it waits for a person.
    pub needs_input: bool,
    /// What it asks, as JSON with `prompt` and `fields`.
    pub request: Option<String>,
}

/// What a legacy list becomes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LegacyPlan {
    /// The plan, with where each task stood.
    pub document: PlanDocument,
    /// How much of what is in it.
    pub counts: LegacyCounts,
    /// What was left out or changed, one sentence each.
    pub notices: Vec<String>,
}

/// How many tasks of each sort there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct LegacyCounts {
    /// All tasks.
    pub tasks: usize,
    /// Those that pass.
    pub passing: usize,
    /// Those that wait for an answer.
    pub asking: usize,
    /// Those that an agent had; they are pending again.
    pub interrupted: usize,
    /// Dependencies that are kept.
    pub dependencies: usize,
}

/// The plan of a legacy list: one phase with the feature "Core Features", or with one feature a category.
#[must_use]
pub fn legacy_plan(rows: &[LegacyRow], by_category: bool) -> LegacyPlan {
    let mut reading = Reading::default();
    let edges = reading.edges(rows);
    let mut features: Vec<PlanFeature> = Vec::new();
    for row in rows {
        let task = reading.task(row, &edges);
        let name = if by_category { task.category.clone() } else { FEATURE_NAME.to_owned() };
        match features.iter_mut().find(|feature| feature.name == name) {
            Some(feature) => feature.tasks.push(task),
            None => features.push(PlanFeature { name, tasks: vec![task], ..PlanFeature::default() }),
        }
    }
    let phase = PlanPhase {
        key: Some(PHASE_KEY.to_owned()),
        name: PHASE_NAME.to_owned(),
        features,
        begun: true,
        ..PlanPhase::default()
    };
    let document = PlanDocument { phases: vec![phase], ..PlanDocument::default() };
    LegacyPlan { document, counts: reading.counts, notices: reading.notices }
}

#[derive(Default)]
struct Reading {
    counts: LegacyCounts,
    notices: Vec<String>,
}

impl Reading {
    fn tell(&mut self, id: i64, what: impl std::fmt::Display) {
        self.notices.push(format!("task {id}: {what}"));
    }

    /// The dependencies of every row that lead to another one and close no circle.
    fn edges(&mut self, rows: &[LegacyRow]) -> BTreeMap<i64, Vec<i64>> {
        let known: BTreeSet<i64> = rows.iter().map(|row| row.id).collect();
        let mut edges: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
        for row in rows {
            let wanted = self.numbers(row);
            for on in wanted {
                if on == row.id {
                    self.tell(row.id, "its dependency on itself is left out");
                } else if !known.contains(&on) {
                    self.tell(row.id, format!("its dependency on task {on} is left out: there is no such task"));
                } else {
                    edges.entry(row.id).or_default().push(on);
                }
            }
        }
        self.without_circles(&mut edges);
        for (id, on) in &mut edges {
            if on.len() > DEPENDENCIES {
                self.tell(*id, format!("only its first {DEPENDENCIES} dependencies are kept"));
                on.truncate(DEPENDENCIES);
            }
        }
        self.counts.dependencies = edges.values().map(Vec::len).sum();
        edges
    }

    /// Leaves out each dependency that leads back to a task on the way to it: one walk, however many circles there are.
    fn without_circles(&mut self, edges: &mut BTreeMap<i64, Vec<i64>>) {
        let (mut done, mut closing) = (BTreeSet::new(), BTreeSet::new());
        for start in edges.keys() {
            let mut way: Vec<(i64, usize)> = vec![(*start, 0)];
            let mut on_way = BTreeSet::from([*start]);
            while let Some((id, next)) = way.last_mut() {
                let from = *id;
                match edges.get(&from).filter(|_| !done.contains(&from)).and_then(|on| on.get(*next)).copied() {
                    Some(on) => {
                        *next += 1;
                        if on_way.contains(&on) {
                            closing.insert((from, on));
                        } else if !done.contains(&on) {
                            on_way.insert(on);
                            way.push((on, 0));
                        }
                    }
                    None => {
                        done.insert(from);
                        on_way.remove(&from);
                        way.pop();
                    }
                }
            }
        }
        for (id, on) in closing {
            self.tell(id, format!("its dependency on task {on} is left out: it closes a circle"));
            edges.entry(id).or_default().retain(|other| *other != on);
        }
    }

    fn numbers(&mut self, row: &LegacyRow) -> Vec<i64> {
        let text = row.dependencies.as_deref().unwrap_or("null");
        let list = match serde_json::from_str::<Value>(text) {
            Ok(Value::Null) => return Vec::new(),
            Ok(Value::Array(list)) => list,
            _ => {
                self.tell(row.id, "its dependencies cannot be read and are left out");
                return Vec::new();
            }
        };
        let mut numbers: Vec<i64> = Vec::new();
        for item in list {
            match item.as_i64().or_else(|| item.as_str()?.trim().parse().ok()) {
                Some(number) if !numbers.contains(&number) => numbers.push(number),
                Some(_) => {}
                None => self.tell(row.id, format!("its dependency `{item}` is no id and is left out")),
            }
        }
        numbers
    }

    fn task(&mut self, row: &LegacyRow, edges: &BTreeMap<i64, Vec<i64>>) -> PlanTask {
        let name = self.line(row, "name", row.name.as_deref(), NAME_CHARS);
        let category = self.line(row, "category", row.category.as_deref(), CATEGORY_CHARS);
        let priority = row.priority.unwrap_or(i64::from(super::DEFAULT_PRIORITY));
        let most = i64::from(PRIORITY);
        if !(-most..=most).contains(&priority) {
            self.tell(row.id, format!("its priority {priority} is taken as {}", priority.clamp(-most, most)));
        }
        let stood = self.stood(row);
        self.counts.tasks += 1;
        self.counts.passing += usize::from(stood == Stood::Passing);
        self.counts.asking += usize::from(matches!(stood, Stood::Asking(_)));
        self.counts.interrupted += usize::from(row.in_progress && stood == Stood::Open);
        PlanTask {
            key: Some(row.id.to_string()),
            name: if name.is_empty() { format!("Task {}", row.id) } else { name },
            category: if category.is_empty() { DEFAULT_CATEGORY.to_owned() } else { category },
            description: self.text(row, "description", row.description.as_deref().unwrap_or_default()),
            steps: self.steps(row),
            priority: i32::try_from(priority.clamp(-most, most)).unwrap_or(super::DEFAULT_PRIORITY),
            depends_on: edges.get(&row.id).into_iter().flatten().map(|on| (on.to_string(), 0)).collect(),
            stood,
            ..PlanTask::default()
        }
    }

    fn stood(&mut self, row: &LegacyRow) -> Stood {
        if row.passes {
            return Stood::Passing;
        }
        if !row.needs_input {
            return Stood::Open;
        }
        let asked = row.request.as_deref().unwrap_or_default();
        let prompt = serde_json::from_str::<Value>(asked).ok().and_then(|request| {
            request.get("prompt").or_else(|| request.get("question")).and_then(Value::as_str).map(str::to_owned)
        });
        let prompt = prompt.unwrap_or_else(|| if asked.is_empty() { "What is needed?".into() } else { asked.into() });
        Stood::Asking(Question { text: self.text(row, "question", &prompt), ..Question::default() })
    }

    fn steps(&mut self, row: &LegacyRow) -> Vec<String> {
        let text = row.steps.as_deref().unwrap_or("null");
        let steps: Vec<String> = match serde_json::from_str::<Value>(text) {
            Ok(Value::Null) => Vec::new(),
            Ok(Value::Array(list)) => {
                list.into_iter().map(|step| step.as_str().map_or_else(|| step.to_string(), str::to_owned)).collect()
            }
            Ok(Value::String(step)) => vec![step],
            _ => {
                self.tell(row.id, "its steps are no JSON list; their text is kept as one step");
                vec![text.to_owned()]
            }
        };
        let mut steps: Vec<String> = steps.iter().map(|step| clean(step).trim().to_owned()).collect();
        steps.retain(|step| !step.is_empty());
        if steps.len() > STEPS {
            self.tell(row.id, format!("only its first {STEPS} steps are kept"));
            steps.truncate(STEPS);
        }
        for step in &mut steps {
            if step.chars().count() > STEP_CHARS {
                self.notices.push(format!("task {}: a step is cut at {STEP_CHARS} characters", row.id));
                *step = step.chars().take(STEP_CHARS).collect();
            }
        }
        steps
    }

    /// One line of at most `most` characters.
    fn line(&mut self, row: &LegacyRow, field: &str, value: Option<&str>, most: usize) -> String {
        let line = clean(value.unwrap_or_default()).replace(['\n', '\t'], " ");
        let line = line.trim();
        if line.chars().count() <= most {
            return line.to_owned();
        }
        self.tell(row.id, format!("its {field} is cut at {most} characters"));
        line.chars().take(most).collect::<String>().trim_end().to_owned()
    }

    fn text(&mut self, row: &LegacyRow, field: &str, value: &str) -> String {
        let mut text = clean(value);
        if text.len() > TEXT_BYTES {
            self.tell(row.id, format!("its {field} is cut at {TEXT_BYTES} bytes"));
            text.truncate(text.floor_char_boundary(TEXT_BYTES));
        }
        text
    }
}

/// Without control characters, which no field of a plan holds.
fn clean(text: &str) -> String {
    text.replace("\r\n", "\n").chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(id: i64) -> LegacyRow {
        LegacyRow { id, name: Some(format!("Row {id}")), category: Some("style".to_owned()), ..LegacyRow::default() }
    }

    fn tasks(plan: &LegacyPlan) -> Vec<&PlanTask> {
        plan.document.phases.iter().flat_map(|phase| &phase.features).flat_map(|feature| &feature.tasks).collect()
    }

    #[test]
    fn a_task_stands_where_it_stood() {
        let asks = r#"{"prompt": "Which key?", "fields": []}"#;
        let rows = [
            LegacyRow { passes: true, in_progress: true, needs_input: true, ..row(1) },
            LegacyRow { in_progress: true, ..row(2) },
            LegacyRow { needs_input: true, request: Some(asks.to_owned()), ..row(3) },
            LegacyRow { needs_input: true, ..row(4) },
        ];
        let plan = legacy_plan(&rows, false);
        let question = |text: &str| Stood::Asking(Question { text: text.to_owned(), ..Question::default() });
        let stood: Vec<_> = tasks(&plan).into_iter().map(|task| task.stood.clone()).collect();
        assert_eq!(stood, [Stood::Passing, Stood::Open, question("Which key?"), question("What is needed?")]);
        assert_eq!(plan.counts, LegacyCounts { tasks: 4, passing: 1, asking: 2, interrupted: 1, dependencies: 0 });
        assert_eq!(plan.notices, Vec::<String>::new());
    }

    #[test]
    fn dependencies_that_cannot_be_kept_are_told() {
        let of = |id, dependencies: &str| LegacyRow { dependencies: Some(dependencies.to_owned()), ..row(id) };
        let rows = [of(1, "[3, 3]"), of(2, "[1, \"1\"]"), of(3, "[2, 3, 99, true]"), of(4, "{oops"), of(5, "null")];
        let plan = legacy_plan(&rows, false);
        let kept: Vec<_> = tasks(&plan).into_iter().map(|task| task.depends_on.clone()).collect();
        let on = |id: &str| vec![(id.to_owned(), 0)];
        assert_eq!(kept, [on("3"), vec![], on("2"), vec![], vec![]]);
        assert_eq!(
            plan.notices,
            [
                "task 3: its dependency `true` is no id and is left out",
                "task 3: its dependency on itself is left out",
                "task 3: its dependency on task 99 is left out: there is no such task",
                "task 4: its dependencies cannot be read and are left out",
                "task 2: its dependency on task 1 is left out: it closes a circle",
            ]
        );
    }

    #[test]
    fn broken_fields_are_mended_and_told() {
        let rows = [LegacyRow {
            id: 7,
            priority: Some(i64::MAX),
            name: Some(format!("a\u{0}\n{}", "ä".repeat(300))),
            steps: Some("not json".to_owned()),
            ..LegacyRow::default()
        }];
        let plan = legacy_plan(&rows, false);
        let found = tasks(&plan);
        let [task] = found.as_slice() else { panic!("one task") };
        assert_eq!((task.name.chars().count(), task.priority, task.category.as_str()), (255, 1_000_000, "functional"));
        assert_eq!(task.steps, ["not json"]);
        assert_eq!(plan.notices.len(), 3, "{:?}", plan.notices);
    }

    #[test]
    fn each_category_may_become_a_feature() {
        let rows = [row(1), LegacyRow { category: Some("security".to_owned()), ..row(2) }, row(3)];
        let names = |by_category| {
            let plan = legacy_plan(&rows, by_category);
            plan.document.phases[0].features.iter().map(|f| (f.name.clone(), f.tasks.len())).collect::<Vec<_>>()
        };
        assert_eq!(names(false), [("Core Features".to_owned(), 3)]);
        assert_eq!(names(true), [("style".to_owned(), 2), ("security".to_owned(), 1)]);
    }
}
