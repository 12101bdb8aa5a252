//! Whether an agent should go on, finish its task or stop: pure, from the standing and the usage level.

use autocoder_core::agent::Wanted;
use autocoder_core::ids::{AgentId, Attempt, TaskId};
use autocoder_core::scheduler::{Band, IdleReason, Standing, UsageLevel, admit};
use autocoder_core::time::Timestamp;
use serde::Serialize;

/// What to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Action {
    /// Go on.
    Continue,
    /// Finish the task at hand, take no other.
    FinishCurrent,
    /// End the session.
    Stop,
}

/// What to do, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Advised {
    pub(crate) action: Action,
    pub(crate) reason: Option<&'static str>,
    pub(crate) message: String,
    pub(crate) retry_at: Option<Timestamp>,
}

/// What the session knows about its claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Holding {
    /// It holds no claim, and may ask for one.
    Nothing,
    /// The one task it was started for is done.
    Finished,
    /// It believes to hold this.
    Claim(TaskId, Attempt),
}

/// What the agent should do now.
pub(crate) fn advise(
    standing: &Standing,
    agent: &AgentId,
    usage: &UsageLevel,
    now: Timestamp,
    holding: Holding,
) -> Advised {
    if holding == Holding::Finished {
        return stop("run_finished", "your task is done: end your session", None);
    }
    if lease_lost(standing, holding, now) {
        return stop("lease_lost", "the task is not yours any more: leave it and end your session", None);
    }
    if usage.held {
        return stop(
            IdleReason::LimitRejected.as_str(),
            "the provider refused, and a person decides when to go on",
            None,
        );
    }
    if let Some(until) = usage.blocked_until.filter(|until| *until > now) {
        return stop(IdleReason::LimitRejected.as_str(), "the provider refuses until its limit resets", Some(until));
    }
    if usage.available_bp == Some(0) {
        let message = "the budget is used up: hand your task back and end your session";
        return stop(IdleReason::UsageCritical.as_str(), message, usage.resets_at);
    }
    if standing.agent.as_ref().is_some_and(|agent| agent.wanted == Wanted::Stopped) {
        return stop(IdleReason::Paused.as_str(), "a person stopped you: hand your task back", None);
    }
    match admit(standing, agent, usage, now) {
        Ok(_) => Advised { action: Action::Continue, reason: None, message: go_on(usage), retry_at: None },
        Err(idle) if holds(standing, now) => Advised {
            action: Action::FinishCurrent,
            reason: Some(idle.reason.as_str()),
            message: "finish the task at hand without extras, then end your session".to_owned(),
            retry_at: idle.retry_at,
        },
        Err(idle) => stop(idle.reason.as_str(), "there is nothing for you to do now: end your session", idle.retry_at),
    }
}

/// Whether the agent's claim is live.
pub(crate) fn holds(standing: &Standing, now: Timestamp) -> bool {
    standing.held.as_ref().is_some_and(|task| task.is_held(now))
}

fn lease_lost(standing: &Standing, holding: Holding, now: Timestamp) -> bool {
    let Holding::Claim(id, attempt) = holding else { return false };
    !standing.held.as_ref().is_some_and(|task| (task.id, task.attempt) == (id, attempt) && task.is_held(now))
}

fn stop(reason: &'static str, message: &str, retry_at: Option<Timestamp>) -> Advised {
    Advised { action: Action::Stop, reason: Some(reason), message: message.to_owned(), retry_at }
}

fn go_on(usage: &UsageLevel) -> String {
    match Band::of(usage.available_bp, &usage.thresholds) {
        Band::Normal => "go on",
        Band::Moderate => "go on; the budget is getting smaller, so finish what is started first",
        Band::Low | Band::Critical => "go on, but the budget is low: only small tasks are handed out",
    }
    .to_owned()
}
