//! One run: a claimed task, its workplace, its process, its usage, and what becomes of the claim at the end.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use autocoder_core::agent::{AgentStatus, RunnerKind};
use autocoder_core::error::{ErrorKind, Refused};
use autocoder_core::event::Actor;
use autocoder_core::ids::{AgentId, RunId, TaskId};
use autocoder_core::ports::RunEnd;
use autocoder_core::project::Project;
use autocoder_core::run::{Run, RunKind, RunOutcome, Tokens};
use autocoder_core::scheduler::Claim;
use autocoder_core::task::{HEARTBEAT_S, TaskStatus};
use autocoder_core::workflow::{self, Fence};
use autocoder_usage::announce::announce_usage;
use autocoder_usage::price::read_prices;
use autocoder_usage::provider::{Cause, begin_probe, note_answer, note_refusal, note_windows};
use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval};

use super::books::Books;
use super::overrun::Overrun;
use super::roster::Member;
use super::tools::Identity;
use super::workplace::{Workplace, workplace_of};
use super::{Crew, holder, recover};
use crate::prompt::CoderPrompt;
use crate::runner::{CommandSpec, McpEndpoint, RunSpec, RunnerError, Session};
use crate::supervisor::{RunReport, Supervision, run_process};

/// How often usage is written while a run goes on, and looked at whether any is left.
const WRITE_USAGE: Duration = Duration::from_secs(2);

/// What a run came to.
pub(super) struct Finished {
    pub(super) agent: AgentId,
    pub(super) outcome: RunOutcome,
    pub(super) detail: Option<String>,
}

/// Works on `claim` until its process ends. Whatever happens, the claim is settled or left to lapse.
pub(super) async fn work(crew: Arc<Crew>, member: Arc<Member>, claim: Claim, stop: watch::Receiver<bool>) -> Finished {
    let agent = member.id.clone();
    let project = project_now(&crew).await;
    let actor = Actor::Agent(agent.clone());
    let worker = Worker { crew: &crew, project, member: &member, agent: &agent, claim: &claim, actor };
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

struct Worker<'a> {
    crew: &'a Crew,
    project: Project,
    member: &'a Member,
    agent: &'a AgentId,
    claim: &'a Claim,
    actor: Actor,
}

impl Worker<'_> {
    fn fence(&self) -> Fence {
        Fence { agent: self.agent.clone(), attempt: self.claim.attempt() }
    }

    async fn run(&self, stop: watch::Receiver<bool>) -> Result<(RunOutcome, Option<String>), Refused> {
        self.note(AgentStatus::Working, Some(self.claim.task.id), "").await;
        let place = workplace_of(&self.project, self.member.kind(), &self.crew.data_dir, &self.crew.environment);
        let place = match place.await {
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
        self.end_run(run.id, &report, tokens).await?;
        self.note_limit(&report).await?;
        if !run.rehearsal {
            announce_usage(&*self.crew.store, run.project).await?;
        }
        Ok(ended)
    }

    async fn start(
        &self,
        identity: &Identity,
        run: &Run,
        place: &Workplace,
        stop: watch::Receiver<bool>,
    ) -> Result<(RunReport, Tokens), Refused> {
        let mcp = self.crew.tools.endpoint(identity).await?;
        match self.command(run, place, mcp) {
            Ok(spec) => {
                let books = Books::new(read_prices(&*self.crew.store).await?);
                self.supervise(spec, run, &books, stop).await
            }
            Err(error) => Ok((RunReport::misconfigured(&error), Tokens::default())),
        }
    }

    fn identity(&self, run: &Run) -> Identity {
        Identity {
            project: self.crew.id(),
            project_name: self.project.name.clone(),
            agent: self.agent.clone(),
            role: self.member.role,
            run: run.id,
            task: self.claim.task.id,
            attempt: run.attempt,
        }
    }

    async fn new_run(&self, place: &Workplace) -> Result<Run, Refused> {
        let ledger = self.crew.store.ledger();
        Ok(Run {
            id: RunId(0),
            project: self.crew.id(),
            agent: self.agent.clone(),
            task: Some(self.claim.task.id),
            feature: Some(self.claim.feature.id),
            kind: RunKind::Code,
            attempt: self.claim.attempt(),
            rehearsal: self.member.kind() == RunnerKind::Rehearsal,
            started_at: ledger.now().await?,
            ended_at: None,
            outcome: None,
            detail: None,
            tokens: Tokens::default(),
            cost_reported_nusd: None,
            log_path: Some(self.log().to_string_lossy().into_owned()),
            branch: place.branch().map(str::to_owned),
        })
    }

    /// One log an attempt, so that its name is known before the run has a number.
    fn log(&self) -> PathBuf {
        let name = format!("task-{}-attempt-{}.log", self.claim.task.id, self.claim.attempt().0);
        self.crew.data_dir.join("logs").join(&self.project.name).join(name)
    }

    fn command(&self, run: &Run, place: &Workplace, mcp: McpEndpoint) -> Result<CommandSpec, RunnerError> {
        let crew = self.crew;
        let mut scratch_dir = crew.data_dir.join("runs");
        scratch_dir.push(run.id.to_string());
        self.member.runner.command(&RunSpec {
            run_id: recover::tag(crew, run.id),
            workdir: place.dir().to_owned(),
            scratch_dir,
            prompt: self.prompt(),
            task: Some(self.claim.task.id),
            model: self.member.model.clone(),
            session: Session::Fresh,
            mcp,
            max_turns: None,
            max_cost_nusd: None,
            program: self.member.program.clone(),
            extra_args: Vec::new(),
            environment: crew.environment.clone(),
            allow: Vec::new(),
        })
    }

    fn prompt(&self) -> String {
        let Claim { task, feature, .. } = self.claim;
        let answer = task.question.as_ref().zip(task.answer.as_ref());
        let findings = answer.map(|(question, answer)| format!("You asked: {}\nThe answer: {answer}", question.text));
        let prompt = CoderPrompt {
            project: self.project.title.clone(),
            task_id: task.id.0,
            task_name: task.name.clone(),
            description: task.description.clone(),
            steps: task.steps.clone(),
            feature_name: feature.name.clone(),
            feature_id: feature.id.0,
            feature_spec: feature.spec.clone().unwrap_or_default(),
            findings: findings
                .into_iter()
                .chain(task.blocked_reason.clone())
                .reduce(|all, one| format!("{all}\n\n{one}")),
            verification: self.project.settings.verify.clone(),
        };
        prompt.render()
    }

    /// Runs the process; meanwhile keeps the claim alive and writes usage.
    async fn supervise(
        &self,
        spec: CommandSpec,
        run: &Run,
        books: &Books,
        stop: watch::Receiver<bool>,
    ) -> Result<(RunReport, Tokens), Refused> {
        let (halt, halted) = watch::channel(false);
        let mut on_event = |event| books.take(&event);
        let supervision = Supervision {
            limits: self.crew.limits.clone(),
            log: self.log(),
            secrets: self.secrets(),
            stop: halted,
            on_event: &mut on_event,
        };
        let ledger = self.crew.store.ledger();
        let mut probes = begin_probe(ledger, self.member.kind()).await?;
        let process = run_process(spec, self.member.runner.decoder(), supervision);
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
                _ = heartbeat.tick() => if !self.keep_alive().await { halt.send_replace(true); },
                _ = write.tick() => {
                    let tokens = books.write(ledger, run, self.claim).await?;
                    self.note_provider(books, &mut probes, tokens).await?;
                    if overrun.goes_on(self.is_used_up().await, self.crew.limits.overrun) {
                        halt.send_replace(true);
                    }
                }
            }
        };
        books.close(&report.totals);
        let tokens = books.write(ledger, run, self.claim).await?;
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

    /// Values that must not reach a log: what the environment holds of keys and tokens.
    fn secrets(&self) -> Vec<String> {
        let secret = |name: &str| ["KEY", "TOKEN", "SECRET", "PASSWORD"].iter().any(|part| name.contains(part));
        let values = self.crew.environment.iter().filter(|(name, value)| secret(name) && value.len() >= 8);
        values.map(|(_, value)| value.clone()).collect()
    }

    /// Renews the claim. False when somebody else holds the task now, so that this run has to end; a task that this
    /// run has finished needs no claim any more.
    async fn keep_alive(&self) -> bool {
        let cx = self.member.context(&*self.crew.store, &self.actor);
        self.note(AgentStatus::Working, Some(self.claim.task.id), "").await;
        match workflow::renew_claim(&cx, self.crew.id(), self.claim.task.id, &self.fence()).await {
            Err(Refused::LeaseLost { .. }) => self.left_to_nobody_else().await,
            // A store that does not answer now may at the next beat; the lease has three more.
            Ok(_) | Err(_) => true,
        }
    }

    async fn left_to_nobody_else(&self) -> bool {
        match self.crew.store.queries().task(self.crew.id(), self.claim.task.id).await {
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
