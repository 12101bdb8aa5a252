//! The body of a rehearsal's process: claims one task, works on it for a while, passes it, and prints what it does.

use std::cell::Cell;
use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;

use autocoder_core::agent::Role;
use autocoder_core::run::{RunOutcome, Tokens};
use serde_json::{Value, json};
use tokio::signal::unix::{SignalKind, signal};

use autocoder_usage::simulate::random::Generator;

use super::generator::score;
use super::tools::{Assigned, Tools};

/// How long handing a task back may take at a stop; less than the supervisor's patience.
const RELEASE_TIME: Duration = Duration::from_secs(5);
const CHECK_EVERY_MESSAGES: usize = 4;

/// What to play.
#[derive(Clone, Debug)]
pub struct PlayOptions {
    /// Makes the ids of messages unique.
    pub run_id: String,
    /// What the generator starts from; the same seed plays the same task the same.
    pub seed: u64,
    /// How many times faster than life.
    pub speed: f64,
    /// The share of runs that end without passing their task, 0 to 1.
    pub fail_rate: f64,
    /// What it is for.
    pub role: Role,
    /// The feature, for a spec writer.
    pub feature: Option<i64>,
    /// The phase, for a reviewer.
    pub phase: Option<i64>,
    /// What the person said last, for a spec writer.
    pub said: Option<String>,
    /// The `mcp.json` that says where the tools are.
    pub mcp_config: PathBuf,
}

/// What the person said last, by the prompt of a spec writer.
#[must_use]
pub fn last_said(prompt: &str) -> Option<String> {
    super::script::last_said(prompt).map(str::to_owned)
}

/// Why a rehearsal could not be played.
#[derive(Debug, thiserror::Error)]
pub enum PlayError {
    /// There is nothing that says where the tools are.
    #[error("`{path}` is no `mcp.json` of ours: {error}")]
    Config {
        /// The file.
        path: String,
        /// What is wrong.
        error: String,
    },
    /// There is no such program, for example.
    #[error("cannot start the MCP server `{program}`: {error}")]
    Start {
        /// The program.
        program: String,
        /// What the system said.
        error: String,
    },
    /// It does not speak MCP.
    #[error("the MCP server did not answer the handshake: {0}")]
    Handshake(String),
    /// It went away.
    #[error("the MCP server is gone")]
    Lost,
    /// A tool refused.
    #[error("`{tool}` failed: {message}")]
    Tool {
        /// Which.
        tool: &'static str,
        /// What it said.
        message: String,
    },
    /// Nobody listens any more.
    #[error("cannot print: {0}")]
    Output(#[from] std::io::Error),
}

/// Plays one task and prints it to `out`; when `stop` completes first, hands the task back.
///
/// # Errors
/// [`PlayError`] when the server or the reader of `out` is gone; the result line says so too if it can be written.
pub async fn play(
    options: PlayOptions,
    out: impl Write,
    stop: impl Future<Output = ()>,
) -> Result<RunOutcome, PlayError> {
    let mut player = Player { options, out, held: Cell::new(None), rounds: 0 };
    let played = match Tools::connect(&player.options).await {
        Ok(tools) => player.play_until(tools, stop).await,
        Err(error) => Err(error),
    };
    let (outcome, detail) = match &played {
        Ok((outcome, detail)) => (*outcome, detail.clone()),
        Err(error @ (PlayError::Config { .. } | PlayError::Start { .. } | PlayError::Handshake(_))) => {
            (RunOutcome::Misconfigured, Some(error.to_string()))
        }
        Err(error) => (RunOutcome::Failed, Some(error.to_string())),
    };
    player.print(&json!({ "type": "result", "outcome": outcome, "detail": detail }))?;
    played.map(|(outcome, _)| outcome)
}

/// Completes at SIGINT, at SIGTERM or at the end of standard input, which is how a dead supervisor is noticed.
pub async fn stop_signal() {
    let (closed, input_closed) = tokio::sync::oneshot::channel();
    // Not tokio's stdin: its pending read would hold the runtime open at the end.
    std::thread::spawn(move || {
        let _ = std::io::copy(&mut std::io::stdin().lock(), &mut std::io::sink());
        let _ = closed.send(());
    });
    let caught = |kind: SignalKind| async move {
        match signal(kind) {
            Ok(mut signals) => drop(signals.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = input_closed => {}
        () = caught(SignalKind::interrupt()) => {}
        () = caught(SignalKind::terminate()) => {}
    }
}

pub(super) type Played = Result<(RunOutcome, Option<String>), PlayError>;

pub(super) struct Player<W> {
    pub(super) options: PlayOptions,
    out: W,
    /// The task in hand, to be handed back at a stop.
    held: Cell<Option<i64>>,
    /// How often it has thought, so that each message has its own name.
    rounds: usize,
}

impl<W: Write> Player<W> {
    async fn play_until(&mut self, tools: Tools, stop: impl Future<Output = ()>) -> Played {
        let mut played = tokio::select! {
            played = self.work(&tools) => played,
            () = stop => Ok((RunOutcome::Aborted, Some("stopped".to_owned()))),
        };
        if let Some(task) = self.held.take() {
            let released = tokio::time::timeout(RELEASE_TIME, tools.release(task, "the rehearsal was stopped")).await;
            if matches!(released, Ok(Ok(()))) && played.is_ok() {
                played = Ok((RunOutcome::Released, Some("stopped, and the task handed back".to_owned())));
            }
        }
        tools.close().await;
        played
    }

    pub(super) const fn next_round(&mut self) -> usize {
        self.rounds += 1;
        self.rounds
    }

    async fn work(&mut self, tools: &Tools) -> Played {
        if self.options.role != Role::Coder {
            return self.errand(tools).await;
        }
        let task = match tools.next_task().await? {
            Ok(task) => task,
            Err(reason) => return Ok((RunOutcome::Completed, Some(format!("nothing to do: {reason}")))),
        };
        self.held.set(Some(task.id));
        self.say(&format!("Working on task {}: {}", task.id, task.name))?;
        let score = score(self.generator(&task), task.complexity, self.options.speed, self.options.fail_rate);
        for (number, tokens) in score.messages.iter().enumerate() {
            tokio::time::sleep(score.pause).await;
            self.count(task.id, number, tokens)?;
            if number % CHECK_EVERY_MESSAGES == CHECK_EVERY_MESSAGES - 1 && !tools.may_continue().await? {
                return self.hand_back(tools, task.id).await;
            }
        }
        self.end(tools, task.id, score.passes).await
    }

    async fn end(&mut self, tools: &Tools, task: i64, passes: bool) -> Played {
        if !passes {
            self.held.set(None);
            return Ok((RunOutcome::Failed, Some("rehearsed a failure, as `--fail-rate` asks for".to_owned())));
        }
        let passed = tools.pass(task).await;
        self.held.set(None);
        passed?;
        self.say(&format!("Task {task} passes"))?;
        Ok((RunOutcome::Completed, None))
    }

    async fn hand_back(&mut self, tools: &Tools, task: i64) -> Played {
        self.held.set(None);
        tools.release(task, "usage_should_continue said stop").await?;
        Ok((RunOutcome::Released, Some("`usage_should_continue` said stop".to_owned())))
    }

    /// Another attempt at the same task plays differently, or a rehearsed failure would come back for ever.
    fn generator(&self, task: &Assigned) -> Generator {
        let attempt = task.attempt.map_or_else(|| self.options.run_id.clone(), |attempt| attempt.to_string());
        Generator::of_bytes(&[&self.options.seed.to_le_bytes(), &task.id.to_le_bytes(), attempt.as_bytes()])
    }

    pub(super) fn count(&mut self, task: i64, number: usize, tokens: &Tokens) -> Result<(), PlayError> {
        self.print(&json!({
            "type": "usage",
            "message_id": format!("rehearsal-{}-{task}-{number}", self.options.run_id),
            "model": "rehearsal",
            "input_tokens": tokens.input,
            "output_tokens": tokens.output,
            "cache_read_tokens": tokens.cache_read,
            "cache_write_5m_tokens": tokens.cache_write_5m,
            "cache_write_1h_tokens": tokens.cache_write_1h,
        }))
    }

    pub(super) fn say(&mut self, text: &str) -> Result<(), PlayError> {
        self.print(&json!({ "type": "text", "text": text }))
    }

    fn print(&mut self, line: &Value) -> Result<(), PlayError> {
        writeln!(self.out, "{line}")?;
        Ok(self.out.flush()?)
    }
}
