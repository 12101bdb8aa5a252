//! The configuration: flags over `AUTOCODER_*` over the user's file over defaults, each value with its source.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use autocoder_core::agent::RunnerKind;
use serde::Deserialize;

use crate::cli::{ColorChoice, Flags};
use crate::exit::Failure;

/// Variables of the process, as text; others are passed over.
pub(crate) type Environment = BTreeMap<String, String>;

/// The process's environment.
pub(crate) fn environment() -> Environment {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect()
}

/// The folder the command was started in.
pub(crate) fn current_folder() -> Option<PathBuf> {
    std::env::current_dir().ok()?.canonicalize().ok()
}

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    Flag(&'static str),
    Variable(String),
    File(PathBuf),
    Default,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(name) => f.write_str(name),
            Self::Variable(name) => f.write_str(name),
            Self::File(path) => path.display().fmt(f),
            Self::Default => f.write_str("default"),
        }
    }
}

/// A value and where it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Setting<T> {
    pub(crate) value: T,
    pub(crate) source: Source,
}

/// Everything that is configured outside the database.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    /// The user's file, whether it is there or not.
    pub(crate) file: Option<PathBuf>,
    pub(crate) data_dir: Setting<PathBuf>,
    /// PostgreSQL; none: a file in the data directory.
    pub(crate) database_url: Option<Setting<String>>,
    pub(crate) color: Setting<ColorChoice>,
    /// The programs of runners that are set by hand.
    pub(crate) runners: BTreeMap<RunnerKind, Setting<PathBuf>>,
    /// How the person at this machine is told what happens.
    pub(crate) notify: Notify,
    /// The name of the person who types.
    pub(crate) user: String,
    pub(crate) environment: Environment,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileConfig {
    data_dir: Option<PathBuf>,
    database_url: Option<String>,
    #[serde(default)]
    runners: BTreeMap<RunnerKind, FileRunner>,
    #[serde(default)]
    notify: Notify,
}

/// How the person at this machine is told what happens; only the user's file can say it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Notify {
    /// A program and its arguments; it reads the event as JSON from its standard input.
    #[serde(default)]
    pub(crate) command: Vec<String>,
    /// Whether the desktop shows it.
    #[serde(default)]
    pub(crate) desktop: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileRunner {
    program: PathBuf,
}

impl Config {
    /// Joins the four sources.
    ///
    /// # Errors
    /// A file that cannot be read or understood, a database URL of an unknown kind, and no place for the data.
    pub(crate) fn load(flags: Flags, environment: Environment) -> Result<Self, Failure> {
        let file = folder(&environment, "XDG_CONFIG_HOME", ".config").map(|dir| dir.join("config.toml"));
        let written = file.as_deref().map_or_else(|| Ok(FileConfig::default()), read_file)?;
        let sources = Sources { environment: &environment, file: file.as_deref() };
        let data_dir = sources
            .first("--data-dir", flags.data_dir, "AUTOCODER_DATA_DIR", written.data_dir)
            .or_else(|| folder(&environment, "XDG_DATA_HOME", ".local/share").map(Setting::default))
            .ok_or_else(|| {
                Failure::wrong("there is no place for the data: HOME is not set", "name one with --data-dir")
            })?;
        let database_url =
            sources.first("--database-url", flags.database_url, "AUTOCODER_DATABASE_URL", written.database_url);
        if let Some(url) = &database_url {
            check_url(url)?;
        }
        let color = color(flags.color, &environment);
        let runners = sources.runners(written.runners);
        let user =
            ["USER", "LOGNAME"].into_iter().find_map(|name| environment.get(name)).filter(|user| !user.is_empty());
        let user = user.map_or_else(|| "person".to_owned(), Clone::clone);
        let notify = written.notify;
        Ok(Self { file, data_dir, database_url, color, runners, notify, user, environment })
    }
}

impl Config {
    /// What a person types to reach the same data: `autocoder`, with the flag that this command was given.
    pub(crate) fn command(&self) -> String {
        match self.data_dir.source {
            Source::Flag(flag) => format!("autocoder {flag} {}", shell_word(&self.data_dir.value.to_string_lossy())),
            Source::Variable(_) | Source::File(_) | Source::Default => "autocoder".to_owned(),
        }
    }
}

/// A word as a shell reads it back.
fn shell_word(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+:@%,=".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

impl<T> Setting<T> {
    const fn default(value: T) -> Self {
        Self { value, source: Source::Default }
    }
}

struct Sources<'a> {
    environment: &'a Environment,
    file: Option<&'a Path>,
}

impl Sources<'_> {
    fn first<T: From<String>>(
        &self,
        flag_name: &'static str,
        flag: Option<T>,
        variable: &str,
        file: Option<T>,
    ) -> Option<Setting<T>> {
        let flag = flag.map(|value| Setting { value, source: Source::Flag(flag_name) });
        flag.or_else(|| self.variable(variable)).or_else(|| self.in_file(file))
    }

    /// A variable; an empty one counts as not set.
    fn variable<T: From<String>>(&self, name: &str) -> Option<Setting<T>> {
        let value = self.environment.get(name).filter(|value| !value.is_empty())?;
        Some(Setting { value: value.clone().into(), source: Source::Variable(name.to_owned()) })
    }

    fn in_file<T>(&self, value: Option<T>) -> Option<Setting<T>> {
        value.map(|value| Setting { value, source: Source::File(self.file.map(Path::to_owned).unwrap_or_default()) })
    }

    fn runners(&self, mut written: BTreeMap<RunnerKind, FileRunner>) -> BTreeMap<RunnerKind, Setting<PathBuf>> {
        let one = |kind: &RunnerKind| {
            let name = format!("AUTOCODER_RUNNER_{}", kind.as_str().to_uppercase().replace('-', "_"));
            let program = written.remove(kind).map(|runner| runner.program);
            Some((*kind, self.variable(&name).or_else(|| self.in_file(program))?))
        };
        RunnerKind::ALL.iter().filter_map(one).collect()
    }
}

fn color(flag: Option<ColorChoice>, environment: &Environment) -> Setting<ColorChoice> {
    let no_color = environment.get("NO_COLOR").is_some_and(|value| !value.is_empty());
    match flag {
        Some(value) => Setting { value, source: Source::Flag("--color") },
        None if no_color => Setting { value: ColorChoice::Never, source: Source::Variable("NO_COLOR".to_owned()) },
        None => Setting::default(ColorChoice::Auto),
    }
}

/// Autocoder's folder below a folder of the XDG base directories, which must be absolute to count.
fn folder(environment: &Environment, variable: &str, below_home: &str) -> Option<PathBuf> {
    let absolute = |path: &String| Some(PathBuf::from(path)).filter(|path| path.is_absolute());
    let base = environment.get(variable).and_then(absolute);
    let base = base.or_else(|| environment.get("HOME").and_then(absolute).map(|home| home.join(below_home)));
    base.map(|base| base.join("autocoder"))
}

fn read_file(path: &Path) -> Result<FileConfig, Failure> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(FileConfig::default()),
        Err(error) => return Err(Failure::file("read", path, error)),
    };
    toml::from_str(&text).map_err(|error| {
        let message = format!("{} is not a configuration file: {}", path.display(), error.to_string().trim_end());
        Failure::wrong(message, "mend or move the file; `autocoder doctor` shows what it may set")
    })
}

fn check_url(url: &Setting<String>) -> Result<(), Failure> {
    if ["postgres://", "postgresql://"].iter().any(|scheme| url.value.starts_with(scheme)) {
        return Ok(());
    }
    // Only the scheme is shown: the rest may hold a password.
    let scheme = url.value.split_once("://").map_or("no scheme", |(scheme, _)| scheme);
    let message = format!("the database URL ({}) has `{scheme}`, must start with `postgres://`", url.source);
    Err(Failure::wrong(message, "leave it out to keep the data in a file below --data-dir"))
}

#[cfg(test)]
mod tests;
