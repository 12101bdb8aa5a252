//! From what a run is given to its process: its command, kept from the machine as wanted, and the reader of its output.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use autocoder_core::agent::RunnerKind;
use autocoder_core::project::Project;

use super::Crew;
use super::roster::Member;
use super::workplace::Workplace;
use crate::detect::find_program;
use crate::isolation::{Confines, Enclosure, IsolationError, Room, RoomError, enclosure, program_files};
use crate::runner::{CommandSpec, Decoder, McpEndpoint, RunSpec, RunnerError, state_of};

/// A process about to be started.
pub(super) struct Process {
    pub(super) command: CommandSpec,
    pub(super) decoder: Box<dyn Decoder>,
    /// Values that must not reach its log.
    pub(super) secrets: Vec<String>,
}

/// Why there is no process.
#[derive(Debug, thiserror::Error)]
pub(super) enum ProcessError {
    #[error(transparent)]
    Runner(#[from] RunnerError),
    #[error(transparent)]
    Isolation(#[from] IsolationError),
    #[error(transparent)]
    Room(#[from] RoomError),
}

/// The process of `spec`, which `member` runs at `place`.
pub(super) async fn process_of(
    crew: &Crew,
    project: &Project,
    member: &Member,
    spec: &RunSpec,
    place: &Workplace,
) -> Result<Process, ProcessError> {
    let mut command = member.runner.command(spec)?;
    let decoder = member.runner.decoder_of(spec);
    let secrets = secrets(&crew.environment, &spec.mcp);
    if member.kind() == RunnerKind::Rehearsal {
        // Our own program.
        return Ok(Process { command, decoder, secrets });
    }
    let wanted = member.isolation.unwrap_or(project.settings.isolation);
    let enclosure = enclosure(wanted, &crew.environment).await?;
    if !matches!(enclosure, Enclosure::Bubblewrap(_)) {
        return Ok(Process { command, decoder, secrets });
    }
    // A program that is not there is told of by whoever starts it.
    let search = command.env.get("PATH").map_or("", String::as_str);
    if let Some(program) = find_program(&command.program, search, &command.workdir) {
        command.program = program;
    } else {
        return Ok(Process { command, decoder, secrets });
    }
    let mut confines = confines(crew, project, member, spec, place)?;
    let home = confines.home.as_ref().map(|home| home.path.clone());
    confines.readable.extend(program_files(&command.program, home.as_deref()));
    Ok(Process { command: enclosure.enclose(command, &confines), decoder, secrets })
}

/// What the process may reach.
fn confines(
    crew: &Crew,
    project: &Project,
    member: &Member,
    spec: &RunSpec,
    place: &Workplace,
) -> Result<Confines, RoomError> {
    let (data_dir, environment) = (&*crew.data_dir, &crew.environment);
    let git_dir = place.tree().map(|tree| tree.repository.common_dir());
    let room = Room { project, data_dir, environment, top: place.top(), git_dir };
    let state = state_of(member.kind());
    let mut confines = room.confines(state.in_home)?;
    confines.readable.push(spec.scratch_dir.clone());
    confines.readable.extend(own_program(&spec.mcp));
    // The tools are outside: who could write the database could approve the work.
    confines.readable.extend(spec.mcp.socket().map(Path::to_owned));
    confines.writable.extend(state.variables.iter().filter_map(|name| environment.get(*name)).map(PathBuf::from));
    Ok(confines)
}

fn own_program(mcp: &McpEndpoint) -> Option<PathBuf> {
    match mcp {
        McpEndpoint::Stdio { program, .. } => Some(program.clone()),
        McpEndpoint::Http { .. } => None,
    }
}

/// Values that must not reach a log: what the environment holds of keys and tokens, and the way to the tools.
fn secrets(environment: &BTreeMap<String, String>, mcp: &McpEndpoint) -> Vec<String> {
    let is_secret = |name: &str| {
        ["KEY", "TOKEN", "SECRET", "PASSWORD", "PASSWD", "CREDENTIAL"].iter().any(|part| name.contains(part))
    };
    let values = environment.iter().filter(|(name, value)| is_secret(name) && value.len() >= 8);
    let mut secrets: Vec<String> = values.map(|(_, value)| value.clone()).collect();
    match mcp {
        McpEndpoint::Http { token, .. } => secrets.push(token.0.clone()),
        // The address of a database may hold a password.
        McpEndpoint::Stdio { env, .. } => secrets.extend(env.values().filter(|value| value.contains("://")).cloned()),
    }
    secrets
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runner::BearerToken;

    #[test]
    fn keys_tokens_and_addresses_are_secrets() {
        let environment = [("OPENAI_API_KEY", "sk-12345678"), ("PATH", "/usr/bin:/bin"), ("MY_TOKEN", "short")];
        let environment = environment.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        let url = "postgres://me:secret@db/x".to_owned();
        let stdio = McpEndpoint::Stdio {
            program: "autocoder".into(),
            args: vec![],
            env: BTreeMap::from([("AUTOCODER_DATABASE_URL".into(), url.clone()), ("N".into(), "1".into())]),
        };
        let http = McpEndpoint::Http { url: "http://127.0.0.1".into(), token: BearerToken("t0ken".into()) };
        assert_eq!(secrets(&environment, &stdio), ["sk-12345678".to_owned(), url]);
        assert_eq!(secrets(&environment, &http), ["sk-12345678", "t0ken"]);
    }
}
