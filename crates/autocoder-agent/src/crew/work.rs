//! One run: a claimed task or an errand, its workplace, its process, its usage, and what becomes of it at the end.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use autocoder_core::agent::{AgentStatus, RunnerKind};
use autocoder_core::error::{ErrorKind, Refused};
use autocoder_core::event::Actor;
use autocoder_core::ids::{AgentId, RunId, TaskId};
use autocoder_core::ports::RunEnd;
use autocoder_core::project::Project;
use autocoder_core::run::{Run, RunOutcome, Tokens};
use autocoder_core::task::{HEARTBEAT_S, TaskStatus};
use autocoder_core::time::Timestamp;
use autocoder_core::workflow::{self, Fence};
use autocoder_usage::announce::announce_usage;
use autocoder_usage::price::read_prices;
use autocoder_usage::provider::{Cause, begin_probe, note_answer, note_refusal, note_windows};
use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval};

use super::books::Books;
use super::errand::Minutes;
use super::job::Job;
use super::overrun::Overrun;
use super::process::{Process, process_of};
use super::resume::{self, Interruptible};
use super::roster::Member;
use super::tidy::tidy_feature;
use super::tools::Identity;
use super::workplace::{Site, Workplace};
use super::{Crew, holder, recover};
use crate::git::GitError;
use crate::prompt::{PromptError, Subject, prompt_for};
use crate::runner::{McpEndpoint, RunSpec, Session};
use crate::supervisor::{RunReport, Supervision, run_process};

/// How often usage is written while a run goes on, and looked at whether any is left.
const WRITE_USAGE: Duration = Duration::from_secs(2);

/// What a run came to.
pub(super) struct Finished {
    pub(super) agent: AgentId,
    pub(super) outcome: RunOutcome,
    pub(super) detail: Option<String>,
}

/// Works on `job` until its process ends. Whatever happens, a claim is settled or left to lapse.
pub(super) async fn work(crew: Arc<Crew>, member: Arc<Member>, job: Job, stop: watch::Receiver<bool>) -> Finished {
    let agent = member.id.clone();
    let project = project_now(&crew).await;
    let actor = Actor::Agent(agent.clone());
    let minutes = Minutes::default();
    let worker = Worker { crew: &crew, project, member: &member, agent: &agent, job: &job, actor, minutes };
    let (outcome, detail) = match worker.run(stop).await {
        Ok(ended) => ended,
        // The store comes back by itself; nobody has to set up anything else.
        Err(error) if error.kind() == ErrorKind::Unavailable => (RunOutcome::Aborted, Some(error.to_string())),
        Err(error) => (RunOutcome::Misconfigured, Some(error.to_string())),
    };
    worker.note(AgentStatus::Idle, None, detail.as_deref().unwrap_or("")).await;
    Finished { agent, outcome, detail }
}

/// The project with the settings of this moment: a crew lives long, and a person may have changed them.
async fn project_now(crew: &Crew) -> Project {
    let known = crew.project.clone();
    match crew.store.queries().project(&known.name).await {
        Ok(Some(now)) => Project { title: now.title, settings: now.settings, ..known },
        Ok(None) | Err(_) => known,
    }
}

pub(super) struct Worker<'a> {
    pub(super) crew: &'a Crew,
    pub(super) project: Project,
    pub(super) member: &'a Member,
    pub(super) agent: &'a AgentId,
    job: &'a Job,
    pub(super) actor: Actor,
    /// What the agent says in a conversation.
    pub(super) minutes: Minutes,
}

impl Worker<'_> {
    fn fence(&self) -> Fence {
        Fence { agent: self.agent.clone(), attempt: self.job.attempt() }
    }

    async fn run(&self, stop: watch::Receiver<bool>) -> Result<(RunOutcome, Option<String>), Refused> {
        self.note(AgentStatus::Working, self.job.task(), "").await;
        let place = match self.place().await {
            Ok(place) => place,
            Err(error) => return self.settle(RunOutcome::Misconfigured, Some(error.to_string())).await,
        };
        let mut run = self.new_run(&place).await?;
        run.id = self.crew.store.ledger().start_run(run.clone()).await?;
        let identity = self.identity(&run);
        let ran = self.start(&identity, &run, &place, stop).await;
        self.crew.tools.done(&identity).await;
        let (report, tokens) = match ran {
            Ok(ran) => ran,
            Err(error) => {
                // The run is over, even when the store does not take its end now.
                let _ = self.end_run(run.id, &RunReport::misconfigured(&error), Tokens::default()).await;
                return Err(error);
            }
        };
        let ended = self.settle(report.outcome, report.detail.clone()).await?;
        self.end_errand(&run, &report).await?;
        self.end_run(run.id, &report, tokens).await?;
        self.note_limit(&report).await?;
        if let Some(claim) = self.job.claim().filter(|_| place.tree().is_some()) {
            tidy_feature(self.crew, claim.feature.id).await;
        }
        if !run.rehearsal {
            announce_usage(&*self.crew.store, run.project).await?;
        }
        Ok(ended)
    }

    async fn place(&self) -> Result<Workplace, GitError> {
        let (data_dir, environment) = (&*self.crew.data_dir, &self.crew.environment);
        let site = Site { project: &self.project, runner: self.member.kind(), data_dir, environment };
        site.ready_place(self.job.purpose(self.agent)).await
    }

    async fn start(
        &self,
        identity: &Identity,
        run: &Run,
        place: &Workplace,
        stop: watch::Receiver<bool>,
    ) -> Result<(RunReport, Tokens), Refused> {
        if let Err(error) = self.begin_errand(run).await {
            return called_off(error);
        }
        let mcp = self.crew.tools.endpoint(identity).await?;
        let (mut prompt, session) = match self.prompt().await {
            Ok(prompt) => prompt,
            Err(PromptError::Refused(error)) => return called_off(error),
            Err(error) => return Ok((RunReport::misconfigured(&error), Tokens::default())),
        };
        prompt.push_str(&place.remarks().await);
        let ledger = self.crew.store.ledger();
        let workdir = place.dir().to_string_lossy();
        let interruptible = self.job.task().map(|task| {
            let (project, member, workdir) = (self.crew.id(), self.member, &*workdir);
            Interruptible { ledger, project, member, task, workdir }
        });
        let session = match &interruptible {
            Some(interruptible) if session == Session::Fresh => interruptible.session().await?,
            _ => session,
        };
        let counted = resume::counted(ledger, self.member, &session).await?;
        let spec = self.spec(run, place, (mcp, prompt), (session.clone(), counted));
        let process = match process_of(self.crew, &self.project, self.member, &spec, place).await {
            Ok(process) => process,
            Err(error) => return Ok((RunReport::misconfigured(&error), Tokens::default())),
        };
        let books = Books::new(read_prices(&*self.crew.store).await?);
        let (report, tokens) = self.supervise(process, run, &books, stop).await?;
        resume::note_counted(ledger, self.member, &report, counted).await?;
        let report = resume::judged(&session, report, tokens);
        if let Some(interruptible) = &interruptible {
            interruptible.keep(&report).await?;
        }
        Ok((report, tokens))
    }

    fn identity(&self, run: &Run) -> Identity {
        Identity {
            project: self.crew.id(),
            project_name: self.project.name.clone(),
            agent: self.agent.clone(),
            role: self.member.role,
            run: run.id,
            claim: self.job.claim().map(|claim| (claim.task.id, claim.attempt())),
        }
    }

    async fn new_run(&self, place: &Workplace) -> Result<Run, Refused> {
        let started_at = self.crew.store.ledger().now().await?;
        Ok(Run {
            id: RunId(0),
            project: self.crew.id(),
            agent: self.agent.clone(),
            task: self.job.task(),
            feature: self.job.feature(),
            kind: self.job.kind(),
            attempt: self.job.attempt(),
            rehearsal: self.member.kind() == RunnerKind::Rehearsal,
            started_at,
            ended_at: None,
            outcome: None,
            detail: None,
            tokens: Tokens::default(),
            cost_reported_nusd: None,
            log_path: Some(self.log(started_at).to_string_lossy().into_owned()),
            branch: place.branch().map(str::to_owned),
        })
    }

    fn log(&self, started_at: Timestamp) -> PathBuf {
        self.crew.data_dir.join("logs").join(&self.project.name).join(self.job.log_name(started_at.0))
    }

    fn spec(
        &self,
        run: &Run,
        place: &Workplace,
        (mcp, prompt): (McpEndpoint, String),
        (session, counted): (Session, Tokens),
    ) -> RunSpec {
        let crew = self.crew;
        let (environment, allow) = place.variables(&crew.environment);
        let mut scratch_dir = crew.data_dir.join("runs");
        scratch_dir.push(run.id.to_string());
        RunSpec {
            run_id: recover::tag(crew, run.id),
            workdir: place.dir().to_owned(),
            scratch_dir,
            prompt,
            role: self.member.role,
            task: self.job.task(),
            feature: self.job.feature(),
            phase: self.job.phase(),
            model: self.member.model.clone(),
            session,
            counted,
            mcp,
            max_turns: None,
            max_cost_nusd: None,
            program: self.member.program.clone(),
            extra_args: Vec::new(),
            environment,
            allow,
        }
    }

    /// What the agent is asked, and in which conversation.
    async fn prompt(&self) -> Result<(String, Session), PromptError> {
        let subject = match self.job {
            Job::Task(claim) => Subject::Task(claim.task.id),
            Job::Errand(errand) => return self.errand_prompt(errand).await,
        };
        let prompt = prompt_for(&*self.crew.store, &self.project.name, self.member.role, subject).await?;
        Ok((prompt.text, Session::Fresh))
    }

    /// Runs the process; meanwhile keeps the claim alive and writes usage.
    async fn supervise(
        &self,
        process: Process,
        run: &Run,
        books: &Books,
        stop: watch::Receiver<bool>,
    ) -> Result<(RunReport, Tokens), Refused> {
        let Process { command, decoder, secrets } = process;
        let soft_stop = command.soft_stop.clone();
        let (halt, halted) = watch::channel(false);
        let mut on_event = |event| {
            books.take(&event);
            self.minutes.take(&event);
        };
        let supervision = Supervision {
            limits: self.crew.limits.clone(),
            log: run.log_path.as_deref().map(PathBuf::from).unwrap_or_default(),
            secrets,
            stop: halted,
            on_event: &mut on_event,
        };
        let ledger = self.crew.store.ledger();
        let mut probes = begin_probe(ledger, self.member.kind()).await?;
        let process = run_process(command, decoder, supervision);
        tokio::pin!(process);
        let mut heartbeat = interval(Duration::from_secs(HEARTBEAT_S));
        let mut write = interval(WRITE_USAGE);
        let mut overrun = Overrun::default();
        heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        write.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let (mut stop, mut stopping) = (stop, false);
        let report = loop {
            tokio::select! {
                report = &mut process => break report,
                () = asked_to_stop(&mut stop), if !stopping => {
                    stopping = true;
                    halt.send_replace(true);
                }
                _ = heartbeat.tick() => if !self.keep_alive(&books.last_line()).await { halt.send_replace(true); },
                _ = write.tick() => {
                    let tokens = books.write(ledger, run, self.job.phase()).await?;
                    self.note_provider(books, &mut probes, tokens).await?;
                    self.write_minutes(run).await?;
                    if let Some(line) = books.news() {
                        self.note(AgentStatus::Working, self.job.task(), &line).await;
                    }
                    let overruns = overrun.goes_on(self.is_used_up().await, self.crew.limits.overrun);
                    if overrun.asks_to_end(self.crew.limits.overrun)
                        && let Some(path) = &soft_stop
                    {
                        // Without it the agent is stopped a little later and less gently.
                        let _ = std::fs::write(path, "");
                    }
                    if self.is_called_off(run).await || overruns {
                        halt.send_replace(true);
                    }
                }
            }
        };
        books.close(&report.totals);
        let tokens = books.write(ledger, run, self.job.phase()).await?;
        self.note_provider(books, &mut probes, tokens).await?;
        Ok((overrun.told(report), tokens))
    }

    /// Writes what the agent was told of the provider's windows, and that a provider that had refused answers again.
    async fn note_provider(&self, books: &Books, probes: &mut bool, tokens: Tokens) -> Result<(), Refused> {
        let (ledger, kind) = (self.crew.store.ledger(), self.member.kind());
        let windows = books.new_windows(ledger.now().await?);
        if !windows.is_empty() {
            note_windows(ledger, kind, windows).await?;
        }
        if *probes && tokens != Tokens::default() {
            note_answer(ledger, kind).await?;
            *probes = false;
        }
        Ok(())
    }

    /// Whether nothing is left of a budget of this work. A store that does not answer now may later.
    async fn is_used_up(&self) -> bool {
        let level = self.member.usage.level_for(self.crew.id(), self.agent).await;
        level.is_ok_and(|level| level.available_bp == Some(0))
    }

    /// Renews the claim. False when somebody else holds the task now, so that this run has to end; a task that this
    /// run has finished needs no claim any more.
    async fn keep_alive(&self, last_line: &str) -> bool {
        let cx = self.member.context(&*self.crew.store, &self.actor);
        self.note(AgentStatus::Working, self.job.task(), last_line).await;
        let Some(task) = self.job.task() else { return true };
        match workflow::renew_claim(&cx, self.crew.id(), task, &self.fence()).await {
            Err(Refused::LeaseLost { .. }) => self.left_to_nobody_else(task).await,
            // A store that does not answer now may at the next beat; the lease has three more.
            Ok(_) | Err(_) => true,
        }
    }

    async fn left_to_nobody_else(&self, task: TaskId) -> bool {
        match self.crew.store.queries().task(self.crew.id(), task).await {
            Ok(Some(task)) => task.status != TaskStatus::InProgress,
            Ok(None) => false,
            Err(_) => true,
        }
    }

    /// Settles what the agent still holds: a failure of the task, or nobody's fault.
    async fn settle(
        &self,
        outcome: RunOutcome,
        detail: Option<String>,
    ) -> Result<(RunOutcome, Option<String>), Refused> {
        let cx = self.member.context(&*self.crew.store, &self.actor);
        let Some(held) = workflow::held_task(&cx, self.crew.id(), self.agent).await? else {
            return Ok((outcome, detail));
        };
        let fence = Fence { agent: self.agent.clone(), attempt: held.attempt };
        let settled = if outcome.is_task_failure() {
            let reason = detail.clone().unwrap_or_else(|| "the agent ended without finishing the task".to_owned());
            workflow::fail_task(&cx, self.crew.id(), held.id, &fence, &reason, Vec::new()).await
        } else {
            workflow::release_task(&cx, self.crew.id(), held.id, &fence, "").await
        };
        match settled {
            Ok(_) | Err(Refused::LeaseLost { .. } | Refused::NotFound { .. }) => Ok((outcome, detail)),
            Err(error) => Err(error),
        }
    }

    async fn end_run(&self, id: RunId, report: &RunReport, tokens: Tokens) -> Result<(), Refused> {
        let ledger = self.crew.store.ledger();
        let costs: Vec<u64> = report.totals.iter().filter_map(|total| total.cost_reported_nusd).collect();
        let end = RunEnd {
            at: ledger.now().await?,
            outcome: report.outcome,
            detail: report.detail.clone(),
            tokens,
            cost_reported_nusd: (!costs.is_empty()).then(|| costs.iter().sum()),
        };
        Ok(ledger.end_run(id, end).await?)
    }

    /// A provider that refuses is left alone until the reset it named.
    async fn note_limit(&self, report: &RunReport) -> Result<(), Refused> {
        let resets_at = report.limit.as_ref().and_then(|limit| limit.resets_at);
        let cause = match report.outcome {
            RunOutcome::LimitReached => Cause::Limit(resets_at),
            RunOutcome::Overloaded => Cause::Overload,
            _ => return Ok(()),
        };
        note_refusal(self.crew.store.ledger(), self.member.kind(), cause).await?;
        Ok(())
    }

    async fn note(&self, status: AgentStatus, task: Option<TaskId>, detail: &str) {
        let about = (&*holder::host(), detail);
        // What an agent does is shown, never relied on; the run itself says when the store is gone.
        let _ = workflow::note_agent(
            &self.member.context(&*self.crew.store, &self.actor),
            self.crew.id(),
            self.agent,
            (status, task),
            about,
        )
        .await;
    }
}

/// What the run is for has changed since it was given out; only a store that fails is worth an error.
fn called_off(error: Refused) -> Result<(RunReport, Tokens), Refused> {
    match error.kind() {
        ErrorKind::Unavailable | ErrorKind::Internal => Err(error),
        _ => Ok((RunReport { outcome: RunOutcome::Aborted, ..RunReport::misconfigured(&error) }, Tokens::default())),
    }
}

/// Comes back when the run shall stop, also because nobody is left who could say so.
async fn asked_to_stop(stop: &mut watch::Receiver<bool>) {
    let _ = stop.wait_for(|stopping| *stopping).await;
}

impl RunReport {
    /// Of a run whose process never started.
    fn misconfigured(error: &impl ToString) -> Self {
        Self {
            outcome: RunOutcome::Misconfigured,
            detail: Some(error.to_string()),
            exit: crate::runner::Exit::default(),
            session: None,
            limit: None,
            totals: Vec::new(),
            lines: 0,
            bytes: 0,
        }
    }
}
