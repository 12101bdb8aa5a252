//! Writes a history through the use cases alone, by a clock that is set by hand.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use autocoder_core::agent::{AgentStatus, Role, RunnerKind, Wanted};
use autocoder_core::event::Actor;
use autocoder_core::ids::{AgentId, FeatureId, ProjectId, RunId};
use autocoder_core::phase::PhaseStatus;
use autocoder_core::plan::PlanDocument;
use autocoder_core::ports::RunEnd;
use autocoder_core::project::{NewProject, Project, ProjectSettings};
use autocoder_core::run::{Run, RunKind, RunOutcome, Tokens};
use autocoder_core::scheduler::Claim;
use autocoder_core::task::{Evidence, LEASE_TTL_S, Question};
use autocoder_core::time::Timestamp;
use autocoder_core::usage_record::{UsageQuality, UsageRecord};
use autocoder_core::view::PhaseView;
use autocoder_core::workflow::{self, AgentPatch, Claiming, Context, Fence};
use autocoder_usage::change_settings::change_settings;
use autocoder_usage::price::PriceTable;
use autocoder_usage::settings::UsageSettings;
use autocoder_usage::simulate::random::Generator;

use crate::commands::plan::parse;
use crate::exit::Failure;
use crate::installation::Installation;
use crate::root::Root;

/// How a made-up run ends.
pub(super) enum Ending {
    Passes,
    Fails,
    Asks(Question),
    /// It has not ended yet.
    GoesOn,
}

pub(super) struct Author {
    pub(super) installation: Installation,
    pub(super) random: Generator,
    /// When the history ends.
    end: Timestamp,
    clock: Arc<AtomicI64>,
    data_dir: PathBuf,
}

impl Author {
    /// # Errors
    /// A data directory that has projects already.
    pub(super) async fn open(root: &Root, end: Timestamp, seed: u64) -> Result<Self, Failure> {
        let clock = Arc::new(AtomicI64::new(end.0));
        let shown = Arc::clone(&clock);
        let installation = root.open_at(Arc::new(move || Timestamp(shown.load(Ordering::SeqCst)))).await?;
        if !installation.queries().projects().await?.is_empty() {
            let hint = "name another with --data-dir".to_owned();
            return Err(Failure::Wrong { message: "this data directory has projects already".to_owned(), hint });
        }
        let data_dir = root.config.data_dir.value.clone();
        let author = Self { installation, random: Generator::new(&[seed]), end, clock, data_dir };
        author.before_end(27 * 86_400);
        let limit = |settings| UsageSettings { monthly_limit: Some(6_000_000), ..settings };
        change_settings(&author.cx(), limit).await?;
        Ok(author)
    }

    pub(super) async fn names(&self) -> Result<Vec<String>, Failure> {
        let projects = self.installation.queries().projects().await?;
        Ok(projects.into_iter().map(|project| project.name).collect())
    }

    /// Sets the clock so long before the end.
    pub(super) fn before_end(&self, seconds: i64) {
        self.clock.store(self.end.plus_seconds(-seconds).0, Ordering::SeqCst);
    }

    pub(super) fn now(&self) -> Timestamp {
        Timestamp(self.clock.load(Ordering::SeqCst))
    }

    /// Time passes, but never beyond the end.
    pub(super) fn wait(&self, seconds: i64) {
        self.clock.store(self.now().plus_seconds(seconds).min(self.end).0, Ordering::SeqCst);
    }

    pub(super) fn cx(&self) -> Context<'_> {
        self.installation.context()
    }

    /// A project with the plan of a file; an empty one is none.
    pub(super) async fn project(&self, name: &str, title: &str, plan: &[u8]) -> Result<Project, Failure> {
        let document = if plan.is_empty() { PlanDocument::default() } else { parse(name.as_ref(), plan)? };
        let folder = self.data_dir.join("projects").join(name);
        fs::create_dir_all(&folder).map_err(|error| Failure::file("make the folder", &folder, error))?;
        let settings = ProjectSettings { verify: vec!["npm test".to_owned()], ..ProjectSettings::default() };
        let new = NewProject {
            name: name.to_owned(),
            title: title.to_owned(),
            path: folder.display().to_string(),
            description: document.project.description.clone(),
            spec: document.project.spec.clone(),
            settings,
        };
        let project = workflow::create_project(&self.cx(), new).await?;
        if !plan.is_empty() {
            workflow::import_plan(&self.cx(), project.id, document).await?;
        }
        Ok(project)
    }

    /// An agent that may work until the history ends.
    pub(super) async fn agent(&self, project: &Project, id: &str, role: Role) -> Result<(), Failure> {
        let patch = AgentPatch {
            role: Some(role),
            runner: Some(RunnerKind::ClaudeCode),
            model: Some("claude-sonnet-4-5".to_owned()),
            wanted: Some(Wanted::Running),
            ..AgentPatch::default()
        };
        workflow::register_agent(&self.cx(), project.id, &AgentId(id.to_owned()), patch).await?;
        Ok(())
    }

    /// A server must not start paid agents for a made-up history.
    pub(super) async fn rest(&self) -> Result<(), Failure> {
        let queries = self.installation.queries();
        for project in queries.projects().await? {
            for agent in queries.agents(project.id).await? {
                let patch = AgentPatch { wanted: Some(Wanted::Stopped), ..AgentPatch::default() };
                workflow::edit_agent(&self.cx(), project.id, &agent.id, patch).await?;
            }
        }
        Ok(())
    }

    pub(super) async fn phases(&self, project: &Project) -> Result<Vec<PhaseView>, Failure> {
        Ok(self.installation.queries().phases(project.id).await?)
    }

    /// One run of an agent on its next task; `false` when there was none.
    pub(super) async fn work(&mut self, project: &Project, agent: &str, ending: Ending) -> Result<bool, Failure> {
        let agent = AgentId(agent.to_owned());
        let Some(claim) = self.claim(project.id, &agent).await? else { return Ok(false) };
        let (mut run, tokens) = (self.run_of(&claim, project, &agent), self.tokens());
        self.write_log(&run, &claim.task.name)?;
        let ledger = self.installation.store.ledger();
        run.id = ledger.start_run(run.clone()).await?;
        self.spend(&run, &claim, tokens).await?;
        let status = if matches!(ending, Ending::GoesOn) { AgentStatus::Working } else { AgentStatus::Idle };
        let outcome = match ending {
            Ending::GoesOn => {
                let note = (status, Some(claim.task.id));
                workflow::note_agent(&self.cx(), project.id, &agent, note, ("host", "")).await?;
                return Ok(true);
            }
            Ending::Fails => RunOutcome::Failed,
            Ending::Passes | Ending::Asks(_) => RunOutcome::Completed,
        };
        self.settle(&claim, &agent, project.id, ending).await?;
        let detail = (outcome == RunOutcome::Failed).then(|| "npm test exited with 1".to_owned());
        let end = RunEnd { at: self.now(), outcome, detail, tokens, cost_reported_nusd: None };
        self.installation.store.ledger().end_run(run.id, end).await?;
        workflow::note_agent(&self.cx(), project.id, &agent, (status, None), ("host", "")).await?;
        let pause = self.random.between(600, 9_000);
        self.wait(pause.cast_signed());
        Ok(true)
    }

    /// Passes tasks until none is left to claim, at most so many.
    pub(super) async fn finish(&mut self, project: &Project, agent: &str, most: usize) -> Result<(), Failure> {
        for _ in 0..most {
            if !self.work(project, agent, Ending::Passes).await? {
                break;
            }
        }
        Ok(())
    }

    /// Approves the phase that waits.
    pub(super) async fn approve(&self, project: &Project, note: &str) -> Result<(), Failure> {
        for phase in self.phases(project).await?.iter().filter(|phase| phase.status == PhaseStatus::AwaitingApproval) {
            workflow::approve_phase(&self.cx(), project.id, phase.id, note).await?;
        }
        Ok(())
    }

    async fn claim(&self, project: ProjectId, agent: &AgentId) -> Result<Option<Box<Claim>>, Failure> {
        let actor = Actor::Agent(agent.clone());
        let cx = Context { actor: &actor, ..self.cx() };
        match workflow::claim_task(&cx, project, agent, None).await? {
            Claiming::Task(claim) => Ok(Some(claim)),
            Claiming::None(_) => Ok(None),
        }
    }

    /// The run of this claim, which has gone on for some minutes.
    fn run_of(&mut self, claim: &Claim, project: &Project, agent: &AgentId) -> Run {
        let minutes = self.random.between(3, 28).cast_signed();
        let started_at = self.now().plus_seconds(-60 * minutes);
        let log =
            self.data_dir.join("logs").join(&project.name).join(format!("{}-{}.log", claim.task.id, started_at.0));
        Run {
            id: RunId(0),
            project: project.id,
            agent: agent.clone(),
            task: Some(claim.task.id),
            feature: Some(claim.feature.id),
            kind: RunKind::Code,
            attempt: claim.attempt(),
            rehearsal: false,
            started_at,
            ended_at: None,
            outcome: None,
            detail: None,
            tokens: Tokens::default(),
            cost_reported_nusd: None,
            log_path: Some(log.display().to_string()),
            branch: Some(format!("autocoder/f-{}", claim.feature.id)),
        }
    }

    async fn settle(&self, claim: &Claim, agent: &AgentId, project: ProjectId, how: Ending) -> Result<(), Failure> {
        // Well within the lease.
        self.wait(LEASE_TTL_S / 2);
        let actor = Actor::Agent(agent.clone());
        let cx = Context { actor: &actor, ..self.cx() };
        let (task, fence) = (claim.task.id, Fence { agent: agent.clone(), attempt: claim.attempt() });
        match how {
            Ending::Passes => {
                workflow::pass_task(&cx, project, task, &fence, self.evidence(claim, 0)).await?;
            }
            Ending::Fails => {
                let reason = "`npm test` exited with 1";
                workflow::fail_task(&cx, project, task, &fence, reason, self.evidence(claim, 1)).await?;
            }
            Ending::Asks(question) => {
                workflow::ask_task(&cx, project, task, &fence, question).await?;
            }
            Ending::GoesOn => {}
        }
        Ok(())
    }

    fn evidence(&self, claim: &Claim, exit_code: i32) -> Vec<Evidence> {
        let output_end = if exit_code == 0 {
            "\u{1b}[32m✓\u{1b}[0m 42 tests passed\n".to_owned()
        } else {
            "\u{1b}[31m✗\u{1b}[0m expected 2 items, found 1\n1 of 42 tests failed\n".to_owned()
        };
        vec![Evidence {
            task: claim.task.id,
            attempt: claim.attempt(),
            command: "npm test".to_owned(),
            exit_code: Some(exit_code),
            output_end,
            commit: Some(format!("{:040x}", claim.task.id.0 * 7_919)),
            at: self.now(),
        }]
    }

    fn tokens(&mut self) -> Tokens {
        Tokens {
            input: self.random.between(8_000, 90_000),
            output: self.random.between(3_000, 24_000),
            cache_read: self.random.between(100_000, 1_500_000),
            cache_write_5m: self.random.between(10_000, 120_000),
            cache_write_1h: 0,
        }
    }

    async fn spend(&mut self, run: &Run, claim: &Claim, tokens: Tokens) -> Result<(), Failure> {
        let share = self.random.between(0, 3);
        let model = if share == 0 { "claude-opus-4-5" } else { "claude-sonnet-4-5" };
        let record = UsageRecord {
            source: format!("seed-{}", run.id),
            message_id: "1".to_owned(),
            project: run.project,
            phase: Some(claim.phase.id),
            feature: run.feature,
            task: run.task,
            agent: run.agent.clone(),
            run: run.id,
            at: self.now(),
            model: model.to_owned(),
            tokens,
            cost_nusd: PriceTable::built_in().cost_nusd(model, tokens),
            quality: UsageQuality::Exact,
            rehearsal: false,
        };
        Ok(self.installation.store.ledger().record(vec![record]).await?)
    }

    fn write_log(&self, run: &Run, task: &str) -> Result<(), Failure> {
        let mut text = format!("\u{1b}[1mTask\u{1b}[0m {task}\n");
        for step in 1..=60 {
            text.push_str(&format!("\u{1b}[2m{step:>3}\u{1b}[0m reading src/part-{step}.ts\n"));
        }
        text.push_str(
            "[stderr] \u{1b}[33mwarning\u{1b}[0m: deprecated option `--legacy`\n\u{1b}[32m✓\u{1b}[0m npm test\n",
        );
        self.log(run, &text)
    }

    /// Writes the log of a run.
    pub(super) fn log(&self, run: &Run, text: &str) -> Result<(), Failure> {
        let Some(path) = run.log_path.as_ref().map(PathBuf::from) else { return Ok(()) };
        let folder = path.parent().expect("a log lies in a folder").to_owned();
        let written = fs::create_dir_all(folder).and_then(|()| fs::write(&path, text));
        written.map_err(|error| Failure::file("write the log", &path, error))
    }

    /// A conversation about a spec, and the tasks proposed in it.
    pub(super) async fn discuss(
        &self,
        project: &Project,
        feature: FeatureId,
        lines: &[(&str, &str)],
    ) -> Result<(), Failure> {
        for (who, text) in lines {
            self.wait(40);
            let actor = match *who {
                "person" => self.cx().actor.clone(),
                agent => Actor::Agent(AgentId(agent.to_owned())),
            };
            let cx = Context { actor: &actor, ..self.cx() };
            workflow::add_spec_message(&cx, project.id, feature, text).await?;
        }
        Ok(())
    }
}
