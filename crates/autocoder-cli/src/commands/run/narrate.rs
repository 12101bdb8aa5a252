//! One line for each thing that happens while a crew works.

use autocoder_agent::crew::Progress;
use autocoder_core::event::{Event, EventKind};
use autocoder_core::run::RunOutcome;
use serde_json::Value;

/// The line for what a crew tells, or none for what its events say already.
pub(super) fn progress(progress: &Progress) -> Option<String> {
    match progress {
        Progress::Joined => None,
        Progress::Event(event) => line(event),
        Progress::Recovered { runs } => {
            Some(format!("          took over from a run that died: {runs} open runs are closed"))
        }
        Progress::Run { outcome: RunOutcome::Completed | RunOutcome::Released | RunOutcome::Aborted, .. } => None,
        Progress::Run { agent, outcome, detail } => {
            let detail = detail.as_deref().map_or_else(String::new, |detail| format!(": {}", first_line(detail)));
            Some(format!("          {agent:<10} run ended, {outcome:?}{detail}"))
        }
        Progress::Waiting(idle) => {
            let until = idle.retry_at.map_or_else(String::new, |at| format!(" until {at}"));
            Some(format!("          waiting{until}: {}", idle.reason))
        }
    }
}

/// The line for an event, or none for one that says nothing new to the person who watches.
pub(super) fn line(event: &Event) -> Option<String> {
    let text = |field: &str| event.payload.get(field).and_then(Value::as_str).unwrap_or_default();
    let (noun, id) = event.subject.split_once(':').unwrap_or(("", &event.subject));
    let actor = event.actor.split_once(':').map_or(event.actor.as_str(), |(_, name)| name);
    let name = text("name");
    let told = match event.kind {
        EventKind::TaskClaimed => format!("started    {id} {name}"),
        EventKind::TaskPassed => format!("passed     {id} {name}"),
        EventKind::TaskFailed => format!("failed     {id} {name}: {}", first_line(text("reason"))),
        EventKind::TaskBlocked => format!("blocked    {id} {name}: {}", first_line(text("reason"))),
        EventKind::TaskReleased => format!("released   {id} {name}"),
        EventKind::TaskLapsed => format!("lapsed     {id} {name}: its lease was not renewed"),
        EventKind::TaskSkipped => format!("skipped    {id} {name}: {}", first_line(text("reason"))),
        EventKind::TaskNeedsInput => format!("asks       {id} {name}: {}", first_line(text("question"))),
        EventKind::TaskAnswered => format!("answered   {id} {name}"),
        EventKind::TaskReopened => format!("reopened   {id} {name}"),
        EventKind::FeatureCompleted | EventKind::PhaseStarted | EventKind::PhaseCompleted => {
            format!("{:<10} {noun} {name}", if event.kind == EventKind::PhaseStarted { "started" } else { "completed" })
        }
        EventKind::PhaseRejected => format!("sent back  phase {name}: {}", first_line(text("note"))),
        EventKind::ProjectCompleted => "completed  the project: every phase is approved".to_owned(),
        EventKind::ProjectPaused => "paused     the project".to_owned(),
        EventKind::SpecStarted => format!("specifies  feature {id} {name}"),
        EventKind::SpecEnded => format!("your turn  feature {id} {name}: read it, answer, or accept its tasks"),
        EventKind::FeatureCreated => format!("plans      feature {id} {name}"),
        EventKind::AgentCrashed => format!("crashed    agent {id}"),
        _ => return None,
    };
    Some(format!("{}  {actor:<10} {told}", event.at.to_utc().format("%H:%M:%S")))
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().chars().take(160).collect()
}

#[cfg(test)]
mod tests {
    use autocoder_core::ids::{EventId, ProjectId};
    use autocoder_core::time::Timestamp;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_line_says_when_who_what_and_why() {
        let event = |kind, payload| Event {
            id: EventId(1),
            project_id: ProjectId(1),
            at: Timestamp(3_600_000_000),
            actor: "agent:coder-1".into(),
            kind,
            subject: "task:42".into(),
            payload,
        };
        for (kind, payload, expected) in [
            (EventKind::TaskPassed, json!({ "name": "Log in" }), Some("01:00:00  coder-1    passed     42 Log in")),
            (
                EventKind::TaskFailed,
                json!({ "name": "Log in", "reason": "exit code 1\nmore" }),
                Some("01:00:00  coder-1    failed     42 Log in: exit code 1"),
            ),
            (EventKind::TaskUpdated, json!({ "name": "Log in" }), None),
        ] {
            assert_eq!(line(&event(kind, payload)).as_deref(), expected);
        }
    }
}
