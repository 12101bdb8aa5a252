//! Sessions of runs that were interrupted: the same agent goes on with the same task where it stood.

use autocoder_core::agent::RunnerKind;
use autocoder_core::ids::{AgentId, ProjectId, TaskId};
use autocoder_core::ports::{Out, UsageLedger};
use autocoder_core::run::{RunOutcome, Tokens};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::roster::Member;
use crate::runner::Session;
use crate::supervisor::RunReport;

/// What is kept of an interrupted run; an agent has at most one.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Kept {
    task: TaskId,
    runner: RunnerKind,
    /// Agents look a session up by the folder it was in.
    workdir: String,
    session: String,
}

/// A run of an agent on a task in a folder.
pub(super) struct Interruptible<'a> {
    pub(super) ledger: &'a dyn UsageLedger,
    pub(super) project: ProjectId,
    pub(super) member: &'a Member,
    pub(super) task: TaskId,
    pub(super) workdir: &'a str,
}

impl Interruptible<'_> {
    /// The session that this agent was interrupted in at this task; it is tried once.
    pub(super) async fn session(&self) -> Out<Session> {
        let Some(kept) = self.ledger.setting(&self.key()).await?.filter(|kept| !kept.is_null()) else {
            return Ok(Session::Fresh);
        };
        self.ledger.set_setting(&self.key(), Value::Null).await?;
        let kept = serde_json::from_value::<Kept>(kept).ok().filter(|kept| self.is_same(kept));
        Ok(kept.map_or(Session::Fresh, |kept| Session::Resume(kept.session)))
    }

    /// Keeps the session of a run that was interrupted.
    pub(super) async fn keep(&self, report: &RunReport) -> Out<()> {
        let Some(session) = report.session.clone().filter(|_| self.member.runner.resumes()) else { return Ok(()) };
        if !is_interruption(report.outcome) {
            return Ok(());
        }
        let kept = Kept { task: self.task, runner: self.member.kind(), workdir: self.workdir.to_owned(), session };
        let kept = serde_json::to_value(kept).expect("texts and numbers become JSON");
        self.ledger.set_setting(&self.key(), kept).await
    }

    fn is_same(&self, kept: &Kept) -> bool {
        kept.task == self.task && kept.runner == self.member.kind() && kept.workdir == self.workdir
    }

    fn key(&self) -> String {
        key_of(self.project, &self.member.id)
    }
}

fn key_of(project: ProjectId, agent: &AgentId) -> String {
    format!("interrupted:{project}:{agent}")
}

/// Whether the work itself had nothing to do with the end.
const fn is_interruption(outcome: RunOutcome) -> bool {
    matches!(outcome, RunOutcome::Aborted | RunOutcome::LimitReached | RunOutcome::Overloaded)
}

/// A session that could not be gone on with is no failure of the task: the next run starts a new one.
pub(super) fn judged(session: &Session, report: RunReport, tokens: Tokens) -> RunReport {
    let never_began = matches!(session, Session::Resume(_)) && tokens == Tokens::default();
    if never_began && matches!(report.outcome, RunOutcome::Failed | RunOutcome::Crashed) {
        let words = report.detail.as_deref().unwrap_or("it said nothing");
        let detail = format!("the interrupted session cannot be gone on with, the next run starts anew: {words}");
        return RunReport { outcome: RunOutcome::Aborted, session: None, detail: Some(detail), ..report };
    }
    report
}

/// What a session was counted for by the agent's own books, of agents whose books go over the whole of it.
pub(super) async fn counted(ledger: &dyn UsageLedger, member: &Member, session: &Session) -> Out<Tokens> {
    let Session::Resume(id) = session else { return Ok(Tokens::default()) };
    if member.kind() != RunnerKind::Codex {
        return Ok(Tokens::default());
    }
    let known = ledger.setting(&counted_key(id)).await?;
    Ok(known.and_then(|known| serde_json::from_value(known).ok()).unwrap_or_default())
}

/// Adds what a run of a session was counted for.
pub(super) async fn note_counted(
    ledger: &dyn UsageLedger,
    member: &Member,
    report: &RunReport,
    before: Tokens,
) -> Out<()> {
    let Some(id) = report.session.as_ref().filter(|_| member.kind() == RunnerKind::Codex) else { return Ok(()) };
    let counted = report.totals.iter().fold(before, |sum, total| sum.plus(total.tokens));
    let counted = serde_json::to_value(counted).expect("numbers become JSON");
    ledger.set_setting(&counted_key(id), counted).await
}

fn counted_key(session: &str) -> String {
    format!("counted:{session}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runner::Exit;

    fn report(outcome: RunOutcome) -> RunReport {
        RunReport {
            outcome,
            detail: Some("no such session".into()),
            exit: Exit::code(1),
            session: Some("s".into()),
            limit: None,
            totals: vec![],
            lines: 0,
            bytes: 0,
        }
    }

    #[test]
    fn a_session_that_is_gone_is_no_failure_of_the_task() {
        let used = Tokens { input: 1, ..Tokens::default() };
        for (session, outcome, tokens, judged_as) in [
            (Session::Resume("s".into()), RunOutcome::Failed, Tokens::default(), RunOutcome::Aborted),
            (Session::Resume("s".into()), RunOutcome::Failed, used, RunOutcome::Failed),
            (Session::Resume("s".into()), RunOutcome::LimitReached, Tokens::default(), RunOutcome::LimitReached),
            (Session::Fresh, RunOutcome::Failed, Tokens::default(), RunOutcome::Failed),
        ] {
            assert_eq!(judged(&session, report(outcome), tokens).outcome, judged_as, "{session:?} {outcome:?}");
        }
    }
}
