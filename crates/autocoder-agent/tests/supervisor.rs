//! The supervisor against real processes that behave as badly as they can.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails here")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use autocoder_agent::runner::command::CommandRunner;
use autocoder_agent::runner::{AgentEvent, AgentRunner, CommandSpec, Exit, FileSpec, RUN_ID_VARIABLE, Stdin};
use autocoder_agent::supervisor::{Limits, RunReport, Supervision, run_process, sweep_orphans};
use autocoder_core::run::RunOutcome;
use tokio::sync::watch;

/// One run of a script and what became of it.
struct Run {
    dir: tempfile::TempDir,
    limits: Limits,
    secrets: Vec<String>,
    stop: (watch::Sender<bool>, watch::Receiver<bool>),
    run_id: String,
    stdin: Stdin,
}

impl Run {
    fn new() -> Self {
        let limits = Limits {
            idle: Duration::from_secs(60),
            wall: Duration::from_secs(60),
            stop_grace_int: Duration::from_millis(400),
            stop_grace_term: Duration::from_millis(400),
            ..Limits::default()
        };
        let dir = tempfile::tempdir().unwrap();
        let run_id = dir.path().display().to_string();
        Self { dir, limits, secrets: vec![], stop: watch::channel(false), run_id, stdin: Stdin::Null }
    }

    fn spec(&self, program: &str, args: &[&str]) -> CommandSpec {
        let env = [("PATH", "/usr/local/bin:/usr/bin:/bin"), (RUN_ID_VARIABLE, &self.run_id)];
        CommandSpec {
            program: program.into(),
            args: args.iter().map(|&arg| arg.to_owned()).collect(),
            env: env.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect::<BTreeMap<_, _>>(),
            files: vec![],
            workdir: self.dir.path().to_owned(),
            stdin: self.stdin,
            soft_stop: None,
        }
    }

    fn log(&self) -> PathBuf {
        self.dir.path().join("logs/run.log")
    }

    async fn spec_to_end(&self, spec: CommandSpec, on_event: &mut (dyn FnMut(AgentEvent) + Send)) -> RunReport {
        let decoder = CommandRunner::new(vec!["x".into()]).unwrap().decoder();
        let supervision = Supervision {
            limits: self.limits.clone(),
            log: self.log(),
            secrets: self.secrets.clone(),
            stop: self.stop.1.clone(),
            on_event,
        };
        run_process(spec, decoder, supervision).await
    }

    async fn sh(&self, script: &str) -> RunReport {
        self.spec_to_end(self.spec("sh", &["-c", script]), &mut |_| {}).await
    }

    /// Asks for the stop as soon as the script has printed a line.
    async fn sh_stopped(&self, script: &str) -> RunReport {
        let stop = self.stop.0.clone();
        self.spec_to_end(self.spec("sh", &["-c", script]), &mut move |_| stop.send(true).unwrap()).await
    }

    fn logged(&self) -> String {
        std::fs::read_to_string(self.log()).unwrap()
    }

    /// Processes that still carry the mark of this run.
    fn survivors(&self) -> usize {
        let mark = format!("{RUN_ID_VARIABLE}={}", self.run_id);
        let carries = |path: &Path| {
            let state = std::fs::read_to_string(path.join("stat")).unwrap_or_default();
            let dead = state.rsplit_once(") ").is_none_or(|(_, rest)| rest.starts_with(['Z', 'X']));
            let environment = std::fs::read(path.join("environ")).unwrap_or_default();
            !dead && environment.split(|byte| *byte == 0).any(|variable| variable == mark.as_bytes())
        };
        std::fs::read_dir("/proc").unwrap().flatten().filter(|entry| carries(&entry.path())).count()
    }

    /// A killed process needs a moment to go.
    fn leaves_nothing(&self) {
        let until = Instant::now() + Duration::from_secs(5);
        while self.survivors() > 0 {
            assert!(Instant::now() < until, "{} processes survive", self.survivors());
            std::thread::yield_now();
        }
    }
}

#[tokio::test]
async fn output_and_errors_reach_the_log_and_the_exit_is_the_outcome() {
    for (script, outcome, exit, log) in [
        ("echo one; echo two", RunOutcome::Completed, Exit::code(0), "one\ntwo\n"),
        ("echo oops >&2; exit 7", RunOutcome::Failed, Exit::code(7), "[stderr] oops\n"),
        ("printf 'no end'; kill -SEGV $$", RunOutcome::Crashed, Exit::signal(11), "no end\n"),
        (
            "printf '\\377\\376garbage\\000\\n{\\n}}'",
            RunOutcome::Completed,
            Exit::code(0),
            "\u{fffd}\u{fffd}garbage\0\n{\n}}\n",
        ),
        ("cat", RunOutcome::Completed, Exit::code(0), ""),
    ] {
        let run = Run::new();
        let report = run.sh(script).await;
        assert_eq!((report.outcome, report.exit), (outcome, exit), "{script}: {report:?}");
        assert_eq!(run.logged(), log, "{script}");
    }
}

#[tokio::test]
async fn the_process_sees_only_its_own_environment_and_files() {
    let run = Run::new();
    let path = run.dir.path().join("scratch/prompt.md");
    let spec = CommandSpec {
        files: vec![FileSpec { path: path.clone(), contents: "do it".into(), mode: 0o600 }],
        ..run.spec(
            "sh",
            &[
                "-c",
                "env | grep -v -E '^(PWD|OLDPWD|SHLVL|_)=' | sort; stat -c %a scratch/prompt.md; cat scratch/prompt.md",
            ],
        )
    };
    run.spec_to_end(spec, &mut |_| {}).await;
    assert_eq!(
        run.logged(),
        format!("{RUN_ID_VARIABLE}={}\nPATH=/usr/local/bin:/usr/bin:/bin\n600\ndo it\n", run.run_id)
    );
}

#[tokio::test]
async fn a_program_that_cannot_start_is_a_misconfiguration() {
    let run = Run::new();
    for (program, workdir, part) in [
        ("no-such-agent", run.dir.path(), "`no-such-agent`"),
        ("/no/such/agent", run.dir.path(), "`/no/such/agent`"),
        ("/bin/true", Path::new("/no/such/dir"), "`/no/such/dir`"),
    ] {
        let spec = CommandSpec { workdir: workdir.to_owned(), ..run.spec(program, &[]) };
        let report = run.spec_to_end(spec, &mut |_| {}).await;
        assert_eq!((report.outcome, report.exit), (RunOutcome::Misconfigured, Exit::default()));
        assert!(report.detail.as_ref().unwrap().contains(part), "{report:?}");
    }
}

#[tokio::test]
async fn a_huge_line_is_read_to_its_end_in_little_memory() {
    let run = Run::new();
    let script = "import sys\nfor i in range(3200): sys.stdout.write('x' * 65536)\nprint()\nprint('after')";
    let before = peak_memory_kib();
    let report = run.spec_to_end(run.spec("python3", &["-c", script]), &mut |_| {}).await;
    assert_eq!((report.outcome, report.lines), (RunOutcome::Completed, 2));
    assert_eq!(report.bytes, 3200 * 65536 + 1 + 6);
    let log = run.logged();
    assert!(log.ends_with("\nafter\n") && log.contains("x [cut: 209649664 bytes more]\n"), "{}", &log[65_500..]);
    assert!(log.len() < 70_000);
    assert!(peak_memory_kib() - before < 100 * 1024, "{} KiB", peak_memory_kib() - before);
}

fn peak_memory_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

#[tokio::test]
async fn a_secret_never_reaches_the_log() {
    let run = Run { secrets: vec!["sk-very-secret".into()], ..Run::new() };
    run.sh("echo key=sk-very-secret.; printf sk-very; sleep 0.05; echo -secret; echo sk-very-secret >&2").await;
    let mut lines: Vec<String> = run.logged().lines().map(str::to_owned).collect();
    lines.sort();
    assert_eq!(lines, ["[secret]", "[stderr] [secret]", "key=[secret]."]);
}

#[tokio::test]
async fn a_polite_agent_ends_at_the_interrupt() {
    let run = Run::new();
    let report = run.sh_stopped("trap 'echo bye; exit 0' INT; echo ready; while :; do sleep 0.02; done").await;
    assert_eq!((report.outcome, report.exit), (RunOutcome::Completed, Exit::code(0)));
    assert_eq!(run.logged(), "ready\nbye\n");
}

#[tokio::test]
async fn an_agent_that_ignores_interrupts_is_terminated_and_then_killed() {
    for (script, signal) in [
        ("trap '' INT; echo ready; while :; do sleep 0.02; done", 15),
        ("trap '' INT TERM; echo ready; while :; do sleep 0.02; done", 9),
    ] {
        let run = Run::new();
        let report = run.sh_stopped(script).await;
        assert_eq!((report.outcome, report.exit), (RunOutcome::Aborted, Exit::signal(signal)));
        assert_eq!(report.detail.as_deref(), Some("stopped"));
        run.leaves_nothing();
    }
}

#[tokio::test]
async fn what_an_agent_started_dies_with_it() {
    for script in ["sleep 600 & echo started", "sh -c 'trap \"\" INT TERM; echo started; sleep 600' & wait; exit 1"] {
        let run = Run::new();
        let begun = Instant::now();
        run.sh_stopped(script).await;
        run.leaves_nothing();
        assert!(begun.elapsed() < Duration::from_secs(10));
    }
}

#[tokio::test]
async fn a_process_that_leaves_the_group_is_gone_at_the_end() {
    let run = Run::new();
    let begun = Instant::now();
    let report = run.sh("setsid sh -c 'echo started; exec sleep 600' & sleep 0.2").await;
    assert_eq!(report.outcome, RunOutcome::Completed);
    assert!(begun.elapsed() < Duration::from_secs(10), "the open pipe held the end up");
    run.leaves_nothing();
}

#[tokio::test]
async fn an_orphan_of_a_dead_supervisor_is_found_by_its_mark() {
    let run = Run::new();
    let mut orphan =
        tokio::process::Command::new("sleep").arg("600").env(RUN_ID_VARIABLE, &run.run_id).spawn().unwrap();
    assert_eq!(sweep_orphans(&["another".into()]), 0);
    assert_eq!(sweep_orphans(std::slice::from_ref(&run.run_id)), 1);
    orphan.wait().await.unwrap();
    run.leaves_nothing();
}

#[tokio::test]
async fn silence_and_length_have_limits() {
    let run = Run { limits: Limits { idle: Duration::from_millis(300), ..Run::new().limits }, ..Run::new() };
    let report = run.sh("echo a; sleep 0.2; printf b; sleep 0.2; echo c; sleep 600").await;
    assert_eq!(report.outcome, RunOutcome::Failed);
    assert!(report.detail.as_ref().unwrap().contains("without output"), "{report:?}");
    assert_eq!(run.logged(), "a\nbc\n");

    let run = Run { limits: Limits { wall: Duration::from_millis(300), ..Run::new().limits }, ..Run::new() };
    let report = run.sh("while :; do echo chatty; done").await;
    assert_eq!(report.outcome, RunOutcome::Failed);
    assert!(report.detail.as_ref().unwrap().contains("the longest a run may take"), "{report:?}");
    run.leaves_nothing();
}

#[tokio::test]
async fn a_dropped_supervision_kills_the_group() {
    let run = Run::new();
    let (sender, mut started) = tokio::sync::mpsc::unbounded_channel();
    let mut on_event = move |event| drop(sender.send(event));
    tokio::select! {
        report = run.spec_to_end(run.spec("sh", &["-c", "sleep 600 & echo started; wait"]), &mut on_event) => panic!("{report:?}"),
        _ = started.recv() => {}
    }
    run.leaves_nothing();
}

#[tokio::test]
async fn standard_input_is_held_open_when_asked_and_closed_at_a_stop() {
    let run = Run { stdin: Stdin::HeldOpen, ..Run::new() };
    let report = run.sh_stopped("trap '' INT TERM; echo ready; cat; echo closed").await;
    assert_eq!((report.outcome, report.exit), (RunOutcome::Completed, Exit::code(0)));
    assert_eq!(run.logged(), "ready\nclosed\n");
}
