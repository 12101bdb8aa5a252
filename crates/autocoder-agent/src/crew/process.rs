//! From what a run is given to its process: its command, kept from the machine as wanted, and the reader of its output.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use autocoder_core::agent::RunnerKind;
use autocoder_core::project::Project;

use super::Crew;
use super::roster::Member;
use super::workplace::Workplace;
use crate::detect::find_program;
use crate::git::Repository;
use crate::isolation::{Confines, Enclosure, Home, IsolationError, enclosure};
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
    #[error("cannot make `{path}`: {error}")]
    Folder { path: PathBuf, error: std::io::Error },
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
    let mut confines = confines(crew, project, member, spec, place).await?;
    // Behind links, which may lead to where all is hidden.
    confines.readable.extend(command.program.canonicalize().ok());
    Ok(Process { command: enclosure.enclose(command, &confines), decoder, secrets })
}

/// What the process may reach. Nothing here is read from where an agent can write.
async fn confines(
    crew: &Crew,
    project: &Project,
    member: &Member,
    spec: &RunSpec,
    place: &Workplace,
) -> Result<Confines, ProcessError> {
    let home = crew.environment.get("HOME").map(PathBuf::from).filter(|home| home.parent().is_some());
    let state = state_of(member.kind());
    let home = home.map(|home| Home::read(&home, state.in_home));
    let cache_dir = crew.data_dir.join("caches").join(&project.name);
    for (_, name) in home.iter().flat_map(Home::caches) {
        let path = cache_dir.join(name);
        std::fs::create_dir_all(&path).map_err(|error| ProcessError::Folder { path, error })?;
    }
    let mut confines = Confines { home, cache_dir: Some(cache_dir), ..Confines::default() };
    confines.readable = vec![PathBuf::from(&project.path), spec.scratch_dir.clone()];
    confines.readable.extend(own_program(&spec.mcp));
    if matches!(spec.mcp, McpEndpoint::Stdio { .. }) {
        // The tools run inside, and they keep the plan there.
        confines.writable.push(crew.data_dir.clone());
        confines.masked.push(crew.data_dir.join("token"));
    } else {
        confines.hidden.push(crew.data_dir.clone());
    }
    confines.writable.extend(state.variables.iter().filter_map(|name| crew.environment.get(*name)).map(PathBuf::from));
    confines.writable.push(place.dir().to_owned());
    if place.branch().is_some() {
        let repository = Repository::discover(Path::new(&project.path), &crew.environment).await.ok().flatten();
        if let Some(git_dir) = repository.map(|repository| repository.common_dir().to_owned()) {
            // What a person's own git would run.
            confines.guarded.extend(["config", "hooks"].map(|name| git_dir.join(name)));
            confines.writable.push(git_dir);
        }
    }
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
