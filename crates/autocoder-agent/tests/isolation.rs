//! A real sandbox around real processes; without bubblewrap on the PATH there is nothing to test, and `doctor` says so.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails here")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use autocoder_agent::isolation::{Confines, Enclosure, Home, enclosure};
use autocoder_agent::runner::command::CommandRunner;
use autocoder_agent::runner::{AgentRunner, CommandSpec, RUN_ID_VARIABLE, Stdin};
use autocoder_agent::supervisor::{Limits, RunReport, Supervision, run_process};
use autocoder_agent::verify::{VerifyOptions, verify};
use autocoder_core::agent::Isolation;
use autocoder_core::run::RunOutcome;
use tokio::sync::watch;

struct Bed {
    dir: tempfile::TempDir,
    enclosure: Enclosure,
    environment: BTreeMap<String, String>,
}

impl Bed {
    /// None where no sandbox works.
    async fn new() -> Option<Self> {
        let path = std::env::var("PATH").unwrap_or_default();
        let dir = tempfile::tempdir().unwrap();
        let environment = BTreeMap::from([
            ("PATH".to_owned(), path),
            ("HOME".to_owned(), dir.path().join("home").display().to_string()),
            (RUN_ID_VARIABLE.to_owned(), dir.path().display().to_string()),
        ]);
        for folder in ["home/.ssh", "home/.claude", "home/src", "work", "repo/.git/hooks"] {
            std::fs::create_dir_all(dir.path().join(folder)).unwrap();
        }
        for (file, text) in [("home/.ssh/id", "secret"), ("home/src/a", "code"), ("repo/.git/config", "mine")] {
            std::fs::write(dir.path().join(file), text).unwrap();
        }
        let enclosure = enclosure(Isolation::Auto, &environment).await.unwrap();
        matches!(enclosure, Enclosure::Bubblewrap(_)).then_some(Self { dir, enclosure, environment })
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn confines(&self) -> Confines {
        Confines {
            writable: vec![self.path("work"), self.path("repo/.git")],
            guarded: vec![self.path("repo/.git/config"), self.path("repo/.git/hooks")],
            home: Some(Home::read(&self.path("home"), &[".claude"])),
            ..Confines::default()
        }
    }

    /// Runs `script` inside; asks for the stop at its first line when `stops`.
    async fn sh(&self, script: &str, stops: bool) -> (RunReport, String) {
        let spec = CommandSpec {
            program: "/bin/sh".into(),
            args: vec!["-c".into(), script.into()],
            env: self.environment.clone(),
            files: vec![],
            workdir: self.path("work"),
            stdin: Stdin::Null,
            soft_stop: None,
        };
        let (stop, stopped) = watch::channel(false);
        let log = self.path("run.log");
        let _ = std::fs::remove_file(&log);
        let limits = Limits {
            wall: Duration::from_secs(60),
            stop_grace_int: Duration::from_secs(2),
            stop_grace_term: Duration::from_secs(1),
            ..Limits::default()
        };
        let mut on_event = |_| stop.send_modify(|stop| *stop = stops);
        let supervision =
            Supervision { limits, log: log.clone(), secrets: vec![], stop: stopped, on_event: &mut on_event };
        let decoder = CommandRunner::new(vec!["x".into()]).unwrap().decoder();
        let report = run_process(self.enclosure.enclose(spec, &self.confines()), decoder, supervision).await;
        (report, std::fs::read_to_string(&log).unwrap())
    }
}

#[tokio::test]
async fn an_agent_writes_its_worktree_and_nothing_else() {
    let Some(bed) = Bed::new().await else { return };
    let place = |name: &str| bed.path(name).display().to_string();
    let (work, repo, home) = (place("work"), place("repo"), place("home"));
    let script = format!(
        "pwd; echo a > {work}/new; echo b > {repo}/.git/ref; echo c > {home}/.claude/state\n\
         for f in /etc/new /usr/new {home}/src/a {repo}/.git/config {repo}/.git/hooks/pre-commit; do\n\
         (echo bad > $f) 2>/dev/null && echo wrote $f; done\n\
         cat {home}/.ssh/id 2>/dev/null; cat {home}/src/a; rm -f {repo}/.git/config 2>/dev/null; echo; ls /home /root /run/user 2>/dev/null | grep -c ."
    );
    let (report, log) = bed.sh(&script, false).await;
    let lines: Vec<&str> = log.lines().filter(|line| !line.is_empty() && !line.ends_with(':')).collect();
    assert_eq!(lines.first(), Some(&work.as_str()), "{report:?}\n{log}");
    assert!(!log.contains("wrote") && !log.contains("secret") && log.contains("code"), "{log}");
    for (file, text) in [("work/new", "a\n"), ("repo/.git/ref", "b\n"), ("home/.claude/state", "c\n")] {
        assert_eq!(std::fs::read_to_string(bed.path(file)).unwrap(), text, "{file}");
    }
    for (file, text) in [("home/src/a", "code"), ("repo/.git/config", "mine"), ("home/.ssh/id", "secret")] {
        assert_eq!(std::fs::read_to_string(bed.path(file)).unwrap(), text, "{file}");
    }
    assert!(!Path::new("/etc/new").exists());
}

#[tokio::test]
async fn a_process_that_detached_and_hid_its_mark_is_gone_five_seconds_after_the_stop() {
    let Some(bed) = Bed::new().await else { return };
    let mark = format!("6{}", std::process::id());
    let script = format!("env -i setsid sleep {mark} & trap '' INT TERM; echo ready; while :; do sleep 0.05; done");
    let begun = Instant::now();
    let (report, _) = bed.sh(&script, true).await;
    assert_eq!(report.outcome, RunOutcome::Aborted, "{report:?}");
    let until = begun + Duration::from_secs(8);
    while alive(&mark) {
        assert!(Instant::now() < until, "the detached process lives");
        std::thread::yield_now();
    }
}

fn alive(mark: &str) -> bool {
    let carries = |path: &Path| {
        let line = std::fs::read(path.join("cmdline")).unwrap_or_default();
        line.split(|byte| *byte == 0).any(|part| part == mark.as_bytes())
    };
    std::fs::read_dir("/proc").unwrap().flatten().any(|entry| carries(&entry.path()))
}

#[tokio::test]
async fn an_agent_inside_hears_the_interrupt_and_ends_politely() {
    let Some(bed) = Bed::new().await else { return };
    let (report, log) = bed.sh("trap 'echo bye; exit 0' INT; echo ready; while :; do sleep 0.02; done", true).await;
    assert_eq!((report.outcome, log.as_str()), (RunOutcome::Completed, "ready\nbye\n"), "{report:?}");
}

#[tokio::test]
async fn a_verification_inside_says_what_it_came_to_and_leaves_nothing_behind() {
    let Some(bed) = Bed::new().await else { return };
    let options = VerifyOptions {
        environment: bed.environment.clone(),
        allow: vec![],
        time_limit: Duration::from_secs(2),
        inside: Some((bed.enclosure.clone(), bed.confines())),
    };
    let mark = format!("5{}", std::process::id());
    let secret = format!("cat {} && exit 3", bed.path("home/.ssh/id").display());
    let stays = format!("sleep {mark}");
    for (command, code, timed_out) in [
        ("echo a > made", Some(0), false),
        (secret.as_str(), Some(1), false),
        ("kill -9 $$", None, false),
        (stays.as_str(), None, true),
    ] {
        let ran = verify(&bed.path("work"), &[command.to_owned()], &options).await;
        assert_eq!((ran[0].exit_code, ran[0].timed_out), (code, timed_out), "{:?}", ran[0]);
    }
    assert_eq!(std::fs::read_to_string(bed.path("work/made")).unwrap(), "a\n");
    let until = Instant::now() + Duration::from_secs(5);
    while alive(&mark) {
        assert!(Instant::now() < until, "a command out of time lives");
        std::thread::yield_now();
    }
}

#[tokio::test]
async fn a_sandbox_that_is_demanded_and_not_there_is_refused() {
    let nowhere = BTreeMap::from([("PATH".to_owned(), "/nowhere".to_owned())]);
    let refused = enclosure(Isolation::Bubblewrap, &nowhere).await.unwrap_err();
    assert_eq!(
        refused.to_string(),
        "isolation `bubblewrap` does not work here: bubblewrap is not installed; install bubblewrap, or set the \
         isolation to `auto` or `none`"
    );
    let auto = enclosure(Isolation::Auto, &nowhere).await.unwrap();
    assert_eq!(auto, Enclosure::Unavailable("bubblewrap is not installed".into()));
}
