//! Why a task is, or is not, worked on: every reason at once.

use serde::Serialize;

use super::Context;
use crate::error::Refused;
use crate::feature::FeatureStatus;
use crate::ids::{ProjectId, TaskId};
use crate::phase::PhaseStatus;
use crate::project::ProjectStatus;
use crate::scheduler::{Band, Standing, UsageLevel};
use crate::task::{Branch, TaskStatus};
use crate::time::Timestamp;
use crate::view::{TaskLink, TaskView};

/// Whether a task can be claimed, and exactly why not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WhyView {
    /// The task.
    pub task_id: TaskId,
    /// Its name.
    pub name: String,
    /// Where it stands.
    pub status: TaskStatus,
    /// Whether an agent without assigned features would be given it, or one that comes before it.
    pub ready: bool,
    /// Everything in its way.
    pub reasons: Vec<WhyReason>,
}

/// One thing in a task's way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WhyReason {
    /// A word that never changes.
    pub code: &'static str,
    /// In words, with what to do.
    pub text: String,
}

/// Why the task is, or is not, ready.
///
/// # Errors
/// A missing task.
pub async fn why_task(cx: &Context<'_>, project: ProjectId, id: TaskId) -> Result<WhyView, Refused> {
    let usage = cx.usage.level(project).await?;
    let view = cx.store.queries().task(project, id).await?.ok_or_else(|| Refused::missing("task", id))?;
    let (mut unit, _) = cx.begin(project).await?;
    let branch = super::task::branch(&mut *unit, id).await?;
    let standing = unit.standing(None).await?;
    let reasons = reasons(&branch, &view, &standing, &usage, unit.now());
    Ok(WhyView { task_id: id, name: view.name, status: view.status, ready: reasons.is_empty(), reasons })
}

fn reasons(
    Branch { phase, feature, task }: &Branch,
    view: &TaskView,
    standing: &Standing,
    usage: &UsageLevel,
    now: Timestamp,
) -> Vec<WhyReason> {
    let mut found = Vec::new();
    let mut add = |code, text: String| found.push(WhyReason { code, text });
    let reason = task.blocked_reason.as_deref().unwrap_or("no reason was given");
    match task.status {
        TaskStatus::Pending => {}
        TaskStatus::Passing => add("passing", "it passes already".to_owned()),
        // A lapsed claim is freed by whoever asks for a task next.
        TaskStatus::InProgress if !task.is_held(now) => {}
        TaskStatus::InProgress => match &task.lease {
            Some(lease) => add("claimed", format!("`{}` holds it until {}", lease.agent, lease.expires)),
            None => add("claimed", "an agent holds it".to_owned()),
        },
        TaskStatus::NeedsInput => {
            let question = task.question.as_ref().map_or("", |question| &question.text);
            add("needs_input", format!("it waits for an answer: {question}"));
        }
        TaskStatus::Blocked => {
            add("max_attempts", format!("it failed {} times, last: {reason}; reopen it to try again", task.failures));
        }
    }
    for link in view.depends_on.iter().filter(|link| link.status != TaskStatus::Passing) {
        add("dependency", waits_for(link));
    }
    if let Some(at) = task.not_before.filter(|at| *at > now) {
        add("backoff", format!("it failed {} times, last: {reason}; next try at {at}", task.failures));
    }
    match feature.status {
        FeatureStatus::Pending | FeatureStatus::Speccing => {
            add("no_spec", format!("feature `{}` is not ready", feature.name));
        }
        FeatureStatus::Ready | FeatureStatus::InProgress | FeatureStatus::Completed => {}
    }
    if let Some(agent) = &feature.agent {
        add("assigned", format!("feature `{}` is assigned to `{agent}`, only that agent gets it", feature.name));
    }
    match phase.status {
        PhaseStatus::AwaitingApproval => {
            add("phase_awaiting_approval", format!("phase `{}` waits for approval", phase.name));
        }
        PhaseStatus::Completed => add("phase_completed", format!("phase `{}` is completed", phase.name)),
        PhaseStatus::Pending | PhaseStatus::InProgress => {}
    }
    if let Some(active) = standing.active.as_ref().filter(|active| active.place() < phase.place()) {
        let text = format!("phase `{}` starts after phase `{}` is approved", phase.name, active.name);
        add("phase_not_started", text);
    }
    if standing.project.status != ProjectStatus::Active {
        add("paused", format!("project `{}` is {}", standing.project.name, standing.project.status));
    }
    if let Some(until) = usage.closed_until.filter(|until| *until > now) {
        add("schedule", format!("project `{}` is outside of its schedules until {until}", standing.project.name));
    }
    match Band::of(usage.available_bp, &usage.thresholds) {
        Band::Critical => add("usage_critical", "the budget is all but used up".to_owned()),
        Band::Low if task.complexity > 2 => {
            add("usage_low", format!("the budget is low and the task has complexity {}", task.complexity));
        }
        Band::Low | Band::Moderate | Band::Normal => {}
    }
    found
}

fn waits_for(link: &TaskLink) -> String {
    format!("it waits for task {} `{}`, which is {}", link.id, link.name, link.status)
}
