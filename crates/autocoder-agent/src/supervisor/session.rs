//! A living run: its output flows to log, decoder and listener while its end, its silence and its stop are waited for.

use std::process::ExitStatus;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use nix::sys::signal::Signal;
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::{Child, ChildStdin};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep_until, timeout_at};

use super::lines::{Line, LineSplitter};
use super::log::RunLog;
use super::{Group, Limits, Supervision};
use crate::runner::{AgentEvent, Decoder, Ending, Exit, LimitStatus, LimitWindow, Stream};

/// Few, because a line may be as long as the limit for JSON.
const LINES_IN_FLIGHT: usize = 4;
const CHUNK_BYTES: usize = 16 * 1024;

/// Why the supervisor stops a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Cause {
    Asked,
    Idle,
    Wall,
    Misconfigured(String),
}

/// What is known of a run at its end.
#[derive(Default)]
pub(super) struct Noted {
    pub(super) exit: Exit,
    pub(super) cause: Option<Cause>,
    pub(super) session: Option<String>,
    pub(super) limit: Option<LimitWindow>,
    pub(super) lines: u64,
    pub(super) bytes: u64,
}

pub(super) struct Session<'a> {
    child: Child,
    group: Group,
    stdin: Option<ChildStdin>,
    output: Output,
    log: RunLog,
    decoder: Box<dyn Decoder>,
    limits: Limits,
    stop: watch::Receiver<bool>,
    on_event: &'a mut (dyn FnMut(AgentEvent) + Send),
    started: Instant,
    exit_of: fn(ExitStatus) -> Exit,
    noted: Noted,
}

/// The two streams of a process, read by tasks that never hold more than a few lines.
struct Output {
    lines: mpsc::Receiver<(Stream, Line)>,
    open: bool,
    /// Bytes read so far, and when the last came in milliseconds since the start.
    bytes: Arc<AtomicU64>,
    heard_at_ms: Arc<AtomicU64>,
    readers: Vec<JoinHandle<()>>,
}

impl<'a> Session<'a> {
    pub(super) fn new(
        mut child: Child,
        log: RunLog,
        decoder: Box<dyn Decoder>,
        supervision: Supervision<'a>,
        exit_of: fn(ExitStatus) -> Exit,
    ) -> Self {
        let group = Group::of(&child);
        let stdin = child.stdin.take();
        let started = Instant::now();
        let limits = supervision.limits;
        let splitter = || LineSplitter::new(log.wanted_line_bytes(), limits.json_line_bytes);
        let output = Output::of(&mut child, started, splitter);
        Self {
            child,
            group,
            stdin,
            output,
            log,
            decoder,
            limits,
            stop: supervision.stop,
            on_event: supervision.on_event,
            started,
            exit_of,
            noted: Noted::default(),
        }
    }

    /// Until the process ends by itself (`None`) or has to be stopped.
    pub(super) async fn watch(&mut self) -> Option<Cause> {
        let wall = self.started + self.limits.wall;
        loop {
            if let Some(cause) = self.noted.cause.take() {
                return Some(cause);
            }
            let idle = self.output.heard_at(self.started) + self.limits.idle;
            tokio::select! {
                biased;
                // Before the output, or an agent that never falls silent would never be stopped.
                () = asked(&mut self.stop) => return Some(Cause::Asked),
                () = sleep_until(wall) => return Some(Cause::Wall),
                line = self.output.next() => self.read(line),
                status = self.child.wait() => {
                    self.ended(status);
                    return None;
                }
                () = sleep_until(idle) => if self.output.heard_at(self.started) + self.limits.idle <= Instant::now() {
                    return Some(Cause::Idle);
                }
            }
        }
    }

    pub(super) fn signal(&mut self, signal: Signal) {
        self.stdin = None;
        self.group.signal(signal);
    }

    pub(super) async fn exits_within(&mut self, grace: Duration) -> bool {
        let until = Instant::now() + grace;
        loop {
            tokio::select! {
                biased;
                () = sleep_until(until) => return false,
                line = self.output.next() => self.read(line),
                status = self.child.wait() => {
                    self.ended(status);
                    return true;
                }
            }
        }
    }

    /// Reads what is left once the process is gone; somebody outside the group may hold the pipe open for ever.
    pub(super) async fn drain(&mut self, patience: Duration) {
        let until = Instant::now() + patience;
        while self.output.open {
            match timeout_at(until, self.output.next()).await {
                Ok(line) => self.read(line),
                Err(_) => break,
            }
        }
    }

    pub(super) fn close(mut self) -> (Noted, Ending) {
        self.noted.bytes = self.output.bytes.load(Ordering::Relaxed);
        let mut ending = self.decoder.finish(self.noted.exit);
        ending.detail = ending.detail.map(|detail| self.log.without_secrets(&detail));
        (self.noted, ending)
    }

    fn ended(&mut self, status: std::io::Result<ExitStatus>) {
        self.noted.exit = status.map(self.exit_of).unwrap_or_default();
        self.group.kill();
    }

    fn read(&mut self, line: Option<(Stream, Line)>) {
        let Some((stream, line)) = line else { return };
        self.noted.lines += 1;
        self.log.write(stream, &line);
        for event in self.decoder.push(stream, &String::from_utf8_lossy(&line.kept)) {
            let event = self.without_secrets(event);
            match &event {
                AgentEvent::Started { session, .. } => self.noted.session = Some(session.clone()),
                AgentEvent::Limit(window) if window.status == LimitStatus::Rejected => {
                    self.noted.limit = Some(window.clone());
                }
                AgentEvent::Misconfigured(reason) => {
                    self.noted.cause.get_or_insert_with(|| Cause::Misconfigured(reason.clone()));
                }
                _ => {}
            }
            (self.on_event)(event);
        }
    }
}

impl Session<'_> {
    /// What is kept beside the log is as free of secrets.
    fn without_secrets(&self, event: AgentEvent) -> AgentEvent {
        match event {
            AgentEvent::Text(text) => AgentEvent::Text(self.log.without_secrets(&text)),
            AgentEvent::Misconfigured(reason) => AgentEvent::Misconfigured(self.log.without_secrets(&reason)),
            other => other,
        }
    }
}

impl Output {
    fn of(child: &mut Child, started: Instant, splitter: impl Fn() -> LineSplitter) -> Self {
        let (sender, lines) = mpsc::channel(LINES_IN_FLIGHT);
        let mut output =
            Self { lines, open: true, bytes: Arc::default(), heard_at_ms: Arc::default(), readers: vec![] };
        if let Some(stdout) = child.stdout.take() {
            output.follow(Stream::Stdout, stdout, sender.clone(), started, splitter());
        }
        if let Some(stderr) = child.stderr.take() {
            output.follow(Stream::Stderr, stderr, sender, started, splitter());
        }
        output
    }

    fn follow(
        &mut self,
        stream: Stream,
        mut source: impl AsyncRead + Unpin + Send + 'static,
        sender: mpsc::Sender<(Stream, Line)>,
        started: Instant,
        mut splitter: LineSplitter,
    ) {
        let (total, heard_at_ms) = (Arc::clone(&self.bytes), Arc::clone(&self.heard_at_ms));
        self.readers.push(tokio::spawn(async move {
            let mut chunk = vec![0; CHUNK_BYTES];
            while let Ok(count @ 1..) = source.read(&mut chunk).await {
                total.fetch_add(count as u64, Ordering::Relaxed);
                heard_at_ms.fetch_max(started.elapsed().as_millis() as u64, Ordering::Relaxed);
                let mut bytes = &chunk[..count];
                while !bytes.is_empty() {
                    let (taken, line) = splitter.take(bytes);
                    bytes = &bytes[taken..];
                    if let Some(line) = line
                        && sender.send((stream, line)).await.is_err()
                    {
                        return;
                    }
                }
            }
            if let Some(line) = splitter.rest() {
                let _ = sender.send((stream, line)).await;
            }
        }));
    }

    /// The next line; after the last one `None`, once, and then never again.
    async fn next(&mut self) -> Option<(Stream, Line)> {
        if !self.open {
            std::future::pending::<()>().await;
        }
        let line = self.lines.recv().await;
        self.open = line.is_some();
        line
    }

    fn heard_at(&self, started: Instant) -> Instant {
        started + Duration::from_millis(self.heard_at_ms.load(Ordering::Relaxed))
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        for reader in &self.readers {
            reader.abort();
        }
    }
}

async fn asked(stop: &mut watch::Receiver<bool>) {
    if stop.wait_for(|stop| *stop).await.is_err() {
        std::future::pending::<()>().await;
    }
}
