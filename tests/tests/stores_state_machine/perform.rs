//! Makes one call on one store and tells its answer.

use std::fmt::Debug;

use autocoder_core::agent::Wanted;
use autocoder_core::error::Refused;
use autocoder_core::feature::{FeaturePatch, NewFeature};
use autocoder_core::ids::{AgentId, Attempt, FeatureId, PhaseId, TaskId};
use autocoder_core::phase::{NewPhase, PhasePatch};
use autocoder_core::plan::PlanDocument;
use autocoder_core::ports::PlanRows;
use autocoder_core::project::{ProjectPatch, ProjectSettings};
use autocoder_core::task::{NewTask, Prerequisite, Question, TaskPatch};
use autocoder_core::workflow::{self as flow, AgentPatch, Context, Fence, Rejection};
use autocoder_testkit::builder::Plan;

use crate::call::{Act, Call, Fencing};
use crate::side::Side;

/// What a call's numbers mean: rows of the store in memory.
pub(crate) struct Turn<'a> {
    pub(crate) number: usize,
    pub(crate) name: &'a str,
    pub(crate) rows: &'a PlanRows,
    pub(crate) claims: &'a [(TaskId, Fence)],
}

impl Turn<'_> {
    fn phase(&self, pick: usize) -> i64 {
        nth(&self.rows.phases, pick).map_or(i64::MAX, |phase| phase.id.0)
    }

    fn feature(&self, pick: usize) -> i64 {
        nth(&self.rows.features, pick).map_or(i64::MAX, |feature| feature.id.0)
    }

    fn task(&self, pick: usize) -> i64 {
        nth(&self.rows.tasks, pick).map_or(i64::MAX, |task| task.id.0)
    }

    /// The first phase that is not completed.
    fn active(&self) -> i64 {
        let open = self.rows.phases.iter().find(|phase| phase.status != autocoder_core::phase::PhaseStatus::Completed);
        open.map_or(i64::MAX, |phase| phase.id.0)
    }

    /// One of the last three claims.
    fn claim(&self, pick: usize) -> (i64, Fence) {
        let found = self.claims.iter().rev().nth(pick.min(self.claims.len().saturating_sub(1)));
        let nobody = || (TaskId(i64::MAX), Fence { agent: agent(0), attempt: Attempt(1) });
        let (task, fence) = found.cloned().unwrap_or_else(nobody);
        (task.0, fence)
    }
}

fn nth<T>(rows: &[T], pick: usize) -> Option<&T> {
    if pick == 63 { None } else { rows.get(pick % rows.len().max(1)) }
}

pub(crate) fn agent(number: usize) -> AgentId {
    AgentId(format!("coder-{number}"))
}

/// Three plans that move, edit, add and connect the same tasks.
pub(crate) fn document(which: usize) -> PlanDocument {
    let one = Plan::new("p").phase("One").feature("A").task("a").task("b").after(&["a"]);
    let plan = match which {
        0 => one.feature("B").task("c").complexity(1).phase("Two").feature("C").task("d").after(&["a"]),
        1 => {
            one.task("c").feature("D").feature_priority(400).task("e").after(&["c"]).phase("Two").feature("C").task("d")
        }
        _ => one.feature("B").task("e").complexity(2).task("c").after(&["b"]).phase("Three").feature("E").tasks(2),
    };
    plan.into_document()
}

fn told<T: Debug>(answer: Result<T, Refused>) -> String {
    format!("{answer:?}")
}

/// The answer, with the ids of this store.
pub(crate) async fn perform(side: &Side, cx: &Context<'_>, call: &Call, turn: &Turn<'_>) -> String {
    let project = side.project;
    let phase = |pick: usize| PhaseId(side.own(turn.phase(pick)));
    let feature = |pick: usize| FeatureId(side.own(turn.feature(pick)));
    let task = |pick: usize| TaskId(side.own(turn.task(pick)));
    let tasks = |picks: &[usize]| picks.iter().map(|pick| task(*pick)).collect::<Vec<_>>();
    let name = format!("n{}", turn.number);
    match call {
        Call::Advance(_) | Call::SetLevel { .. } => String::new(),
        Call::AddPhase(order) => {
            told(flow::add_phase(cx, project, NewPhase { name, order: *order, ..NewPhase::default() }).await)
        }
        Call::AddFeature { phase: at, priority } => {
            let new = NewFeature { name, phase: at.map(phase), priority: *priority, ..NewFeature::default() };
            told(flow::add_feature(cx, project, new).await)
        }
        Call::AddTask { feature: at, complexity, priority, on } => {
            let depends_on = tasks(on).into_iter().map(Prerequisite::Task).collect();
            let (complexity, priority) = (*complexity, *priority);
            let new = NewTask { name, complexity, priority, depends_on, ..NewTask::default() };
            told(flow::add_task(cx, project, at.map(feature), new).await)
        }
        Call::CreateTasks { feature: at, siblings } => {
            let new = |(index, on): (usize, &usize)| NewTask {
                name: format!("{name}-{index}"),
                depends_on: if *on == index { Vec::new() } else { vec![Prerequisite::Sibling(*on)] },
                ..NewTask::default()
            };
            told(flow::create_tasks(cx, project, feature(*at), siblings.iter().enumerate().map(new).collect()).await)
        }
        Call::SetDependencies { task: of, on } => told(flow::set_dependencies(cx, project, task(*of), tasks(on)).await),
        Call::Claim(number) => told(flow::claim_task(cx, project, &agent(*number), None).await),
        Call::Peek(number) => told(flow::peek_task(cx, project, &agent(*number)).await),
        Call::Reap => told(flow::reap_lapsed(cx, project).await),
        Call::Holder { act, claim, fencing } => {
            let (id, fence) = turn.claim(*claim);
            hold(cx, project, *act, TaskId(side.own(id)), &tampered(fence, *fencing)).await
        }
        Call::SkipAsPerson(of) => told(flow::skip_task_as_person(cx, project, task(*of), "later").await),
        Call::Answer(of) => told(flow::answer_task(cx, project, task(*of), "yes").await),
        Call::Reopen(of) => told(flow::reopen_task(cx, project, task(*of), "again").await),
        Call::Regress(of) => told(flow::report_regression(cx, project, task(*of), "broken").await),
        Call::PickForRegression(limit) => told(flow::pick_for_regression(cx, project, *limit).await),
        Call::StartPhase(of) => told(flow::start_phase(cx, project, phase(*of)).await),
        Call::Submit(of) => told(flow::submit_phase(cx, project, phase(*of)).await),
        Call::Approve(of) => told(flow::approve_phase(cx, project, phase(*of), "fine").await),
        Call::ApproveActive => {
            let active = PhaseId(side.own(turn.active()));
            told(flow::approve_phase(cx, project, active, "fine").await)
        }
        Call::Reject { phase: of, tasks: named } => {
            let of = if named.is_empty() { PhaseId(side.own(turn.active())) } else { phase(*of) };
            told(flow::reject_phase(cx, project, of, &Rejection { reason: name, reopen: tasks(named) }).await)
        }
        Call::ReopenPhase(of) => told(flow::reopen_phase(cx, project, phase(*of), "look again").await),
        Call::EditTask { task: of, priority, complexity } => {
            let (priority, complexity) = (Some(*priority), Some(*complexity));
            let patch = TaskPatch { priority, complexity, ..TaskPatch::default() };
            told(flow::edit_task(cx, project, task(*of), patch).await)
        }
        Call::EditFeature { feature: of, priority } => {
            let patch = FeaturePatch { priority: Some(*priority), ..FeaturePatch::default() };
            told(flow::edit_feature(cx, project, feature(*of), patch).await)
        }
        Call::EditPhase { phase: of, order } => {
            let patch = PhasePatch { order: Some(*order), ..PhasePatch::default() };
            told(flow::edit_phase(cx, project, phase(*of), patch).await)
        }
        Call::DeleteTask(of, force) => told(flow::delete_task(cx, project, task(*of), *force).await),
        Call::DeleteFeature(of, force) => told(flow::delete_feature(cx, project, feature(*of), *force).await),
        Call::DeletePhase(of, force) => told(flow::delete_phase(cx, project, phase(*of), *force).await),
        Call::Assign { feature: of, agent: to } => {
            told(flow::assign_feature(cx, project, feature(*of), to.map(agent)).await)
        }
        Call::Tell { agent: number, wanted } => {
            let wanted = Some([Wanted::Paused, Wanted::Stopped].get(*wanted).copied().unwrap_or(Wanted::Running));
            let patch = AgentPatch { wanted, ..AgentPatch::default() };
            told(flow::edit_agent(cx, project, &agent(*number), patch).await)
        }
        Call::Pause => told(flow::pause_project(cx, project).await),
        Call::Resume => told(flow::resume_project(cx, project).await),
        Call::StartProject => told(flow::start_project(cx, project).await),
        Call::SetWriters(writers_per_feature) => {
            let settings = ProjectSettings { writers_per_feature: *writers_per_feature, ..ProjectSettings::default() };
            let patch = ProjectPatch { settings: Some(settings), ..ProjectPatch::default() };
            told(flow::edit_project(cx, project, patch).await)
        }
        Call::JoinCrew(holder) => told(flow::join_crew(cx, project, &format!("crew:{holder}"), None).await),
        Call::Import(which) => told(flow::import_plan(cx, project, document(*which)).await),
        Call::ImportExport => match flow::export_plan(cx, turn.name).await {
            Ok(document) => format!("{document:?} {}", told(flow::import_plan(cx, project, document.clone()).await)),
            Err(refused) => told::<()>(Err(refused)),
        },
    }
}

async fn hold(
    cx: &Context<'_>,
    project: autocoder_core::ids::ProjectId,
    act: Act,
    id: TaskId,
    fence: &Fence,
) -> String {
    match act {
        Act::Pass => told(flow::pass_task(cx, project, id, fence, Vec::new()).await),
        Act::Fail => told(flow::fail_task(cx, project, id, fence, "red", Vec::new()).await),
        Act::Release => told(flow::release_task(cx, project, id, fence, "stopped").await),
        Act::Skip => told(flow::skip_task(cx, project, id, fence, "later").await),
        Act::Ask => {
            let question = Question { text: "Which?".to_owned(), ..Question::default() };
            told(flow::ask_task(cx, project, id, fence, question).await)
        }
        Act::Renew => told(flow::renew_claim(cx, project, id, fence).await),
    }
}

fn tampered(fence: Fence, fencing: Fencing) -> Fence {
    match fencing {
        Fencing::Right => fence,
        Fencing::OtherAgent => Fence { agent: AgentId("mallory".to_owned()), ..fence },
        Fencing::OlderAttempt => Fence { attempt: Attempt(fence.attempt.0.saturating_sub(1)), ..fence },
    }
}
