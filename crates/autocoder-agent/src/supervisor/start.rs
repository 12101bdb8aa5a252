//! Starts the process of a run: its files, its log, its group and nothing of our environment.

use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::process::Stdio;

use tokio::process::{Child, Command};

use super::Supervision;
use super::log::RunLog;
use crate::detect::find_program;
use crate::runner::{CommandSpec, FileSpec, Stdin};

/// Why a run never started.
#[derive(Debug, thiserror::Error)]
pub(super) enum StartError {
    #[error("cannot write `{path}`: {error}")]
    File { path: String, error: std::io::Error },
    #[error(
        "there is no program `{program}` on the PATH; install it, or set the runner's program (`autocoder doctor` lists them)"
    )]
    NoProgram { program: String },
    #[error("cannot start `{program}` in `{workdir}`: {error}")]
    Spawn { program: String, workdir: String, error: std::io::Error },
}

pub(super) fn start(spec: &CommandSpec, supervision: &Supervision<'_>) -> Result<(Child, RunLog), StartError> {
    for file in &spec.files {
        write(file).map_err(|error| StartError::File { path: file.path.display().to_string(), error })?;
    }
    let Supervision { log, secrets, limits, .. } = supervision;
    let log = RunLog::open(log, secrets, limits.line_bytes, limits.log_bytes)
        .map_err(|error| StartError::File { path: log.display().to_string(), error })?;
    let path = spec.env.get("PATH").map_or("", String::as_str);
    let program = find_program(&spec.program, path, &spec.workdir)
        .ok_or_else(|| StartError::NoProgram { program: spec.program.display().to_string() })?;
    let child = Command::new(program)
        .args(&spec.args)
        .env_clear()
        .envs(&spec.env)
        .current_dir(&spec.workdir)
        .stdin(if spec.stdin == Stdin::HeldOpen { Stdio::piped() } else { Stdio::null() })
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| StartError::Spawn {
            program: spec.program.display().to_string(),
            workdir: spec.workdir.display().to_string(),
            error,
        })?;
    Ok((child, log))
}

fn write(file: &FileSpec) -> std::io::Result<()> {
    if let Some(dir) = file.path.parent() {
        std::fs::create_dir_all(dir)?;
    }
    OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(file.mode)
        .open(&file.path)?
        .write_all(file.contents.as_bytes())
}
