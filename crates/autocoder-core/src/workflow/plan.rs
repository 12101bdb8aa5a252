//! Import and export of whole plans: one transaction, updates by key, no status is ever lost.

mod export;
mod matching;

pub use export::export_plan;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::json;

use super::Context;
use crate::changes::{Changes, Row};
use crate::dependency::find_cycle;
use crate::error::Refused;
use crate::event::{EventKind, Subject};
use crate::feature::{Feature, FeatureStatus, Tally};
use crate::ids::{Attempt, FeatureId, PhaseId, ProjectId, TaskId};
use crate::phase::{Phase, PhaseStatus};
use crate::plan::{PlanDocument, PlanFeature, PlanPhase, PlanTask, Problem, Stood};
use crate::ports::PlanRows;
use crate::rollup;
use crate::task::{Edge, Task, TaskStatus};
use matching::{Known, TaskNames};

/// What an import did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportReport {
    /// Phases.
    pub phases: Counts,
    /// Features.
    pub features: Counts,
    /// Tasks.
    pub tasks: Counts,
}

/// How many came, changed, or were there already just so.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Counts {
    /// New.
    pub added: usize,
    /// Edited.
    pub updated: usize,
    /// As they were.
    pub unchanged: usize,
}

/// Brings a plan file into a project. What it names by key (or name) is edited, what is new is added, what it does not
/// name stays. Statuses, attempts and claims are never touched.
///
/// # Errors
/// Every problem at once, with lines: new work in a phase that is closed or at its gate, a circle together with
/// dependencies that stay.
pub async fn import_plan(
    cx: &Context<'_>,
    project: ProjectId,
    document: PlanDocument,
) -> Result<ImportReport, Refused> {
    cx.person("import a plan")?;
    let (mut unit, mut changes) = cx.begin(project).await?;
    let rows = unit.plan().await?;
    let most = document.phases.iter().map(|phase| 1 + phase.features.len()).sum::<usize>() + document.task_count();
    let first = unit.new_ids(u32::try_from(most).unwrap_or(u32::MAX)).await?;
    let names = TaskNames::of(&document);
    let mut import = Import::new(project, &rows, first, &mut changes);
    import.phases(document);
    import.dependencies(&names);
    import.follow()?;
    let (report, problems) = (import.report, std::mem::take(&mut import.problems));
    if !problems.is_empty() {
        return Err(Refused::Plan(problems));
    }
    changes.event(EventKind::PlanImported, Subject::Project(project), json!(report));
    if report.tasks.added + report.features.added + report.phases.added > 0 {
        super::project::reopen_if_completed(&mut *unit, &mut changes).await?;
    }
    unit.commit(changes).await?;
    Ok(report)
}

struct Import<'a> {
    project: ProjectId,
    known: Known<'a>,
    rows: &'a PlanRows,
    next_id: i64,
    changes: &'a mut Changes,
    report: ImportReport,
    problems: Vec<Problem>,
    /// The tasks of the file, in its order, with their id and the names they wait for.
    placed: Vec<Placed>,
    /// Features of the store that the file names, as edited.
    edited: BTreeMap<FeatureId, Feature>,
    /// Features that are new.
    fresh: Vec<Feature>,
    /// Phases that are new: whatever their status, their work comes with them.
    fresh_phases: BTreeSet<PhaseId>,
    /// New tasks that pass already.
    passing: BTreeSet<TaskId>,
}

struct Placed {
    id: TaskId,
    depends_on: Vec<String>,
    /// A new task waits to be inserted until its dependencies are counted.
    new: Option<Task>,
}

impl<'a> Import<'a> {
    fn new(project: ProjectId, rows: &'a PlanRows, next_id: i64, changes: &'a mut Changes) -> Self {
        Self {
            project,
            known: Known::of(rows),
            rows,
            next_id,
            changes,
            report: ImportReport::default(),
            problems: Vec::new(),
            placed: Vec::new(),
            edited: BTreeMap::new(),
            fresh: Vec::new(),
            fresh_phases: BTreeSet::new(),
            passing: BTreeSet::new(),
        }
    }

    fn new_id(&mut self) -> i64 {
        self.next_id += 1;
        self.next_id - 1
    }

    fn refuse(&mut self, line: u32, field: &str, message: String, hint: &str) {
        self.problems.push(Problem { line, field: field.to_owned(), message, hint: Some(hint.to_owned()) });
    }

    fn phases(&mut self, document: PlanDocument) {
        let mut last = 0;
        for phase in document.phases {
            let known = self.known.phase(phase.identity()).cloned();
            let placed = self.phase(&phase, known, &mut last);
            for feature in phase.features {
                self.feature(&placed, feature);
            }
        }
    }

    /// Adds or edits a phase. Phases that have not started take their order from the file.
    fn phase(&mut self, wanted: &PlanPhase, known: Option<Phase>, last: &mut i32) -> Phase {
        let started_behind = self.rows.phases.iter().rev().find(|phase| phase.status != PhaseStatus::Pending);
        let Some(before) = known else {
            let order = *last + 1;
            if let Some(started) = started_behind.filter(|started| started.order >= order) {
                let message = format!("would come before phase `{}`, which has started", started.name);
                self.refuse(wanted.line, "phases", message, "put new phases behind it");
            }
            *last = order;
            self.report.phases.added += 1;
            let phase = self.fresh_phase(wanted, order);
            self.fresh_phases.insert(phase.id);
            self.changes.imported_phase(Row::New(phase.clone()));
            return phase;
        };
        let order = if before.status == PhaseStatus::Pending { before.order.max(*last + 1) } else { before.order };
        *last = order.max(*last);
        let after = Phase {
            key: wanted.key.clone().unwrap_or_default(),
            name: wanted.name.clone(),
            description: wanted.description.clone(),
            order,
            ..before.clone()
        };
        if count(&mut self.report.phases, after != before) {
            self.changes.imported_phase(Row::Changed(after.clone()));
        }
        after
    }

    fn fresh_phase(&mut self, wanted: &PlanPhase, order: i32) -> Phase {
        let mut tasks = wanted.features.iter().flat_map(|feature| &feature.tasks);
        let is_done = wanted.begun && tasks.all(|task| task.stood == Stood::Passing);
        let status = match (wanted.begun, is_done) {
            (false, _) => PhaseStatus::Pending,
            (true, false) => PhaseStatus::InProgress,
            (true, true) => PhaseStatus::AwaitingApproval,
        };
        Phase {
            id: PhaseId(self.new_id()),
            project: self.project,
            key: wanted.key.clone().unwrap_or_default(),
            name: wanted.name.clone(),
            description: wanted.description.clone(),
            order,
            status,
            created_at: self.changes.now(),
            started_at: wanted.begun.then(|| self.changes.now()),
            completed_at: None,
            decision: None,
            version: 1,
        }
    }

    fn feature(&mut self, phase: &Phase, mut wanted: PlanFeature) {
        let tasks = std::mem::take(&mut wanted.tasks);
        let feature = match self.known.feature(phase.id, wanted.identity()).cloned() {
            Some(before) => self.edit_feature(before, wanted),
            None => {
                self.must_be_open(phase, wanted.line, &wanted.name);
                self.report.features.added += 1;
                let feature = self.fresh_feature(phase, wanted, tasks.is_empty());
                self.fresh.push(feature.clone());
                feature
            }
        };
        for task in tasks {
            self.task(phase, &feature, task);
        }
    }

    fn edit_feature(&mut self, before: Feature, wanted: PlanFeature) -> Feature {
        let after = Feature {
            key: wanted.key.unwrap_or_default(),
            name: wanted.name,
            description: wanted.description,
            spec: wanted.spec,
            priority: wanted.priority,
            ..before.clone()
        };
        count(&mut self.report.features, after != before);
        self.edited.insert(after.id, after.clone());
        after
    }

    fn fresh_feature(&mut self, phase: &Phase, wanted: PlanFeature, without_tasks: bool) -> Feature {
        let now = self.changes.now();
        Feature {
            id: FeatureId(self.new_id()),
            project: self.project,
            phase: phase.id,
            key: wanted.key.unwrap_or_default(),
            name: wanted.name,
            description: wanted.description,
            spec: wanted.spec,
            spec_requested_at: without_tasks.then_some(now),
            status: if without_tasks { FeatureStatus::Pending } else { FeatureStatus::Ready },
            priority: wanted.priority,
            eligible_since: now,
            agent: None,
            created_at: now,
            completed_at: None,
            tally: Tally::default(),
            last_priority: 0,
            version: 1,
        }
    }

    fn task(&mut self, phase: &Phase, feature: &Feature, wanted: PlanTask) {
        let line = wanted.line;
        let depends_on = wanted.depends_on.iter().map(|(name, _)| name.clone()).collect();
        match self.known.task(feature.id, &wanted) {
            Some(before) => {
                let before = before.clone();
                let id = before.id;
                self.edit_task(phase, feature, before, wanted);
                self.placed.push(Placed { id, depends_on, new: None });
            }
            None => {
                self.must_be_open(phase, line, &wanted.name);
                self.report.tasks.added += 1;
                let task = self.fresh_task(feature, wanted);
                self.placed.push(Placed { id: task.id, depends_on, new: Some(task) });
            }
        }
    }

    fn edit_task(&mut self, phase: &Phase, feature: &Feature, before: Task, wanted: PlanTask) {
        if before.feature != feature.id {
            self.must_be_open(phase, wanted.line, &wanted.name);
            let old = self.rows.features.iter().find(|old| old.id == before.feature).cloned();
            if let Some(old) = old {
                self.edited.entry(old.id).or_insert(old);
            }
        }
        let after = Task {
            feature: feature.id,
            key: wanted.key.unwrap_or_default(),
            priority: if before.skip_count > 0 { before.priority } else { wanted.priority },
            category: wanted.category,
            name: wanted.name,
            description: wanted.description,
            steps: wanted.steps,
            complexity: wanted.complexity,
            ..before.clone()
        };
        if count(&mut self.report.tasks, after != before) {
            self.changes.edited_task(&before, after);
        }
    }

    fn fresh_task(&mut self, feature: &Feature, wanted: PlanTask) -> Task {
        let (now, id) = (self.changes.now(), TaskId(self.new_id()));
        let (asked, answer) = wanted.answered.map(|had| (had.question, had.answer)).unzip();
        let (status, question) = match wanted.stood {
            Stood::Open => (TaskStatus::Pending, asked),
            Stood::Passing => (TaskStatus::Passing, asked),
            Stood::Asking(question) => (TaskStatus::NeedsInput, Some(question)),
        };
        let passed_at = (status == TaskStatus::Passing).then_some(now);
        if passed_at.is_some() {
            self.passing.insert(id);
        }
        Task {
            id,
            project: self.project,
            feature: feature.id,
            key: wanted.key.unwrap_or_default(),
            priority: wanted.priority,
            category: wanted.category,
            name: wanted.name,
            description: wanted.description,
            steps: wanted.steps,
            status,
            complexity: wanted.complexity,
            attempt: Attempt(0),
            failures: 0,
            not_before: None,
            eligible_since: now,
            lease: None,
            skip_count: 0,
            blocked_reason: None,
            question,
            answer,
            created_at: now,
            completed_at: passed_at,
            verified_at: passed_at,
            open_prerequisites: 0,
            version: 1,
        }
    }

    /// New work cannot come into a phase that waits for a decision or is approved.
    fn must_be_open(&mut self, phase: &Phase, line: u32, name: &str) {
        let is_closed = matches!(phase.status, PhaseStatus::AwaitingApproval | PhaseStatus::Completed);
        if is_closed && !self.fresh_phases.contains(&phase.id) {
            let message = format!("`{name}` is new, but phase `{}` is {}", phase.name, phase.status);
            self.refuse(line, "phases", message, "put it into a later phase, or reject the phase first");
        }
    }

    /// The tasks of the file wait for exactly what it says; other tasks keep what they wait for.
    fn dependencies(&mut self, names: &TaskNames) {
        let placed = std::mem::take(&mut self.placed);
        let ids: Vec<TaskId> = placed.iter().map(|task| task.id).collect();
        let in_file: BTreeSet<TaskId> = ids.iter().copied().collect();
        let (mut before, mut graph) = (BTreeMap::<TaskId, BTreeSet<TaskId>>::new(), Vec::new());
        for edge in &self.rows.edges {
            if in_file.contains(&edge.task) {
                before.entry(edge.task).or_default().insert(edge.depends_on);
            } else {
                graph.push(*edge);
            }
        }
        let others_depend = !graph.is_empty();
        for task in placed {
            let places = task.depends_on.iter().filter_map(|name| names.place(name));
            let wanted: BTreeSet<TaskId> = places.filter_map(|place| ids.get(place)).copied().collect();
            if others_depend {
                graph.extend(wanted.iter().map(|on| Edge { task: task.id, depends_on: *on }));
            }
            let had = before.remove(&task.id).unwrap_or_default();
            self.depend(task, &wanted, &had);
        }
        if let Some(circle) = find_cycle(&graph).filter(|_| others_depend) {
            let message =
                format!("runs in a circle with tasks that the file does not name: {}", Refused::Cycle(circle));
            self.refuse(1, "depends_on", message, "name these tasks in the file, or leave a dependency out");
        }
    }

    /// Moves the edges of one task from `before` to `wanted`; a new task is inserted with its count.
    fn depend(&mut self, task: Placed, wanted: &BTreeSet<TaskId>, before: &BTreeSet<TaskId>) {
        let edge = |on: &TaskId| Edge { task: task.id, depends_on: *on };
        self.changes.edges(before.difference(wanted).map(edge), wanted.difference(before).map(edge));
        let passes = |id: &TaskId| self.known.passes(*id) || self.passing.contains(id);
        let open = |ids: &BTreeSet<TaskId>| ids.iter().filter(|id| !passes(id)).count() as i32;
        let (open_wanted, open_before) = (open(wanted), open(before));
        match task.new {
            Some(new) => self.changes.imported_task(Task { open_prerequisites: open_wanted, ..new }),
            None => {
                if let Some(known) = self.known.task_by_id(task.id) {
                    self.changes.prerequisites(known, open_wanted - open_before);
                }
            }
        }
    }

    /// Features follow the tasks that came or went; a new one may be given tasks that pass already.
    fn follow(&mut self) -> Result<(), Refused> {
        for feature in std::mem::take(&mut self.fresh) {
            let shift = self.changes.shift_of(feature.id);
            let (after, _) = rollup::followed(feature, shift, self.changes)?;
            self.changes.imported_feature(Row::New(after));
        }
        for feature in std::mem::take(&mut self.edited).into_values() {
            let before = self.known.feature_by_id(feature.id).cloned();
            let shift = self.changes.shift_of(feature.id);
            let (after, _) = rollup::followed(feature, shift, self.changes)?;
            if before.as_ref() != Some(&after) {
                self.changes.imported_feature(Row::Changed(after));
            }
        }
        Ok(())
    }
}

/// Counts one item; answers whether it changed.
fn count(counts: &mut Counts, changed: bool) -> bool {
    if changed {
        counts.updated += 1;
    } else {
        counts.unchanged += 1;
    }
    changed
}
