//! The command line as a whole: global flags, help in groups, and the way from arguments to an exit code.

use std::ffi::OsString;
use std::fmt::Write;
use std::process::ExitCode;

use clap::{Args, CommandFactory, FromArgMatches, Parser, ValueEnum};

use crate::commands::Command;
use crate::config::{self, Config};
use crate::exit;
use crate::output::Output;
use crate::root::Root;

/// Runs coding agents over a plan and keeps a person in charge of it.
#[derive(Parser)]
#[command(name = "autocoder", version, arg_required_else_help = true, max_term_width = 110)]
pub(crate) struct Cli {
    #[command(flatten)]
    flags: Flags,
    #[command(subcommand)]
    command: Command,
}

#[derive(Args, Clone, Debug, Default)]
pub(crate) struct Flags {
    /// Where Autocoder keeps its data
    #[arg(long, global = true, value_name = "DIR", help_heading = "Global options")]
    pub(crate) data_dir: Option<std::path::PathBuf>,
    /// PostgreSQL instead of a file in the data directory: postgres://…
    #[arg(long, global = true, value_name = "URL", help_heading = "Global options")]
    pub(crate) database_url: Option<String>,
    /// Print JSON, errors too
    #[arg(long, global = true, help_heading = "Global options")]
    pub(crate) json: bool,
    /// Print only what was asked for
    #[arg(short, long, global = true, conflicts_with = "verbose", help_heading = "Global options")]
    pub(crate) quiet: bool,
    /// Say more about what happens
    #[arg(short, long, global = true, help_heading = "Global options")]
    pub(crate) verbose: bool,
    /// Use colours
    #[arg(long, global = true, value_name = "WHEN", help_heading = "Global options")]
    pub(crate) color: Option<ColorChoice>,
}

/// When to use colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorChoice {
    Auto,
    Always,
    Never,
}

/// The commands in the groups that `--help` shows.
const GROUPS: &[(&str, &[&str])] = &[
    ("Start", &["init", "plan", "import-legacy", "run", "status"]),
    ("Decide", &["inbox", "phase", "why"]),
    ("Work on the plan", &["project", "feature", "task", "agent", "worktree"]),
    ("Limits", &["usage", "simulate", "schedule"]),
    ("Serve", &["serve", "open"]),
    ("For agents", &["mcp", "prompt"]),
    (
        "This installation",
        &["doctor", "health", "backup", "restore", "token", "webhook", "migrate", "openapi", "completions", "man"],
    ),
];

const EXAMPLES: &str = "\
Examples:
  autocoder init . --name todo-app --verify 'npm test'
  autocoder plan import plan.yaml --project todo-app
  autocoder status
  autocoder phase approve 1 --note 'works on my phone'

In a project's folder, --project may be left out.
Exit codes: 0 ok, 2 bad usage or input, 3 not found, 4 conflict, 5 limit reached, 10 internal.";

/// Reads the arguments, does what they say, and gives the exit code.
pub(crate) fn main(arguments: Vec<OsString>) -> ExitCode {
    let wants_json = arguments.iter().any(|argument| argument == "--json");
    let parsed = command().try_get_matches_from(arguments).and_then(|matches| Cli::from_arg_matches(&matches));
    let Cli { flags, command } = match parsed {
        Ok(cli) => cli,
        Err(error) => return exit::usage(&error, wants_json),
    };
    let config = match Config::load(flags.clone(), config::environment()) {
        Ok(config) => config,
        Err(failure) => return exit::report(&Output::plain(flags.json), &failure),
    };
    let output = Output::new(&flags, &config);
    let root = Root::new(config, output);
    let result = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime.block_on(command.run(&root)),
        Err(error) => Err(exit::Failure::Output(error)),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => exit::report(&root.output, &failure),
    }
}

/// The whole command line, with its commands in groups.
pub(crate) fn command() -> clap::Command {
    let command = Cli::command();
    let groups = grouped(&command);
    command
        .help_template("{about}\n\n{usage-heading} autocoder <COMMAND>\n\n{before-help}Options:\n{options}{after-help}")
        .before_help(groups)
        .after_help(EXAMPLES)
}

fn grouped(command: &clap::Command) -> String {
    let mut text = String::new();
    for (heading, names) in GROUPS {
        let found: Vec<_> = names.iter().filter_map(|name| command.find_subcommand(name)).collect();
        let _ = writeln!(text, "{heading}:");
        for sub in found {
            let about = sub.get_about().map(ToString::to_string).unwrap_or_default();
            let _ = writeln!(text, "  {:<13} {about}", sub.get_name());
        }
        text.push('\n');
    }
    text.truncate(text.trim_end().len());
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_definition_of_the_command_line_holds() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_command_stands_in_one_group_on_one_line() {
        for sub in Cli::command().get_subcommands().filter(|sub| !sub.is_hide_set()) {
            let places = GROUPS.iter().flat_map(|(_, names)| *names).filter(|name| **name == sub.get_name()).count();
            assert_eq!(places, 1, "{}", sub.get_name());
            let about = sub.get_about().map(ToString::to_string).unwrap_or_default();
            assert!(about.chars().count() <= 64, "`{about}` does not fit into 80 columns");
        }
    }

    #[test]
    fn every_command_and_argument_says_what_it_is() {
        fn check(command: &clap::Command, path: &str) {
            let path = format!("{path} {}", command.get_name());
            assert!(command.get_about().is_some(), "{path}");
            for argument in command.get_arguments().filter(|argument| !argument.is_hide_set()) {
                assert!(argument.get_help().is_some(), "{path}: {}", argument.get_id());
            }
            command.get_subcommands().for_each(|sub| check(sub, &path));
        }
        check(&command(), "");
    }
}
