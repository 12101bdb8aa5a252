//! `autocoder doctor`: where each value comes from, and whether everything that is needed is there.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use autocoder_agent::detect::{Detected, detect_runners, found, how_to_get};
use autocoder_agent::isolation::{Enclosure, probe};
use autocoder_agent::runner::RunnerKind;
use autocoder_core::agent::Isolation;
use autocoder_storage::{MigrationStatus, ServerLock, Target, migration_status, network_filesystem};
use clap::Args;
use serde_json::{Value, json};

use super::migrate;
use crate::config::Config;
use crate::exit::Failure;
use crate::output::{Style, details, time};
use crate::root::Root;
use crate::running_server::RunningServer;
use crate::token_file;

/// Programs beside the runners': what they are for, and how they are got.
const PROGRAMS: [(&str, &str, &str); 2] = [
    ("git", "agents would work in the project's folder, one at a time", "install the package `git`"),
    ("bwrap", "agents would not be kept from the rest of this machine", "install the package `bubblewrap`"),
];

/// Show where each value comes from and what is installed
#[derive(Args)]
pub(crate) struct Doctor {}

struct Findings {
    database: String,
    migrations: Result<MigrationStatus, String>,
    runners: Vec<Detected>,
    /// In the order of [`PROGRAMS`].
    programs: Vec<(Option<PathBuf>, Option<String>)>,
    isolation: Enclosure,
    /// The network file system that the database lies on.
    network: Option<&'static str>,
    /// The process that has the lock of a server.
    served_by: Option<u32>,
    server: Option<RunningServer>,
    token: Result<bool, String>,
}

impl Doctor {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        let config = &root.config;
        let programs: BTreeMap<RunnerKind, PathBuf> =
            config.runners.iter().map(|(kind, program)| (*kind, program.value.clone())).collect();
        let target = root.target();
        let mut found_programs = Vec::new();
        for (name, ..) in PROGRAMS {
            found_programs.push(found(Path::new(name), &config.environment).await);
        }
        let findings = Findings {
            database: shown(&target),
            migrations: migration_status(&target).await.map_err(|error| error.to_string()),
            runners: detect_runners(&programs, &config.environment).await,
            programs: found_programs,
            isolation: Enclosure::of(Isolation::Auto, probe(&config.environment).await)
                .expect("`auto` takes what there is"),
            network: match &target {
                Target::Sqlite(path) => network_filesystem(path),
                Target::Postgres(_) => None,
            },
            served_by: ServerLock::holder(&target),
            server: RunningServer::find(&config.data_dir.value),
            token: token_file::read(&config.data_dir.value)
                .map(|token| token.is_some())
                .map_err(|error| error.to_string()),
        };
        root.output.show(&view(config, &findings), |_| text(root, config, &findings))
    }
}

/// The database, without a password.
fn shown(target: &Target) -> String {
    match target {
        Target::Sqlite(path) => path.display().to_string(),
        Target::Postgres(url) => without_password(url),
    }
}

fn without_password(url: &str) -> String {
    let hidden = url.split_once("://").and_then(|(scheme, rest)| {
        let (login, place) = rest.split_once('@')?;
        let (user, _) = login.split_once(':')?;
        Some(format!("{scheme}://{user}:***@{place}"))
    });
    let (url, query) =
        hidden.as_deref().unwrap_or(url).split_once('?').map_or((hidden.as_deref().unwrap_or(url), ""), |parts| parts);
    if query.is_empty() { url.to_owned() } else { format!("{url}?…") }
}

fn view(config: &Config, findings: &Findings) -> Value {
    let source = |source: &crate::config::Source| source.to_string();
    let url = config.database_url.as_ref();
    let runners = findings.runners.iter().map(|found| {
        let configured = config.runners.get(&found.kind);
        json!({
            "runner": found.kind,
            "program": found.program,
            "source": configured.map_or("default".to_owned(), |setting| source(&setting.source)),
            "path": found.path,
            "version": found.version,
            "missing": found.path.is_none(),
            "install": how_to_get(found.kind),
        })
    });
    let programs = PROGRAMS.iter().zip(&findings.programs).map(|((name, without, install), (path, version))| {
        json!({ "program": name, "path": path, "version": version, "without": without, "install": install })
    });
    json!({
        "version": env!("CARGO_PKG_VERSION"),
        "config_file": { "path": config.file, "exists": config.file.as_ref().is_some_and(|file| file.exists()) },
        "data_dir": { "value": config.data_dir.value, "source": source(&config.data_dir.source) },
        "database": {
            "value": findings.database,
            "source": url.map_or_else(|| source(&config.data_dir.source), |url| source(&url.source)),
            "migrations": findings.migrations.as_ref().ok().map(migrate::view),
            "error": findings.migrations.as_ref().err(),
            "network_filesystem": findings.network,
        },
        "server": { "noted": findings.server, "lock_held_by": findings.served_by },
        "token_file": {
            "path": token_file::path(&config.data_dir.value),
            "usable": findings.token.as_ref().ok(),
            "error": findings.token.as_ref().err(),
        },
        "color": { "value": format!("{:?}", config.color.value).to_lowercase(), "source": source(&config.color.source) },
        "runners": runners.collect::<Vec<_>>(),
        "programs": programs.collect::<Vec<_>>(),
        "isolation": findings.isolation.statement(),
    })
}

fn text(root: &Root, config: &Config, findings: &Findings) -> String {
    let good = |text: String| root.output.style(Style::Good, &text);
    let warning = |text: String| root.output.style(Style::Warning, &text);
    let file = match &config.file {
        Some(file) if file.exists() => file.display().to_string(),
        Some(file) => format!("{} (not there)", file.display()),
        None => "none".to_owned(),
    };
    let url_source = config.database_url.as_ref().map_or(&config.data_dir.source, |url| &url.source);
    let migrations = match &findings.migrations {
        Err(error) => warning(error.clone()),
        Ok(MigrationStatus { newer, .. }) if !newer.is_empty() => {
            warning(format!("written by a newer autocoder: {}", newer.join(", ")))
        }
        Ok(MigrationStatus { applied, pending, .. }) if applied.is_empty() => {
            format!("not made yet ({} migrations pending)", pending.len())
        }
        Ok(MigrationStatus { applied, pending, .. }) if pending.is_empty() => {
            good(format!("{} applied", applied.len()))
        }
        Ok(MigrationStatus { pending, .. }) => warning(format!("pending: {}", pending.join(", "))),
    };
    let mut fields = vec![
        ("autocoder", env!("CARGO_PKG_VERSION").to_owned()),
        ("config file", file),
        ("data dir", format!("{} ({})", config.data_dir.value.display(), config.data_dir.source)),
        ("database", format!("{} ({url_source})", findings.database)),
        ("migrations", migrations),
        ("server", server(findings).unwrap_or_else(warning)),
        ("token", token(config, findings).unwrap_or_else(warning)),
    ];
    for ((name, without, install), found) in PROGRAMS.iter().zip(&findings.programs) {
        fields.push((*name, program(root, found, &format!("not found: {without}; {install}"))));
    }
    if let Some(kind) = findings.network {
        fields.push((
            "warning",
            warning(format!("the database lies on {kind}: `serve` refuses it, WAL needs a local disk")),
        ));
    }
    for found in &findings.runners {
        let install = how_to_get(found.kind).map_or_else(String::new, |how| format!("{how}; or "));
        let missing = format!(
            "`{}` not found; {install}set [runners.{}] program in the config file",
            found.program.display(),
            found.kind
        );
        let program = program(root, &(found.path.clone(), found.version.clone()), &missing);
        let source = config.runners.get(&found.kind).map_or("default".to_owned(), |setting| setting.source.to_string());
        fields.push((found.kind.as_str(), format!("{program} ({source})")));
    }
    fields.push(("rehearsal", good("built in".to_owned())));
    fields.push(("isolation", findings.isolation.statement()));
    details(&fields)
}

fn program(root: &Root, found: &(Option<PathBuf>, Option<String>), missing: &str) -> String {
    let (style, text) = match found {
        (Some(path), Some(version)) => (Style::Good, format!("{} ({version})", path.display())),
        (Some(path), None) => (Style::Warning, format!("{} (does not answer to --version)", path.display())),
        (None, _) => (Style::Warning, missing.to_owned()),
    };
    root.output.style(style, &text)
}

/// Which server runs; an error: something is odd about it.
fn server(findings: &Findings) -> Result<String, String> {
    match (&findings.server, findings.served_by) {
        (Some(server), _) => Ok(format!("{} (pid {}, since {})", server.url, server.pid, time(server.started_at))),
        (None, Some(pid)) => Err(format!("pid {pid} uses the database, but left no note where it listens")),
        (None, None) => Ok("none runs".to_owned()),
    }
}

fn token(config: &Config, findings: &Findings) -> Result<String, String> {
    match &findings.token {
        Ok(true) => Ok(token_file::path(&config.data_dir.value).display().to_string()),
        Ok(false) => Ok("not made yet; the first `autocoder serve` makes it".to_owned()),
        Err(error) => Err(error.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_never_shown() {
        for (url, shown) in [
            ("postgres://me:secret@db/x", "postgres://me:***@db/x"),
            ("postgres://me@db/x", "postgres://me@db/x"),
            ("postgres:///x?host=/run&password=secret", "postgres:///x?…"),
        ] {
            assert_eq!(without_password(url), shown);
        }
    }
}
