//! `cargo xtask test`: every check of the project, from an empty machine.

mod prerequisites;
mod tally;

use std::env;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Instant;

use tally::{Runner, Tally};

use crate::cluster::{Cluster, SOCKET_DIR_VARIABLE};
use crate::process::{self, Outcome};
use crate::workspace::Workspace;
use crate::{tidy, ui};

/// All checks, or only the tests whose name contains `filter`. The last line is `N passed, N failed`.
pub(crate) fn run(workspace: &Workspace, filter: Option<&str>) -> Outcome {
    let mut report = Report::default();
    let python = report.step("prerequisites", || prerequisites::install(workspace));
    let mut has_ui = false;
    if filter.is_none() {
        report.check("format", &mut workspace.cargo(&["fmt", "--all", "--check"]));
        report.count("tidy", || tidy::run(workspace));
        has_ui = build_ui(workspace, &mut report);
        let clippy = ["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"];
        report.check("clippy", &mut workspace.cargo(&clippy));
    }
    if let Some(python) = python {
        run_tests(workspace, &mut report, (python, has_ui), filter);
    }
    report.close()
}

/// The web UI's own checks, its unit tests and its build; whether there is one now.
fn build_ui(workspace: &Workspace, report: &mut Report) -> bool {
    if report.step("ui install", || ui::install(workspace)).is_none() {
        return false;
    }
    report.check("ui check", &mut ui::npm(workspace, &["run", "--silent", "check"]));
    report.count("ui types", || ui::check_types(workspace));
    report.tests("ui unit tests", Runner::Vitest, &mut ui::npm(workspace, &["run", "--silent", "test"]));
    report.check("ui build", &mut ui::npm(workspace, &["run", "--silent", "build"]))
}

fn run_tests(workspace: &Workspace, report: &mut Report, (python, has_ui): (PathBuf, bool), filter: Option<&str>) {
    // The same packages and targets as the tests: otherwise cargo builds what they share twice.
    let build = ["build", "--workspace", "--bins", "--tests", "--examples", "--locked"];
    if report.step("build", || process::run(&mut workspace.cargo(&build))).is_none() {
        return;
    }
    if has_ui {
        let mut browser = ui::npm(workspace, &["run", "--silent", "e2e"]);
        browser.env("AUTOCODER_BIN", workspace.built("debug", "autocoder"));
        report.tests("browser tests", Runner::Playwright, &mut browser);
    }
    let program = workspace.built("debug", "examples/private_postgres");
    let Some(cluster) = report.step("PostgreSQL", || Cluster::start(&program, "volatile")) else { return };
    let (runner, mut tests) = tests_command(workspace, filter);
    tests.env("AUTOCODER_BIN", workspace.built("debug", "autocoder")).env("AUTOCODER_TEST_PYTHON", python);
    report.tests("tests", runner, tests.env(SOCKET_DIR_VARIABLE, &cluster.socket_dir));
    drop(cluster);
    if filter.is_none() {
        let documentation = ["test", "--workspace", "--doc", "--locked", "--no-fail-fast"];
        report.tests("documentation tests", Runner::CargoTest, &mut workspace.cargo(&documentation));
        // Last, because other features build most of the workspace anew.
        let packages = ["test", "-p", "autocoder-cli", "-p", "autocoder-agent", "--lib", "--bins", "--locked"];
        let features = ["--features", "otel,acp", "--", "traces", "acp"];
        let mut of_features = workspace.cargo(&packages);
        report.tests("tests of the features otel and acp", Runner::CargoTest, of_features.args(features));
    }
}

fn tests_command(workspace: &Workspace, filter: Option<&str>) -> (Runner, Command) {
    let nextest = workspace.cargo(&["nextest", "--version"]).stdout(Stdio::null()).stderr(Stdio::null()).status();
    let (runner, arguments): (_, &[&str]) = if nextest.is_ok_and(|status| status.success()) {
        (Runner::Nextest, &["nextest", "run", "--workspace", "--locked", "--no-fail-fast", "--no-tests=pass"])
    } else {
        (Runner::CargoTest, &["test", "--workspace", "--tests", "--locked", "--no-fail-fast"])
    };
    let mut command = workspace.cargo(arguments);
    command.args(filter);
    (runner, command)
}

#[derive(Default)]
struct Report {
    total: Tally,
}

impl Report {
    /// Announces and times `work`; a failure is told and counted.
    fn step<T>(&mut self, title: &str, work: impl FnOnce() -> Outcome<T>) -> Option<T> {
        let outcome = timed(title, work, Result::is_ok);
        outcome.map_err(|message| self.fail(&message)).ok()
    }

    /// A command that counts as one check; whether it succeeded.
    fn check(&mut self, title: &str, command: &mut Command) -> bool {
        self.count(title, || process::run(command))
    }

    /// Work that counts as one check; whether it succeeded.
    fn count(&mut self, title: &str, work: impl FnOnce() -> Outcome) -> bool {
        let passed = self.step(title, work).is_some();
        self.add(Tally { passed: passed.into(), failed: 0 });
        passed
    }

    /// A command that counts its own tests; one that breaks off without a failed test counts as one failure.
    fn tests(&mut self, title: &str, runner: Runner, command: &mut Command) {
        match timed(title, || process::tee(command), |teed| teed.as_ref().is_ok_and(|teed| teed.success)) {
            Err(message) => self.fail(&message),
            Ok(teed) => {
                let tally = runner.tally(&teed.lines);
                self.add(tally);
                if !teed.success && tally.failed == 0 {
                    self.fail(&format!("`{}` failed", process::shown(command)));
                }
            }
        }
    }

    fn add(&mut self, tally: Tally) {
        self.total.passed += tally.passed;
        self.total.failed += tally.failed;
    }

    fn fail(&mut self, message: &str) {
        if !message.is_empty() {
            println!("error: {message}");
        }
        self.total.failed += 1;
    }

    fn close(self) -> Outcome {
        println!("\n{} passed, {} failed", self.total.passed, self.total.failed);
        if self.total.failed == 0 { Ok(()) } else { Err(String::new()) }
    }
}

fn timed<T>(title: &str, work: impl FnOnce() -> T, is_ok: impl FnOnce(&T) -> bool) -> T {
    println!("\n== {title}");
    let start = Instant::now();
    let outcome = work();
    let verdict = if is_ok(&outcome) { "ok" } else { "FAILED" };
    println!("-- {title}: {verdict}, {:.1} s", start.elapsed().as_secs_f64());
    outcome
}

/// Whether this process may install packages.
fn is_root() -> bool {
    let id = process::capture(Command::new("id").arg("-u"));
    id.is_ok_and(|id| id.trim() == "0")
}

/// Whether a program called `name` is on the PATH.
fn is_on_path(name: &str) -> bool {
    env::var_os("PATH").is_some_and(|path| env::split_paths(&path).any(|directory| directory.join(name).is_file()))
}
