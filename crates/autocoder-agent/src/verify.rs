//! Runs a project's verification commands and keeps what they said.

use std::collections::{BTreeMap, VecDeque};
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use tokio::io::AsyncReadExt;
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::{timeout, timeout_at};

use crate::isolation::{Confines, Enclosure};
use crate::runner::{CommandSpec, Exit, Stdin, allowed_environment};
use crate::supervisor::{Group, exit_of, within_sandbox};

const OUTPUT_END_BYTES: usize = 8 * 1024;
/// How long output may still come from processes that left the group.
const DRAIN: Duration = Duration::from_secs(2);
const CHUNK_BYTES: usize = 16 * 1024;

/// What one command came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// The command, as configured.
    pub command: String,
    /// Its exit code; `None` when it was killed or could not be started.
    pub exit_code: Option<i32>,
    /// Whether its time was up.
    pub timed_out: bool,
    /// The last 8 KiB of its output and errors, together.
    pub output_end: String,
    /// How long it took.
    pub duration_ms: u64,
}

impl Evidence {
    /// Whether the command succeeded.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.exit_code == Some(0) && !self.timed_out
    }
}

/// How commands are run.
#[derive(Clone, Debug)]
pub struct VerifyOptions {
    /// What the commands may see is chosen from here, as for an agent.
    pub environment: BTreeMap<String, String>,
    /// Names allowed on top.
    pub allow: Vec<String>,
    /// The longest that one command may take.
    pub time_limit: Duration,
    /// The sandbox they run in, as agents do whose work they try.
    pub inside: Option<(Enclosure, Confines)>,
}

/// Runs `commands` one after another in `workdir` by `sh -c`, each in a process group that is killed at its end, and stops
/// after the first that fails. The last evidence says whether all passed; without commands there is none.
pub async fn verify(workdir: &Path, commands: &[String], options: &VerifyOptions) -> Vec<Evidence> {
    let mut all = vec![];
    for command in commands {
        let evidence = run(workdir, command, options).await;
        let passed = evidence.passed();
        all.push(evidence);
        if !passed {
            break;
        }
    }
    all
}

async fn run(workdir: &Path, command: &str, options: &VerifyOptions) -> Evidence {
    let started = Instant::now();
    let mut evidence = match start(workdir, command, options) {
        Ok(child) => follow(child, options.time_limit).await,
        Err(error) => not_started(workdir, &error),
    };
    let sandboxed = matches!(options.inside, Some((Enclosure::Bubblewrap(_), _)));
    if let Some(code) = evidence.exit_code.filter(|_| sandboxed) {
        evidence.exit_code = within_sandbox(Exit::code(code)).code;
    }
    evidence.command = command.to_owned();
    evidence.duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    evidence
}

fn start(workdir: &Path, command: &str, options: &VerifyOptions) -> std::io::Result<Child> {
    let spec = CommandSpec {
        program: "/bin/sh".into(),
        // One pipe for both streams keeps their order.
        args: vec!["-c".to_owned(), format!("exec 2>&1\n{command}")],
        env: allowed_environment(&options.environment, options.allow.iter().map(String::as_str)),
        files: vec![],
        workdir: workdir.to_owned(),
        stdin: Stdin::Null,
        soft_stop: None,
    };
    let spec = match &options.inside {
        Some((enclosure, confines)) => enclosure.enclose(spec, confines),
        None => spec,
    };
    Command::new(spec.program)
        .args(spec.args)
        .env_clear()
        .envs(spec.env)
        .current_dir(workdir)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .process_group(0)
        .kill_on_drop(true)
        .spawn()
}

async fn follow(mut child: Child, time_limit: Duration) -> Evidence {
    let mut group = Group::of(&child);
    let output = child.stdout.take();
    let mut tail = Tail::default();
    let status = timeout(time_limit, async {
        match output {
            Some(mut output) => tokio::select! {
                () = tail.read(&mut output) => child.wait().await,
                status = child.wait() => {
                    group.kill();
                    let _ = timeout(DRAIN, tail.read(&mut output)).await;
                    status
                }
            },
            None => child.wait().await,
        }
    })
    .await;
    group.kill();
    if status.is_err() {
        let _ = timeout_at(tokio::time::Instant::now() + DRAIN, child.wait()).await;
    }
    Evidence {
        command: String::new(),
        exit_code: status
            .as_ref()
            .ok()
            .and_then(|status| status.as_ref().ok())
            .and_then(|status| exit_of(*status).code),
        timed_out: status.is_err(),
        output_end: tail.text(),
        duration_ms: 0,
    }
}

fn not_started(workdir: &Path, error: &std::io::Error) -> Evidence {
    Evidence {
        command: String::new(),
        exit_code: None,
        timed_out: false,
        output_end: format!("cannot start `/bin/sh` in `{}`: {error}", workdir.display()),
        duration_ms: 0,
    }
}

/// The last bytes of an output of any length.
#[derive(Default)]
struct Tail(VecDeque<u8>);

impl Tail {
    async fn read(&mut self, output: &mut ChildStdout) {
        let mut chunk = vec![0; CHUNK_BYTES];
        while let Ok(count @ 1..) = output.read(&mut chunk).await {
            self.0.extend(&chunk[..count]);
            let surplus = self.0.len().saturating_sub(OUTPUT_END_BYTES);
            self.0.drain(..surplus);
        }
    }

    fn text(&mut self) -> String {
        String::from_utf8_lossy(self.0.make_contiguous()).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn verified(commands: &[&str], time_limit: Duration) -> Vec<Evidence> {
        let environment = BTreeMap::from([
            ("PATH".to_owned(), "/usr/bin:/bin".to_owned()),
            ("SECRET".to_owned(), "hidden".to_owned()),
            ("MINE".to_owned(), "shown".to_owned()),
        ]);
        let options = VerifyOptions { environment, allow: vec!["MINE".to_owned()], time_limit, inside: None };
        let commands: Vec<String> = commands.iter().map(|&command| command.to_owned()).collect();
        verify(Path::new("/"), &commands, &options).await
    }

    const LONG: Duration = Duration::from_secs(30);

    #[tokio::test]
    async fn a_command_is_told_by_its_exit_and_its_output() {
        for (command, code, output) in [
            ("true", Some(0), ""),
            ("echo out; echo err >&2; exit 3", Some(3), "out\nerr\n"),
            ("pwd; echo $SECRET$MINE", Some(0), "/\nshown\n"),
            ("printf '\\377x'", Some(0), "\u{fffd}x"),
            ("no-such-program-here 2>/dev/null", Some(127), ""),
            ("echo dying; kill -9 $$", None, "dying\n"),
            ("cat", Some(0), ""),
        ] {
            let evidence = verified(&[command], LONG).await;
            assert_eq!(evidence.len(), 1);
            assert_eq!((evidence[0].exit_code, evidence[0].output_end.as_str()), (code, output), "{command}");
            assert_eq!((evidence[0].command.as_str(), evidence[0].passed()), (command, code == Some(0)));
        }
    }

    #[tokio::test]
    async fn nothing_runs_after_the_first_failure() {
        let evidence = verified(&["true", "false", "true"], LONG).await;
        assert_eq!(evidence.iter().map(Evidence::passed).collect::<Vec<_>>(), [true, false]);
        assert_eq!(verified(&[], LONG).await, []);
    }

    #[tokio::test]
    async fn only_the_end_of_a_long_output_is_kept() {
        let evidence = verified(&["head -c 3000000 /dev/zero | tr '\\0' x; echo END"], LONG).await;
        assert_eq!(evidence[0].output_end.len(), OUTPUT_END_BYTES);
        assert!(evidence[0].output_end.ends_with("xEND\n"));
    }

    #[tokio::test]
    async fn a_command_out_of_time_is_killed_with_what_it_started() {
        let evidence = verified(&["echo before; sleep 600 & sleep 600"], Duration::from_millis(300)).await;
        assert!(evidence[0].timed_out && !evidence[0].passed());
        assert_eq!((evidence[0].exit_code, evidence[0].output_end.as_str()), (None, "before\n"));
        assert!(evidence[0].duration_ms < 5_000);
    }

    #[tokio::test]
    async fn a_background_process_does_not_hold_the_end_up() {
        let evidence = verified(&["sleep 600 & echo done"], LONG).await;
        assert!(evidence[0].passed() && evidence[0].duration_ms < 5_000, "{evidence:?}");
    }

    #[tokio::test]
    async fn a_missing_directory_is_evidence_too() {
        let options = VerifyOptions { environment: BTreeMap::new(), allow: vec![], time_limit: LONG, inside: None };
        let evidence = verify(Path::new("/no/such/dir"), &["true".to_owned()], &options).await;
        assert_eq!(evidence[0].exit_code, None);
        assert!(evidence[0].output_end.contains("/no/such/dir"));
    }
}
