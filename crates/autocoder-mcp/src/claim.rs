//! The claim this session holds: its fence for every call, its heartbeat, and when it is forgotten.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use autocoder_core::error::Refused;
use autocoder_core::event::Actor;
use autocoder_core::ids::{Attempt, TaskId};
use autocoder_core::task::{Evidence, HEARTBEAT_S};
use autocoder_core::workflow::{Context, Fence, renew_claim};
use tokio::sync::OnceCell;

use crate::legacy::Numbers;
use crate::reply::ToolError;
use crate::session::Session;
use crate::verification::Verification;

/// What one client's calls share.
pub(crate) struct Connection {
    pub(crate) session: Session,
    pub(crate) verification: Verification,
    /// What the tasks are called under legacy names, once somebody asked.
    pub(crate) numbers: OnceCell<Numbers>,
    actor: Actor,
    claims: Mutex<Claims>,
}

#[derive(Default)]
struct Claims {
    held: Option<Hold>,
    /// The last task that passed: a repeated call for it succeeds again.
    passed: Option<(TaskId, Attempt)>,
}

/// A claim that this session knows the fence of.
#[derive(Clone, Debug)]
pub(crate) struct Hold {
    pub(crate) task: TaskId,
    pub(crate) attempt: Attempt,
    /// What the verifications gave that failed so far.
    pub(crate) rejected: Vec<Evidence>,
    /// How many those were.
    pub(crate) failures: u32,
}

impl Hold {
    fn new((task, attempt): (TaskId, Attempt)) -> Self {
        Self { task, attempt, rejected: Vec::new(), failures: 0 }
    }

    fn is(&self, claim: (TaskId, Attempt)) -> bool {
        (self.task, self.attempt) == claim
    }
}

impl Connection {
    pub(crate) fn new(session: Session) -> Self {
        let actor = Actor::Agent(session.agent.clone());
        let claims = Mutex::new(Claims { held: session.fence.map(Hold::new), passed: None });
        Self { session, verification: Verification::default(), numbers: OnceCell::new(), actor, claims }
    }

    /// What the use cases work with; the actor is always this agent.
    pub(crate) fn context(&self) -> Context<'_> {
        Context { store: &*self.session.store, usage: &*self.session.usage, actor: &self.actor, request: None }
    }

    pub(crate) fn held(&self) -> Option<Hold> {
        self.claims().held.clone()
    }

    pub(crate) fn fence(&self, attempt: Attempt) -> Fence {
        Fence { agent: self.session.agent.clone(), attempt }
    }

    /// The claim on `task`, when this session holds it.
    pub(crate) fn hold_on(&self, task: TaskId) -> Result<Hold, ToolError> {
        let held = self.held();
        let message = match &held {
            Some(hold) if hold.task == task => return Ok(hold.clone()),
            Some(hold) => format!("task `{task}` is not yours, you hold task `{}`", hold.task),
            None => format!("task `{task}` is not yours, you hold none"),
        };
        Err(ToolError::new("not_your_task", message).hint("`task_get_next` gives you your task"))
    }

    /// The attempt in which this session passed `task`, when it was the last one it passed.
    pub(crate) fn passed(&self, task: TaskId) -> Option<Attempt> {
        self.claims().passed.filter(|(passed, _)| *passed == task).map(|(_, attempt)| attempt)
    }

    pub(crate) fn remember(&self, claim: (TaskId, Attempt)) {
        let mut claims = self.claims();
        if !claims.held.as_ref().is_some_and(|hold| hold.is(claim)) {
            claims.held = Some(Hold::new(claim));
        }
    }

    pub(crate) fn forget(&self, claim: (TaskId, Attempt)) {
        self.claims().held.take_if(|hold| hold.is(claim));
    }

    pub(crate) fn note_passed(&self, claim: (TaskId, Attempt)) {
        self.forget(claim);
        self.claims().passed = Some(claim);
    }

    /// Notes a failed verification and answers the claim as it stands then.
    pub(crate) fn note_rejected(&self, claim: (TaskId, Attempt), evidence: Vec<Evidence>) -> Hold {
        let mut claims = self.claims();
        let hold = match claims.held.as_mut().filter(|hold| hold.is(claim)) {
            Some(hold) => hold,
            None => claims.held.insert(Hold::new(claim)),
        };
        hold.rejected.extend(evidence);
        hold.failures += 1;
        hold.clone()
    }

    /// Forgets the claim when it ended, or turned out to be lost.
    pub(crate) fn ended<T>(&self, hold: &Hold, result: Result<T, Refused>) -> Result<T, ToolError> {
        if matches!(result, Ok(_) | Err(Refused::LeaseLost { .. } | Refused::NotFound { .. })) {
            self.forget((hold.task, hold.attempt));
        }
        Ok(result?)
    }

    pub(crate) async fn renew(&self) {
        let Some(hold) = self.held() else { return };
        match renew_claim(&self.context(), self.session.project, hold.task, &self.fence(hold.attempt)).await {
            Ok(_) => {}
            Err(Refused::LeaseLost { .. } | Refused::NotFound { .. }) => self.forget((hold.task, hold.attempt)),
            Err(error) => (self.session.log)(&format!("cannot renew the claim on task `{}`: {error}", hold.task)),
        }
    }

    fn claims(&self) -> MutexGuard<'_, Claims> {
        self.claims.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Renews the claim that is held for as long as it is polled.
pub(crate) async fn heartbeat(connection: Arc<Connection>) {
    let every = Duration::from_secs(HEARTBEAT_S);
    let mut beat = tokio::time::interval_at(tokio::time::Instant::now() + every, every);
    loop {
        beat.tick().await;
        connection.renew().await;
    }
}
