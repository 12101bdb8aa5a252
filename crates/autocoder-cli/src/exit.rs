//! The one translation of everything that goes wrong into an exit code and a message.

use std::io;
use std::path::Path;
use std::process::ExitCode;

use autocoder_core::error::{ErrorKind, Refused};
use autocoder_core::plan::Problem;
use autocoder_core::ports::StoreError;
use autocoder_mcp::ServeError;
use autocoder_storage::{BackupError, LegacyError, LockError};
use serde::Serialize;
use serde_json::{Value, json};

use crate::output::Output;
use crate::token_file::TokenFileError;

/// Why a command did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// A use case refused.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// A plan file has problems; all of them.
    #[error("{file} has {}", count(.problems.len(), "problem"))]
    Plan { file: String, problems: Vec<Problem> },
    /// The command cannot be understood, or lacks something.
    #[error("{message}")]
    Wrong { message: String, hint: String },
    /// What was named is not there.
    #[error("{message}")]
    Missing { message: String, hint: String },
    /// It does not fit what is there.
    #[error("{message}")]
    Conflict { message: String, hint: String },
    /// A budget is used up.
    #[error("{message}")]
    Limit { message: String, hint: String },
    /// A file that was named cannot be used.
    #[error("cannot {action} `{path}`: {source}")]
    File { action: &'static str, path: String, source: io::Error },
    /// Somebody who should answer does not.
    #[error("{message}")]
    Unavailable { message: String, hint: String },
    /// No backup was made or put back.
    #[error(transparent)]
    Backup(#[from] BackupError),
    /// The database cannot be had alone.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// The list of the legacy tool cannot be read.
    #[error(transparent)]
    Legacy(#[from] LegacyError),
    /// The token of this installation cannot be used.
    #[error(transparent)]
    TokenFile(#[from] TokenFileError),
    /// The MCP session ended badly.
    #[error(transparent)]
    Mcp(#[from] ServeError),
    /// Nobody reads what is printed.
    #[error("cannot print: {0}")]
    Output(#[from] io::Error),
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Refused(Refused::Store(error))
    }
}

impl Failure {
    /// Bad usage or input, and what to do instead.
    pub(crate) fn wrong(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Wrong { message: message.into(), hint: hint.into() }
    }

    /// A file that cannot be used.
    pub(crate) fn file(action: &'static str, path: &Path, source: io::Error) -> Self {
        Self::File { action, path: path.display().to_string(), source }
    }

    fn kind(&self) -> ErrorKind {
        match self {
            Self::Refused(refused) => refused.kind(),
            Self::Plan { .. } | Self::Wrong { .. } | Self::File { .. } | Self::TokenFile(_) => ErrorKind::InvalidInput,
            Self::Unavailable { .. } => ErrorKind::Unavailable,
            Self::Backup(error) => error.kind(),
            Self::Lock(error) => error.kind(),
            Self::Legacy(error) => error.kind(),
            Self::Missing { .. } => ErrorKind::NotFound,
            Self::Conflict { .. } => ErrorKind::Conflict,
            Self::Limit { .. } => ErrorKind::LimitReached,
            Self::Mcp(error) => error.kind(),
            Self::Output(_) => ErrorKind::Internal,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Refused(refused) => refused.code(),
            Self::Plan { .. } => "invalid_plan",
            Self::Wrong { .. } => "usage",
            Self::Missing { .. } => "not_found",
            Self::Conflict { .. } => "conflict",
            Self::Limit { .. } => "limit_reached",
            Self::File { .. } => "file",
            Self::Unavailable { .. } => "unavailable",
            Self::Backup(error) => error.code(),
            Self::Lock(error) => error.code(),
            Self::Legacy(error) => error.code(),
            Self::TokenFile(_) => "token_file",
            Self::Mcp(error) => error.code(),
            Self::Output(_) => "output",
        }
    }

    fn hint(&self) -> Option<&str> {
        match self {
            Self::Refused(Refused::NotFound { noun, .. }) => what_there_is(noun),
            Self::Refused(Refused::NameTaken { noun: "project", .. }) => Some("choose another --name"),
            Self::Refused(refused) => refused.hint(),
            Self::Plan { .. } => Some("nothing was changed; mend the file and try again"),
            Self::Wrong { hint, .. }
            | Self::Missing { hint, .. }
            | Self::Conflict { hint, .. }
            | Self::Limit { hint, .. }
            | Self::Unavailable { hint, .. } => Some(hint),
            Self::Backup(error) => error.hint(),
            Self::Lock(error) => error.hint(),
            Self::Legacy(error) => Some(error.hint()),
            Self::TokenFile(error) => error.hint(),
            Self::File { .. } | Self::Mcp(_) | Self::Output(_) => None,
        }
    }

    fn errors(&self) -> Vec<Value> {
        match self {
            Self::Refused(Refused::Invalid(fields)) => fields.iter().map(|field| json!(field)).collect(),
            Self::Refused(Refused::Plan(problems)) | Self::Plan { problems, .. } => problems.iter().map(one).collect(),
            _ => Vec::new(),
        }
    }

    /// The whole message for people: what, and for a plan file everything that is wrong.
    fn text(&self) -> String {
        let Self::Plan { file, problems } = self else { return self.to_string() };
        let lines = problems.iter().map(|problem| match problem {
            Problem { line: 0, .. } => format!("\n  {problem}"),
            Problem { line, field, message, hint } => {
                let field = if field.is_empty() { String::new() } else { format!("{field}: ") };
                let hint = hint.as_ref().map_or_else(String::new, |hint| format!(" ({hint})"));
                format!("\n  {file}:{line}: {field}{message}{hint}")
            }
        });
        format!("{self}:{}", lines.collect::<String>())
    }

    fn exit_code(&self) -> u8 {
        match self.kind() {
            ErrorKind::InvalidInput => 2,
            ErrorKind::NotFound => 3,
            ErrorKind::Conflict | ErrorKind::IllegalTransition => 4,
            ErrorKind::LimitReached => 5,
            ErrorKind::Unavailable | ErrorKind::Internal => 10,
        }
    }
}

fn one(Problem { line, field, message, hint }: &Problem) -> Value {
    json!({ "line": line, "field": field, "message": message, "hint": hint })
}

fn what_there_is(noun: &str) -> Option<&'static str> {
    match noun {
        "project" => Some("`autocoder project list` shows the projects, `autocoder init` makes one"),
        "phase" => Some("`autocoder phase list` shows the phases of a project; name it with --project"),
        "feature" => Some("`autocoder feature list` shows the features of a project; name it with --project"),
        "task" => Some("`autocoder task list` shows the tasks of a project"),
        "token" => Some("`autocoder token list` shows the tokens"),
        "agent" => Some("`autocoder agent list` shows the agents of a project, `autocoder agent add` adds one"),
        _ => None,
    }
}

/// "1 task", "2 tasks".
pub(crate) fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

/// An error as `--json` prints it.
#[derive(Debug, Serialize)]
struct Report<'a> {
    code: &'a str,
    message: String,
    hint: Option<&'a str>,
    errors: Vec<Value>,
}

/// Prints what went wrong and gives the exit code. A reader that went away is nobody's fault.
pub(crate) fn report(output: &Output, failure: &Failure) -> ExitCode {
    if matches!(failure, Failure::Output(error) if error.kind() == io::ErrorKind::BrokenPipe) {
        return ExitCode::SUCCESS;
    }
    let hint = failure.hint();
    if output.json {
        output.complain_json(&Report {
            code: failure.code(),
            message: failure.to_string(),
            hint,
            errors: failure.errors(),
        });
    } else {
        output.complain(&failure.text(), hint);
    }
    ExitCode::from(failure.exit_code())
}

/// Prints what is wrong with the arguments, or the help that was asked for.
pub(crate) fn usage(error: &clap::Error, wants_json: bool) -> ExitCode {
    if wants_json && error.use_stderr() {
        let text = error.render().to_string();
        let (message, rest) = text.split_once("\n\n").unwrap_or((&text, ""));
        let message = message.trim_start_matches("error: ").to_owned();
        let hint = Some(rest.trim()).filter(|rest| !rest.is_empty());
        Output::plain(true).complain_json(&Report { code: "usage", message, hint, errors: Vec::new() });
    } else {
        let _ = error.print();
    }
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
}

#[cfg(test)]
mod tests {
    use autocoder_core::phase::{PhaseAction, PhaseStatus};

    use super::*;

    #[test]
    fn every_sort_of_failure_has_its_exit_code() {
        let illegal = PhaseStatus::Pending.apply(PhaseAction::Approve).unwrap_err();
        let cases: [(Failure, u8, &str); 11] = [
            (Refused::field("name", "must not be empty").into(), 2, "invalid_field"),
            (Failure::Plan { file: "p.yaml".into(), problems: Vec::new() }, 2, "invalid_plan"),
            (Failure::wrong("no", "yes"), 2, "usage"),
            (Failure::file("read", Path::new("x"), io::ErrorKind::NotFound.into()), 2, "file"),
            (Refused::missing("task", 7).into(), 3, "not_found"),
            (Refused::NameTaken { noun: "project", name: "x".into() }.into(), 4, "name_taken"),
            (Refused::Illegal(illegal).into(), 4, "illegal_transition"),
            (Failure::Limit { message: "used up".into(), hint: "wait".into() }, 5, "limit_reached"),
            (StoreError::Unavailable("locked".into()).into(), 10, "database_unavailable"),
            (StoreError::Failed { step: "x", detail: "y".into() }.into(), 10, "internal"),
            (Failure::Output(io::ErrorKind::Other.into()), 10, "output"),
        ];
        for (failure, exit, code) in cases {
            assert_eq!((failure.exit_code(), failure.code()), (exit, code), "{failure}");
        }
    }

    #[test]
    fn a_plan_file_is_told_everything_with_file_and_line() {
        let problem = Problem {
            line: 3,
            field: "phases[0].name".into(),
            message: "is empty".into(),
            hint: Some("fill it".into()),
        };
        let rest = Problem { line: 0, field: String::new(), message: "2 more problems".into(), hint: None };
        let failure = Failure::Plan { file: "p.yaml".into(), problems: vec![problem, rest] };
        let expected = "p.yaml has 2 problems:\n  p.yaml:3: phases[0].name: is empty (fill it)\n  2 more problems";
        assert_eq!(failure.text(), expected);
        assert_eq!(failure.errors()[0]["line"], 3);
    }

    #[test]
    fn a_missing_thing_is_answered_with_the_command_that_lists_them() {
        for noun in ["project", "phase", "feature", "task", "agent"] {
            let failure = Failure::Refused(Refused::missing(noun, 1));
            assert!(failure.hint().is_some_and(|hint| hint.contains(&format!("autocoder {noun} list"))), "{noun}");
        }
    }
}
