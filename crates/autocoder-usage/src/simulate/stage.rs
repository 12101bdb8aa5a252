//! What every play of a simulation begins with: the plan as it stands now, without its texts.

use std::collections::{BTreeMap, BTreeSet};

use autocoder_core::feature::{Feature, FeatureStatus, Tally};
use autocoder_core::ids::{AgentId, FeatureId, TaskId};
use autocoder_core::phase::{Phase, PhaseStatus};
use autocoder_core::ports::PlanRows;
use autocoder_core::project::{Project, ProjectStatus};
use autocoder_core::task::{Task, TaskStatus};

/// A plan, ready to be played.
#[derive(Clone, Debug)]
pub struct Stage {
    pub(super) project: Project,
    /// In their order.
    pub(super) phases: Vec<Phase>,
    pub(super) features: Vec<Feature>,
    pub(super) tasks: Vec<Task>,
    pub(super) agents: Vec<AgentId>,
    /// The phase of each feature, by places.
    pub(super) phase_of: Vec<usize>,
    /// The feature of each task, by places.
    pub(super) feature_of: Vec<usize>,
    /// The tasks of each feature, by places.
    pub(super) tasks_of: Vec<Vec<usize>>,
    /// The tasks that wait for each task, by places.
    pub(super) dependents: Vec<Vec<usize>>,
    /// Features without tasks, which are left out: nothing is known of their cost.
    pub(super) without_tasks: usize,
}

impl Stage {
    /// The plan with `agents` agents (at least one) at work. A project that is paused counts as active, a task at hand as
    /// not begun, and one that waits for a person as ready: the simulation does not know when people act.
    #[must_use]
    pub fn new(project: Project, rows: PlanRows, agents: u32) -> Self {
        let PlanRows { mut phases, mut features, mut tasks, edges } = rows;
        phases.sort_by_key(Phase::place);
        let planned = features.len();
        features.retain(|feature| feature.tally.tasks > 0);
        let without_tasks = planned - features.len();
        let phase_places: BTreeMap<_, _> = phases.iter().enumerate().map(|(place, phase)| (phase.id, place)).collect();
        features.retain(|feature| phase_places.contains_key(&feature.phase));
        let places: BTreeMap<FeatureId, usize> =
            features.iter().enumerate().map(|(place, feature)| (feature.id, place)).collect();
        tasks.retain(|task| places.contains_key(&task.feature));
        let task_places: BTreeMap<TaskId, usize> =
            tasks.iter().enumerate().map(|(place, task)| (task.id, place)).collect();
        let mut dependents = vec![Vec::new(); tasks.len()];
        for task in &mut tasks {
            *task = fresh(task);
        }
        for edge in &edges {
            let ends = task_places.get(&edge.task).zip(task_places.get(&edge.depends_on));
            if let Some((task, on)) = ends.filter(|(_, on)| tasks[**on].status != TaskStatus::Passing) {
                dependents[*on].push(*task);
                tasks[*task].open_prerequisites += 1;
            }
        }
        let mut stage = Self {
            project: Project { status: ProjectStatus::Active, spec: None, description: String::new(), ..project },
            phase_of: features.iter().map(|feature| phase_places[&feature.phase]).collect(),
            feature_of: tasks.iter().map(|task| places[&task.feature]).collect(),
            tasks_of: vec![Vec::new(); features.len()],
            agents: Vec::new(),
            phases,
            features,
            tasks,
            dependents,
            without_tasks,
        };
        stage.settle(agents);
        stage
    }

    /// Counters and statuses follow from the tasks; agents that features are assigned to come first.
    fn settle(&mut self, agents: u32) {
        for (task, feature) in self.feature_of.iter().enumerate() {
            self.tasks_of[*feature].push(task);
        }
        let assigned: BTreeSet<_> = self.features.iter().filter_map(|feature| feature.agent.clone()).collect();
        let more = (1..).map(|number| AgentId(format!("simulated-{number}")));
        self.agents = assigned.into_iter().chain(more).take(agents.max(1) as usize).collect();
        for (feature, tasks) in self.features.iter_mut().zip(&self.tasks_of) {
            let tally = tasks.iter().fold(Tally::default(), |sum, task| sum.plus(self.tasks[*task].tally()));
            let known = feature.agent.take().filter(|agent| self.agents.contains(agent));
            *feature = Feature {
                agent: known,
                tally,
                status: status(feature.status, tally),
                key: String::new(),
                name: String::new(),
                description: String::new(),
                spec: None,
                ..feature.clone()
            };
        }
        for (place, phase) in self.phases.iter_mut().enumerate() {
            let mut own = self.features.iter().zip(&self.phase_of).filter(|(_, phase)| **phase == place);
            if own.all(|(feature, _)| feature.status == FeatureStatus::Completed) {
                phase.status = PhaseStatus::Completed;
            } else if phase.status == PhaseStatus::AwaitingApproval {
                phase.status = PhaseStatus::InProgress;
            }
        }
    }

    /// The tasks that do not pass yet.
    pub(super) fn open_tasks(&self) -> impl Iterator<Item = usize> {
        (0..self.tasks.len()).filter(|task| self.tasks[*task].status != TaskStatus::Passing)
    }

    /// The features that are finished already, of one phase or of all.
    pub(super) fn finished(&self, phase: Option<usize>) -> u64 {
        let counts = |place: &usize| {
            phase.is_none_or(|phase| self.phase_of[*place] == phase)
                && self.features[*place].status == FeatureStatus::Completed
        };
        (0..self.features.len()).filter(counts).count() as u64
    }

    /// How many features each phase has.
    pub(super) fn sizes(&self) -> Vec<u64> {
        let size = |phase| self.phase_of.iter().filter(|of| **of == phase).count() as u64;
        (0..self.phases.len()).map(size).collect()
    }
}

fn fresh(task: &Task) -> Task {
    Task {
        status: if task.status == TaskStatus::Passing { TaskStatus::Passing } else { TaskStatus::Pending },
        open_prerequisites: 0,
        not_before: None,
        lease: None,
        description: String::new(),
        steps: Vec::new(),
        key: String::new(),
        name: String::new(),
        category: String::new(),
        blocked_reason: None,
        question: None,
        answer: None,
        ..task.clone()
    }
}

fn status(before: FeatureStatus, tally: Tally) -> FeatureStatus {
    match before {
        _ if tally.open() == 0 => FeatureStatus::Completed,
        FeatureStatus::InProgress => FeatureStatus::InProgress,
        _ if tally.passing > 0 => FeatureStatus::InProgress,
        FeatureStatus::Pending | FeatureStatus::Speccing | FeatureStatus::Ready | FeatureStatus::Completed => {
            FeatureStatus::Ready
        }
    }
}
