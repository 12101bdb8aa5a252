//! The plan in the middle of a play: its statuses and counters move by the rules of the core.

use autocoder_core::feature::{Feature, FeatureAction, FeatureStatus};
use autocoder_core::ids::AgentId;
use autocoder_core::phase::{Phase, PhaseAction, PhaseStatus};
use autocoder_core::rollup::feature_action;
use autocoder_core::scheduler::Standing;
use autocoder_core::task::{Task, TaskAction, TaskStatus};
use autocoder_core::time::Timestamp;

use super::stage::Stage;

pub(super) struct World<'a> {
    pub(super) stage: &'a Stage,
    pub(super) phases: Vec<Phase>,
    pub(super) features: Vec<Feature>,
    pub(super) tasks: Vec<Task>,
}

/// What a finished task brought with it, by places.
#[derive(Default)]
pub(super) struct Finished {
    pub(super) feature: Option<usize>,
    pub(super) phase: Option<usize>,
}

impl<'a> World<'a> {
    pub(super) fn new(stage: &'a Stage) -> Self {
        let (phases, features, tasks) = (stage.phases.clone(), stage.features.clone(), stage.tasks.clone());
        Self { stage, phases, features, tasks }
    }

    fn active(&self) -> Option<usize> {
        self.phases.iter().position(|phase| phase.status != PhaseStatus::Completed)
    }

    pub(super) fn standing(&self, agent: &AgentId) -> Standing {
        let mine =
            |feature: &Feature| feature.agent.as_ref() == Some(agent) && feature.status != FeatureStatus::Completed;
        Standing {
            project: self.stage.project.clone(),
            active: self.active().map(|place| self.phases[place].clone()),
            has_phases: !self.phases.is_empty(),
            agent: None,
            scoped: self.features.iter().any(mine),
            held: None,
            has_lapsed: false,
        }
    }

    /// Whether any task does not pass yet.
    pub(super) fn has_work(&self) -> bool {
        self.tasks.iter().any(|task| task.status != TaskStatus::Passing)
    }

    /// An agent takes the task. The seed's scheduler may hand out one that is held already, and in any phase.
    pub(super) fn claim(&mut self, task: usize) {
        let feature = self.stage.feature_of[task];
        let phase = &mut self.phases[self.stage.phase_of[feature]];
        if let Ok(started) = phase.status.apply(PhaseAction::Start) {
            phase.status = started;
        }
        let feature = &mut self.features[feature];
        if let Ok(started) = feature.status.apply(FeatureAction::Start) {
            feature.status = started;
        }
        self.act(task, TaskAction::Claim);
    }

    /// The task goes back as it was.
    pub(super) fn release(&mut self, task: usize) {
        self.act(task, TaskAction::Release);
    }

    /// The task passes, and what follows from it.
    pub(super) fn pass(&mut self, task: usize) -> Finished {
        if self.tasks[task].status != TaskStatus::InProgress {
            return Finished::default();
        }
        self.act(task, TaskAction::Pass);
        for place in 0..self.stage.dependents[task].len() {
            let dependent = self.stage.dependents[task][place];
            self.change(dependent, |task| task.open_prerequisites -= 1);
        }
        let place = self.stage.feature_of[task];
        let feature = &mut self.features[place];
        if feature_action(feature.status, feature.tally) != Some(FeatureAction::Complete) {
            return Finished::default();
        }
        feature.status = FeatureStatus::Completed;
        let phase = self.stage.phase_of[place];
        Finished { feature: Some(place), phase: self.submit(phase) }
    }

    /// The phase goes to its gate when that was its last feature.
    fn submit(&mut self, place: usize) -> Option<usize> {
        let own = self.features.iter().zip(&self.stage.phase_of).filter(|(_, phase)| **phase == place);
        if own.map(|(feature, _)| feature).any(|feature| feature.status != FeatureStatus::Completed) {
            return None;
        }
        self.phases[place].status = self.phases[place].status.apply(PhaseAction::Submit).ok()?;
        Some(place)
    }

    /// A person approves the phase.
    pub(super) fn approve(&mut self, place: usize, now: Timestamp) {
        let phase = &mut self.phases[place];
        if let Ok(approved) = phase.status.apply(PhaseAction::Approve) {
            (phase.status, phase.completed_at) = (approved, Some(now));
        }
    }

    fn act(&mut self, task: usize, action: TaskAction) {
        self.change(task, |task| {
            if let Ok(status) = task.status.apply(action) {
                task.status = status;
            }
        });
    }

    fn change(&mut self, place: usize, change: impl FnOnce(&mut Task)) {
        let task = &mut self.tasks[place];
        let before = task.tally();
        change(task);
        let shift = task.tally().minus(before);
        let feature = &mut self.features[self.stage.feature_of[place]];
        feature.tally = feature.tally.plus(shift);
    }
}
