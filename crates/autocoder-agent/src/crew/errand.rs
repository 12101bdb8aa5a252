//! A run of an errand: what it is asked, what it says meanwhile, and what is kept of it at its end.

use std::sync::{Mutex, PoisonError};

use autocoder_core::errand::Errand;
use autocoder_core::error::{ErrorKind, Refused};
use autocoder_core::feature::FeatureStatus;
use autocoder_core::ids::FeatureId;
use autocoder_core::run::{Run, RunKind, RunOutcome};
use autocoder_core::spec::SpecMessage;
use autocoder_core::workflow;
use serde_json::{Value, json};

use super::work::Worker;
use crate::prompt::{PromptError, Subject, prompt_for, spec_turn};
use crate::runner::{AgentEvent, Session};
use crate::supervisor::RunReport;

/// The longest message that is kept of what an agent says, in bytes.
const MESSAGE_BYTES: usize = 16 * 1024;
/// The most messages of one turn; an agent that talks without end is cut short.
const MESSAGES_PER_TURN: usize = 50;

/// What an agent said and nobody has written down yet.
#[derive(Default)]
pub(super) struct Minutes(Mutex<Said>);

#[derive(Default)]
struct Said {
    waiting: Vec<String>,
    count: usize,
}

impl Minutes {
    pub(super) fn take(&self, event: &AgentEvent) {
        let AgentEvent::Text(text) = event else { return };
        let (text, mut said) = (shown(text), self.0.lock().unwrap_or_else(PoisonError::into_inner));
        if !text.is_empty() && said.count < MESSAGES_PER_TURN {
            said.count += 1;
            said.waiting.push(text);
        }
    }

    fn waiting(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner).waiting)
    }

    fn is_silent(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).count == 0
    }
}

/// The text as a message takes it.
fn shown(text: &str) -> String {
    let kept: String = text.trim().chars().filter(|c| !c.is_control() || matches!(c, '\t' | '\n')).collect();
    kept[..kept.floor_char_boundary(MESSAGE_BYTES)].to_owned()
}

impl Worker<'_> {
    /// What the agent is asked; a turn goes on in the session of the turn before where the runner can.
    pub(super) async fn errand_prompt(&self, errand: &Errand) -> Result<(String, Session), PromptError> {
        let subject = match *errand {
            Errand::Spec { feature, .. } => {
                let messages = self.crew.store.queries().spec_messages(self.crew.id(), feature).await?;
                let since = said_since(&messages);
                if let Some(session) = self.last_session(feature).await?.filter(|_| !since.is_empty()) {
                    return Ok((spec_turn(since), Session::Resume(session)));
                }
                Subject::Feature(feature)
            }
            Errand::Plan => Subject::Plan,
            Errand::Test { phase } | Errand::Review { phase } => Subject::Phase(phase),
        };
        let prompt = prompt_for(&*self.crew.store, &self.project.name, self.member.role, subject).await?;
        Ok((prompt.text, Session::Fresh))
    }

    /// The session in which this agent spoke last about the spec; it is tried once, for it may be gone.
    async fn last_session(&self, feature: FeatureId) -> Result<Option<String>, Refused> {
        let (ledger, key) = (self.crew.store.ledger(), format!("spec:{feature}"));
        let Some(kept) = ledger.setting(&key).await?.filter(|kept| !kept.is_null()) else { return Ok(None) };
        ledger.set_setting(&key, Value::Null).await?;
        let is = |field: &str, value: &str| kept.get(field).and_then(Value::as_str) == Some(value);
        let same = is("agent", &self.agent.0) && is("runner", self.member.kind().as_str());
        Ok(kept.get("session").and_then(Value::as_str).filter(|_| same).map(str::to_owned))
    }

    async fn keep_session(&self, feature: FeatureId, report: &RunReport) -> Result<(), Refused> {
        let Some(session) = report.session.as_ref().filter(|_| self.member.runner.resumes()) else { return Ok(()) };
        let kept = json!({ "agent": self.agent, "runner": self.member.kind(), "session": session });
        Ok(self.crew.store.ledger().set_setting(&format!("spec:{feature}"), kept).await?)
    }

    pub(super) async fn begin_errand(&self, run: &Run) -> Result<(), Refused> {
        let Some(feature) = spec_of(run) else { return Ok(()) };
        let cx = self.member.context(&*self.crew.store, &self.actor);
        workflow::start_spec(&cx, self.crew.id(), feature).await.map(drop)
    }

    /// Writes down what was said, so that people can follow the turn.
    pub(super) async fn write_minutes(&self, run: &Run) -> Result<(), Refused> {
        let Some(feature) = spec_of(run) else { return Ok(()) };
        let cx = self.member.context(&*self.crew.store, &self.actor);
        for text in self.minutes.waiting() {
            gone_is_fine(workflow::add_spec_message(&cx, self.crew.id(), feature, &text).await.map(drop))?;
        }
        Ok(())
    }

    /// Whether nobody wants the spec any more.
    pub(super) async fn is_called_off(&self, run: &Run) -> bool {
        let Some(feature) = spec_of(run) else { return false };
        match self.crew.store.queries().feature(self.crew.id(), feature).await {
            Ok(Some(feature)) => {
                let waits = matches!(feature.status, FeatureStatus::Pending | FeatureStatus::Speccing);
                waits && feature.spec_requested_at.is_none()
            }
            Ok(None) => true,
            // A store that does not answer now may later.
            Err(_) => false,
        }
    }

    /// A turn ends with words, whatever became of it: then a person speaks. Only what is nobody's fault is tried again.
    pub(super) async fn end_errand(&self, run: &Run, report: &RunReport) -> Result<(), Refused> {
        let Some(feature) = spec_of(run) else { return Ok(()) };
        self.write_minutes(run).await?;
        if report.outcome.is_nobodys_fault() || self.is_called_off(run).await {
            return Ok(());
        }
        let words = match report.outcome {
            RunOutcome::Completed => self.minutes.is_silent().then(|| "I am done.".to_owned()),
            _ => Some(failed(report)),
        };
        if report.outcome == RunOutcome::Completed {
            self.keep_session(feature, report).await?;
        }
        let cx = self.member.context(&*self.crew.store, &self.actor);
        gone_is_fine(workflow::end_spec_turn(&cx, self.crew.id(), feature, words.as_deref()).await)
    }
}

fn spec_of(run: &Run) -> Option<FeatureId> {
    run.feature.filter(|_| run.kind == RunKind::Spec)
}

/// What people said since an agent last spoke; nothing when no agent did.
fn said_since(messages: &[SpecMessage]) -> &[SpecMessage] {
    let last = messages.iter().rposition(|message| !message.is_of_person());
    last.and_then(|last| messages.get(last + 1..)).unwrap_or_default()
}

fn failed(report: &RunReport) -> String {
    let why = report.detail.as_deref().map(shown).filter(|why| !why.is_empty());
    let why = why.unwrap_or_else(|| "it ended without a word".to_owned());
    format!("My run failed: {why}. Write to me to try again.")
}

/// A feature that was deleted meanwhile needs no words.
fn gone_is_fine(result: Result<(), Refused>) -> Result<(), Refused> {
    match result {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use autocoder_core::ids::MessageId;
    use autocoder_core::time::Timestamp;

    use super::*;

    #[test]
    fn only_what_people_said_since_the_agents_last_words_is_new() {
        for (authors, new) in [("", 0), ("p", 0), ("pa", 0), ("pap", 1), ("papp", 2), ("aap", 1)] {
            let message = |(id, author): (usize, char)| SpecMessage {
                id: MessageId(id as i64),
                feature: FeatureId(1),
                at: Timestamp(0),
                author: if author == 'p' { "person:ann".into() } else { "agent:w".into() },
                text: "x".into(),
            };
            let messages: Vec<SpecMessage> = authors.chars().enumerate().map(message).collect();
            assert_eq!(said_since(&messages).len(), new, "{authors}");
        }
    }

    #[test]
    fn an_agent_that_talks_without_end_is_cut_short() {
        let minutes = Minutes::default();
        assert!(minutes.is_silent());
        for _ in 0..60 {
            minutes.take(&AgentEvent::Text("a\0b ".into()));
            minutes.take(&AgentEvent::Text(" \n".into()));
        }
        let said = minutes.waiting();
        assert_eq!((said.len(), said[0].as_str(), minutes.is_silent()), (50, "ab", false));
    }
}
