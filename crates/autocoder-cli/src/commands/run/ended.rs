//! What `run` says at its end, and with which exit code.

use std::path::Path;

use autocoder_agent::crew::Ending;
use autocoder_agent::git::Repository;
use autocoder_core::agent::{Role, RunnerKind};
use autocoder_core::phase::PhaseStatus;
use autocoder_core::ports::Store;
use autocoder_core::scheduler::{Idle, IdleReason};
use autocoder_core::usage_record::UsageSum;
use autocoder_core::view::{PhaseView, ProjectView};
use autocoder_core::workflow;
use serde_json::json;

use super::banner::{Facts, phase_complete};
use crate::exit::Failure;
use crate::installation::Installation;
use crate::next_steps;
use crate::root::Root;

pub(super) async fn report(
    root: &Root,
    installation: &Installation,
    project: &ProjectView,
    (kind, role): (RunnerKind, Role),
    ending: Ending,
) -> Result<(), Failure> {
    match ending {
        Ending::Stopped => {
            let sentence = "stopped: the agents have ended and their tasks are handed back";
            root.output.done(&json!({ "ended": "stopped" }), sentence)
        }
        Ending::Halted { outcome, detail } => {
            let message = format!("the agents cannot work: {detail} ({outcome:?})");
            Err(Failure::wrong(message, "`autocoder doctor` shows which agents are installed and what they lack"))
        }
        Ending::Idle(idle) => idle_report(root, installation, project, (kind, role), idle).await,
    }
}

async fn idle_report(
    root: &Root,
    installation: &Installation,
    project: &ProjectView,
    (kind, role): (RunnerKind, Role),
    idle: Idle,
) -> Result<(), Failure> {
    let output = &root.output;
    if output.json {
        output.json(&json!({ "ended": idle.reason, "retry_at": idle.retry_at, "counts": idle.counts }))?;
    }
    match idle.reason {
        IdleReason::PhaseAwaitingApproval if !output.json => {
            at_gate(root, &*installation.store, project, kind == RunnerKind::Rehearsal).await
        }
        IdleReason::UsageCritical | IdleReason::UsageLowNoSmallTask => {
            let resets = idle.retry_at.map_or(String::new(), |at| format!("; it resets at {at}"));
            Err(Failure::Limit {
                message: format!("the budget stops the agents ({}){resets}", idle.reason),
                hint: "raise it with `autocoder usage settings --monthly-limit N`, or wait".to_owned(),
            })
        }
        // Only where work does not go on by itself.
        IdleReason::LimitRejected => Err(Failure::Limit {
            message: "the provider refuses until its limit resets".to_owned(),
            hint: "run this again after the reset; `autocoder usage settings --auto-resume true` waits by itself"
                .to_owned(),
        }),
        _ if output.json => Ok(()),
        IdleReason::ScopeEmpty if role != Role::Coder => output.text(nothing_for(role)),
        reason => {
            output.text(sentence(reason))?;
            needs_you(root, installation, project).await
        }
    }
}

/// Why a role without tasks has nothing to do.
const fn nothing_for(role: Role) -> &'static str {
    match role {
        Role::SpecWriter => "there is nothing to write: no spec is asked for, or its writer waits for your answer",
        Role::Planner => "there is nothing to plan: the project has a plan already, or no spec",
        Role::Tester => "there is nothing to test: no task passes, or testers took their share of the tokens",
        Role::Reviewer => "there is nothing to review: no phase waits at its gate without a report",
        Role::Coder => "there is nothing to do",
    }
}

/// Why there is nothing to do, for people.
const fn sentence(reason: IdleReason) -> &'static str {
    match reason {
        IdleReason::ProjectComplete => "finished: every phase of the plan is approved",
        IdleReason::PhaseNotStarted => {
            "there is nothing to do: the plan has no phases; import one with `autocoder plan import`"
        }
        IdleReason::NoSpec => "there is nothing to do: the features that are left have no tasks",
        IdleReason::AllClaimed => "there is nothing to do: what is left is held by, or assigned to, other agents",
        IdleReason::BlockedByDependencies => "there is nothing to do: what is left waits for tasks that do not pass",
        IdleReason::ScopeEmpty => "there is nothing to do: the agent's own features have nothing ready",
        IdleReason::NeedsInput => "there is nothing to do: what is left waits for your answers",
        IdleReason::MaxAttempts => "there is nothing to do: what is left failed too often",
        IdleReason::Paused => "paused: `autocoder project resume` goes on",
        IdleReason::PhaseAwaitingApproval => "the phase waits for approval",
        IdleReason::UsageCritical | IdleReason::UsageLowNoSmallTask => "the budget is all but used up",
        IdleReason::LimitRejected => "the provider refuses until its limit resets",
        IdleReason::Backoff => "failed tasks wait for their next try",
    }
}

async fn needs_you(root: &Root, installation: &Installation, project: &ProjectView) -> Result<(), Failure> {
    for item in workflow::inbox(&installation.context(), Some(project.id)).await?.into_iter().take(10) {
        let commands = next_steps::answers(&item, &root.config.command()).join("\n    ");
        root.output.text(&format!("  {}\n    {commands}", next_steps::headline(&item)))?;
    }
    Ok(())
}

/// Prints the banner of the phase that waits.
pub(crate) async fn at_gate(
    root: &Root,
    store: &dyn Store,
    project: &ProjectView,
    rehearsal: bool,
) -> Result<(), Failure> {
    let phases = store.queries().phases(project.id).await?;
    let Some(phase) = phases.into_iter().find(|phase| phase.status == PhaseStatus::AwaitingApproval) else {
        return root.output.text("the phase was decided on meanwhile");
    };
    let ledger = store.ledger();
    let tokens = ledger.used(&UsageSum { phase: Some(phase.id), rehearsal, ..UsageSum::default() }).await?;
    let now = ledger.now().await?;
    let facts = Facts {
        tokens,
        rehearsal,
        seconds: phase.started_at.map(|started| now.seconds_since(started)),
        diff: if rehearsal { None } else { diff(root, project).await },
        command: &root.config.command(),
        phase: &phase,
    };
    root.output.text(&phase_complete(&facts))?;
    next_phase(root, store, project, &phase).await
}

/// What changed between the person's checkout and the integration branch; the gate does not depend on it.
async fn diff(root: &Root, project: &ProjectView) -> Option<String> {
    let found = Repository::discover(Path::new(&project.path), &root.config.environment).await;
    let repository = found.ok().flatten()?;
    let head = repository.head_commit().await.ok()?;
    let stat = repository.diff_stat(&head).await.ok()?;
    Some(format!("{} files, +{} -{} on autocoder/main", stat.files, stat.insertions, stat.deletions))
}

async fn next_phase(root: &Root, store: &dyn Store, project: &ProjectView, phase: &PhaseView) -> Result<(), Failure> {
    let phases = store.queries().phases(project.id).await?;
    let next = phases.into_iter().find(|next| next.order > phase.order && next.status == PhaseStatus::Pending);
    match next {
        Some(next) => {
            root.output.text(&format!("After the approval: phase \"{}\" with {} tasks.", next.name, next.task_count))
        }
        None => root.output.text("After the approval the plan is finished."),
    }
}
