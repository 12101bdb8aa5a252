//! From "it is done" to a passing task: checks the work outside any unit, then records the pass or hands the report back.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use autocoder_core::ids::{Attempt, TaskId};
use autocoder_core::ports::{Scope, Verdict};
use autocoder_core::task::{Evidence, Task};
use autocoder_core::workflow::{Conflicted, check_claim, fail_task, forget_conflicts, meet_conflict, pass_task};
use rmcp::model::ProgressNotificationParam;
use rmcp::service::{RequestContext, RoleServer};
use tokio::sync::Mutex as AsyncMutex;
use tokio::task::{AbortHandle, JoinHandle};
use tokio::time::{Instant, interval_at, sleep};

use crate::claim::{Connection, Hold};
use crate::reply::ToolError;

/// After so many failed verifications the task is handed back as failed.
const MOST_FAILURES: u32 = 5;
/// How long one call waits: some clients give up after 60 seconds, and then the agent would learn nothing.
const PATIENCE: Duration = Duration::from_secs(50);
const PROGRESS_EVERY: Duration = Duration::from_secs(10);

type Outcome = Result<Task, ToolError>;

/// The verification that goes on, whether or not a call still waits for it.
#[derive(Default)]
pub(crate) struct Verification {
    running: AsyncMutex<Option<Running>>,
    abort: Mutex<Option<AbortHandle>>,
}

struct Running {
    task: TaskId,
    attempt: Attempt,
    outcome: JoinHandle<Outcome>,
}

impl Verification {
    /// Refuses while a verification goes on: its task must not change hands meanwhile.
    pub(crate) fn must_be_idle(&self) -> Result<(), ToolError> {
        match self.running.try_lock() {
            Err(_) => Err(verifying()),
            Ok(slot) if slot.as_ref().is_some_and(|running| !running.outcome.is_finished()) => Err(verifying()),
            Ok(_) => Ok(()),
        }
    }

    /// Ends the verification that goes on; nothing is recorded.
    pub(crate) fn abort(&self) {
        if let Some(handle) = self.abort.lock().unwrap_or_else(PoisonError::into_inner).take() {
            handle.abort();
        }
    }

    fn start(&self, connection: &Arc<Connection>, hold: Hold) -> Running {
        let (task, attempt) = (hold.task, hold.attempt);
        let outcome = tokio::spawn(verify(Arc::clone(connection), hold));
        *self.abort.lock().unwrap_or_else(PoisonError::into_inner) = Some(outcome.abort_handle());
        Running { task, attempt, outcome }
    }
}

/// Starts the verification of `task`, or goes on waiting for it, and answers what it gave.
pub(crate) async fn mark_passing(
    connection: &Arc<Connection>,
    task: TaskId,
    client: &RequestContext<RoleServer>,
) -> Outcome {
    let Ok(mut slot) = connection.verification.running.try_lock() else { return Err(verifying()) };
    if slot.as_ref().is_some_and(|running| is_for_another(running, task, connection)) {
        if slot.as_ref().is_some_and(|running| !running.outcome.is_finished()) {
            return Err(verifying());
        }
        *slot = None;
    }
    let running = match &mut *slot {
        Some(running) => running,
        empty => match connection.hold_on(task) {
            Ok(hold) => empty.insert(connection.verification.start(connection, hold)),
            Err(refused) => return pass_again(connection, task, refused).await,
        },
    };
    match outcome_in_time(&mut running.outcome, client).await {
        None => Err(verifying()),
        Some(outcome) => {
            *slot = None;
            outcome
        }
    }
}

fn is_for_another(running: &Running, task: TaskId, connection: &Connection) -> bool {
    running.task != task || connection.held().is_some_and(|hold| hold.task == task && hold.attempt != running.attempt)
}

fn verifying() -> ToolError {
    ToolError::new("verifying", "the verification of your task is still going on")
        .hint("call `task_mark_passing` again; it waits for the result")
}

async fn pass_again(connection: &Connection, task: TaskId, refused: ToolError) -> Outcome {
    let Some(attempt) = connection.passed(task) else { return Err(refused) };
    let fence = connection.fence(attempt);
    Ok(pass_task(&connection.context(), connection.session.project, task, &fence, Vec::new()).await?)
}

/// The outcome; none when the caller stopped waiting first.
async fn outcome_in_time(outcome: &mut JoinHandle<Outcome>, client: &RequestContext<RoleServer>) -> Option<Outcome> {
    let patience = sleep(PATIENCE);
    tokio::pin!(patience);
    let begun = Instant::now();
    let mut beat = interval_at(begun + PROGRESS_EVERY, PROGRESS_EVERY);
    loop {
        tokio::select! {
            biased;
            done = &mut *outcome => {
                let died = |_| Err(ToolError::new("internal", "the verification died").hint("call it again"));
                return Some(done.unwrap_or_else(died));
            }
            () = client.ct.cancelled() => return None,
            () = &mut patience => return None,
            _ = beat.tick() => tell_progress(client, begun.elapsed()).await,
        }
    }
}

async fn tell_progress(client: &RequestContext<RoleServer>, elapsed: Duration) {
    if let Some(token) = client.meta.get_progress_token() {
        let progress = ProgressNotificationParam::new(token, elapsed.as_secs_f64()).with_message("verifying");
        // A client that is gone needs no progress; the end of its input is noticed elsewhere.
        let _ = client.peer.notify_progress(progress).await;
    }
}

async fn verify(connection: Arc<Connection>, hold: Hold) -> Outcome {
    let session = &connection.session;
    let fence = connection.fence(hold.attempt);
    let checked = check_claim(&connection.context(), session.project, hold.task, &fence).await;
    let branch = match checked {
        Ok(branch) => branch,
        Err(lost) => return connection.ended(&hold, Err(lost)),
    };
    let standing = session.store.begin(Scope::Project(session.project)).await?.standing(None).await?;
    match session.verifier.verify(&standing.project, &branch).await {
        Verdict::Passed(evidence) => pass(&connection, hold, evidence).await,
        Verdict::Conflict { files, report } => conflict(&connection, &hold, &files, report).await,
        Verdict::Failed { evidence, report } => fail(&connection, &hold, evidence, report).await,
    }
}

async fn pass(connection: &Connection, mut hold: Hold, evidence: Vec<Evidence>) -> Outcome {
    let all = [std::mem::take(&mut hold.rejected), evidence].concat();
    let fence = connection.fence(hold.attempt);
    let passed = pass_task(&connection.context(), connection.session.project, hold.task, &fence, all).await;
    let task = connection.ended(&hold, passed)?;
    // The pass is recorded: a count that stays only asks a person earlier than it had to.
    let _ = forget_conflicts(&connection.context(), hold.task).await;
    connection.note_passed((hold.task, hold.attempt));
    Ok(task)
}

async fn conflict(connection: &Connection, hold: &Hold, files: &[String], report: String) -> Outcome {
    let fence = connection.fence(hold.attempt);
    let met = meet_conflict(&connection.context(), connection.session.project, hold.task, &fence, files).await;
    let hint = match met {
        Ok(Conflicted::Again) => "the task is still yours: mend the files and call `task_mark_passing` again",
        met => {
            connection.ended(hold, met)?;
            "a person was asked what should hold; end your session"
        }
    };
    Err(ToolError::new("merge_conflict", report).hint(hint))
}

async fn fail(connection: &Connection, hold: &Hold, evidence: Vec<Evidence>, report: String) -> Outcome {
    let hold = connection.note_rejected((hold.task, hold.attempt), evidence);
    let hint = if hold.failures < MOST_FAILURES {
        let left = MOST_FAILURES - hold.failures;
        format!("the task is still yours: fix it and call `task_mark_passing` again; tries left: {left}")
    } else {
        let (project, fence) = (connection.session.project, connection.fence(hold.attempt));
        let rejected = hold.rejected.clone();
        let failed = fail_task(&connection.context(), project, hold.task, &fence, &report, rejected).await;
        connection.ended(&hold, failed)?;
        "the task was handed back as failed; end your session".to_owned()
    };
    Err(ToolError::new("verification_failed", report).hint(hint))
}
