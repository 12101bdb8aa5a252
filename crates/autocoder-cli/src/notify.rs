//! Tells the person at this machine what webhooks tell others: by a command of their own, or on the desktop.

use std::process::Stdio;
use std::time::Duration;

use autocoder_core::event::{Event, EventKind};
use autocoder_core::webhook::WEBHOOK_KINDS;
use serde_json::Value;
use tokio::io::AsyncWriteExt;
use tokio::process::Command;
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::config::Notify;
use crate::output::Output;

/// How long one notification may take.
const TIME_LIMIT: Duration = Duration::from_secs(10);
/// Notifications at the same time; more are left out, since nobody reads them.
const AT_ONCE: usize = 16;
/// The longest text on the desktop, in characters.
const TEXT_CHARS: usize = 300;

/// Runs beside whoever tells it events, and never makes them wait.
pub(crate) struct Notifier {
    settings: Notify,
    output: Output,
    time_limit: Duration,
    running: JoinSet<()>,
}

impl Notifier {
    pub(crate) fn new(settings: Notify, output: Output) -> Self {
        Self { settings, output, time_limit: TIME_LIMIT, running: JoinSet::new() }
    }

    /// Notifies of an event, when it is of a kind that people want to know at once.
    pub(crate) fn event(&mut self, event: &Event) {
        while self.running.try_join_next().is_some() {}
        if !WEBHOOK_KINDS.contains(&event.kind) {
            return;
        }
        if let Some((program, arguments)) = self.settings.command.clone().split_first() {
            let json = serde_json::to_string(event).expect("an event is JSON");
            self.start(program, arguments, json);
        }
        if self.settings.desktop {
            let [program, arguments @ ..] = &desktop_command(headline(event.kind), &facts(event))[..] else { return };
            self.start(program, arguments, String::new());
        }
    }

    /// Waits for the notifications that are under way; their time is limited.
    pub(crate) async fn finished(mut self) {
        while self.running.join_next().await.is_some() {}
    }

    fn start(&mut self, program: &str, arguments: &[String], input: String) {
        if self.running.len() >= AT_ONCE {
            self.output.note("note: a notification is left out, too many are running");
            return;
        }
        let mut command = Command::new(program);
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
        let (output, limit, program) = (self.output.clone(), self.time_limit, program.to_owned());
        self.running.spawn(async move {
            let trouble = match timeout(limit, finish(command, input)).await {
                Ok(Ok(None)) => return,
                Ok(Ok(Some(status))) => status,
                Ok(Err(error)) => error.to_string(),
                Err(_) => format!("it took more than {} s", limit.as_secs_f32()),
            };
            output.note(&format!("note: the notification by `{program}` failed: {trouble}"));
        });
    }
}

/// Runs the command with this input; what it ended with, unless that is success.
async fn finish(mut command: Command, input: String) -> std::io::Result<Option<String>> {
    let mut child = command.spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        // A command that does not read its input is none the worse.
        let _ = stdin.write_all(input.as_bytes()).await;
    }
    let status = child.wait().await?;
    Ok((!status.success()).then(|| status.to_string()))
}

const fn headline(kind: EventKind) -> &'static str {
    match kind {
        EventKind::PhaseAwaitingApproval => "A phase waits for your approval",
        EventKind::PhaseCompleted => "A phase is completed",
        EventKind::PhaseRejected => "A phase was sent back",
        EventKind::FeatureCompleted => "A feature is completed",
        EventKind::TaskBlocked => "A task is blocked",
        EventKind::TaskNeedsInput => "A task needs your answer",
        EventKind::UsageWarning => "A budget is nearly used up",
        EventKind::UsagePaused => "A budget stops the work",
        EventKind::AgentCrashed => "An agent crashed",
        EventKind::ProjectCompleted => "The project is completed",
        _ => "Autocoder",
    }
}

/// The name of what it is about, and a question or reason.
fn facts(event: &Event) -> String {
    let fact = |field: &str| event.payload.get(field).and_then(Value::as_str).filter(|text| !text.is_empty());
    let found: Vec<&str> = ["name", "question", "reason", "note"].into_iter().filter_map(fact).collect();
    if found.is_empty() { event.subject.clone() } else { found.join(": ") }
}

/// The program that shows a text on the desktop. Names and reasons may come from agents: they are arguments, never code.
fn desktop_command(title: &str, text: &str) -> Vec<String> {
    let shown: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(TEXT_CHARS).collect();
    let words: &[&str] = if cfg!(target_os = "macos") {
        &[
            "osascript",
            "-e",
            "on run argv",
            "-e",
            "display notification (item 2 of argv) with title (item 1 of argv)",
            "-e",
            "end run",
            "--",
        ]
    } else {
        &["notify-send", "--app-name=Autocoder", "--"]
    };
    // Desktops on Linux read markup in the text.
    let shown = if cfg!(target_os = "macos") {
        shown
    } else {
        shown.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
    };
    words.iter().copied().chain([title, &shown]).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use autocoder_core::ids::{EventId, ProjectId};
    use autocoder_core::time::Timestamp;
    use serde_json::json;

    use super::*;

    fn event(kind: EventKind) -> Event {
        Event {
            id: EventId(1),
            project_id: ProjectId(1),
            at: Timestamp(0),
            actor: "system".to_owned(),
            kind,
            subject: "task:3".to_owned(),
            payload: json!({ "name": "Sign in", "question": "Which <port>?\u{1b}[2J" }),
        }
    }

    fn notifier(command: &[&str]) -> Notifier {
        let command = command.iter().map(|word| (*word).to_owned()).collect();
        Notifier::new(Notify { command, desktop: false }, Output::plain(true))
    }

    #[tokio::test]
    async fn the_command_reads_the_event_and_no_shell_is_asked() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("$(touch told);told");
        let script = "cat >> \"$0\"";
        let mut notifier = notifier(&["sh", "-c", script, &file.to_string_lossy()]);
        notifier.event(&event(EventKind::TaskNeedsInput));
        notifier.event(&event(EventKind::TaskClaimed));
        notifier.finished().await;
        let told: Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
        assert_eq!((&told["kind"], &told["payload"]["name"]), (&json!("task.needs_input"), &json!("Sign in")));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[tokio::test]
    async fn a_command_that_hangs_or_fails_stops_nothing() {
        let mut slow = notifier(&["sleep", "60"]);
        slow.time_limit = Duration::from_millis(50);
        let begun = Instant::now();
        for _ in 0..100 {
            slow.event(&event(EventKind::TaskBlocked));
        }
        slow.finished().await;
        assert!(begun.elapsed() < Duration::from_secs(10));
        for command in [&["/no/such/program"][..], &["false"], &[]] {
            let mut notifier = notifier(command);
            notifier.event(&event(EventKind::TaskBlocked));
            notifier.finished().await;
        }
    }

    #[test]
    fn every_kind_has_a_headline_and_the_text_is_harmless() {
        for kind in WEBHOOK_KINDS {
            assert_ne!(headline(*kind), "Autocoder", "{kind}");
        }
        let command = desktop_command("A task needs your answer", &facts(&event(EventKind::TaskNeedsInput)));
        let text = command.last().unwrap();
        assert!(text.starts_with("Sign in: Which ") && !text.contains('\u{1b}'), "{text}");
        assert!(cfg!(target_os = "macos") || text.contains("&lt;port&gt;"), "{text}");
    }
}
