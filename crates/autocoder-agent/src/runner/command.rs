//! Any program as an agent: a template of arguments, no shell, and the exit code as the outcome.

mod decoder;

use std::collections::BTreeMap;

use super::environment::run_environment;
use super::{
    AgentRunner, CommandSpec, Decoder, FileSpec, RunSpec, RunnerError, RunnerKind, Session, Stdin, refuse_nul,
};

pub(in crate::runner) use self::decoder::UsageLine;

/// Starts `template`, in which `{prompt_file}`, `{workdir}`, `{mcp_config}`, `{session}` and `{task_id}` are replaced and
/// `{{` and `}}` stand for braces.
///
/// Exit code 0 completes the run, any other fails it. A line `AUTOCODER_USAGE {"message_id", "model", "input_tokens",
/// "output_tokens", "cache_read_tokens", "cache_write_5m_tokens", "cache_write_1h_tokens"}` on standard output counts
/// tokens; a later line of the same message replaces the earlier one.
#[derive(Clone, Debug)]
pub struct CommandRunner {
    template: Vec<String>,
}

impl CommandRunner {
    /// A runner for `template`: the program and its arguments.
    ///
    /// # Errors
    /// [`RunnerError::NoProgram`] when it is empty.
    pub fn new(template: Vec<String>) -> Result<Self, RunnerError> {
        match template.first() {
            Some(program) if !program.is_empty() => Ok(Self { template }),
            _ => Err(RunnerError::NoProgram),
        }
    }
}

impl AgentRunner for CommandRunner {
    fn kind(&self) -> RunnerKind {
        RunnerKind::Command
    }

    fn command(&self, spec: &RunSpec) -> Result<CommandSpec, RunnerError> {
        let prompt = FileSpec::private(&spec.scratch_dir, "prompt.md", spec.prompt.clone());
        let config = FileSpec::private(&spec.scratch_dir, "mcp.json", spec.mcp.config());
        let session = match &spec.session {
            Session::Fresh => String::new(),
            Session::New(id) | Session::Resume(id) => id.clone(),
        };
        let values = BTreeMap::from([
            ("prompt_file", prompt.path.to_string_lossy().into_owned()),
            ("workdir", spec.workdir.to_string_lossy().into_owned()),
            ("mcp_config", config.path.to_string_lossy().into_owned()),
            ("session", session),
            ("task_id", spec.task.map(|task| task.to_string()).unwrap_or_default()),
        ]);
        let filled = self.template.iter().map(|part| fill(part, &values)).collect::<Result<Vec<_>, _>>()?;
        let (program, args) = filled.split_first().ok_or(RunnerError::NoProgram)?;
        Ok(CommandSpec {
            program: spec.program.clone().unwrap_or_else(|| program.into()),
            args: args.iter().chain(&spec.extra_args).cloned().collect(),
            env: run_environment(spec, &[], &[]),
            files: vec![prompt, config],
            workdir: spec.workdir.clone(),
            stdin: Stdin::Null,
            soft_stop: None,
        })
    }

    fn decoder(&self) -> Box<dyn Decoder> {
        Box::<decoder::CommandDecoder>::default()
    }
}

fn fill(part: &str, values: &BTreeMap<&str, String>) -> Result<String, RunnerError> {
    refuse_nul("command", part)?;
    let mut filled = String::new();
    let mut rest = part;
    while let Some(at) = rest.find(['{', '}']) {
        let (before, from) = rest.split_at(at);
        filled.push_str(before);
        if let Some(after) = from.strip_prefix("{{") {
            filled.push('{');
            rest = after;
        } else if let Some(after) = from.strip_prefix("}}") {
            filled.push('}');
            rest = after;
        } else if let Some((name, after)) = from.strip_prefix('{').and_then(|from| from.split_once('}')) {
            filled.push_str(values.get(name).ok_or_else(|| unknown(name, values))?);
            rest = after;
        } else {
            return Err(unknown(from, values));
        }
    }
    Ok(filled + rest)
}

fn unknown(name: &str, values: &BTreeMap<&str, String>) -> RunnerError {
    let known: Vec<String> = values.keys().map(|name| format!("`{{{name}}}`")).collect();
    RunnerError::UnknownPlaceholder {
        name: name.to_owned(),
        known: known.join(", ") + ", and `{{` and `}}` for braces",
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::spec::tests::a_run;
    use super::*;

    fn runner(template: &[&str]) -> CommandRunner {
        CommandRunner::new(template.iter().map(|&part| part.to_owned()).collect()).unwrap()
    }

    #[test]
    fn the_arguments_are_exactly_these() {
        let resumed = RunSpec { session: Session::Resume("s-1".into()), task: None, ..a_run() };
        for (template, spec, program, args) in [
            (vec!["./my-agent", "{prompt_file}"], a_run(), "./my-agent", vec!["/scratch/7/prompt.md"]),
            (vec!["a", "--in={workdir}", "{task_id}"], a_run(), "a", vec!["--in=/project", "42"]),
            (vec!["a", "{mcp_config}", "{session}", "{task_id}"], resumed, "a", vec!["/scratch/7/mcp.json", "s-1", ""]),
            (vec!["a", "{{x}} {{{task_id}}}", "$(rm -rf /)"], a_run(), "a", vec!["{x} {42}", "$(rm -rf /)"]),
        ] {
            let command = runner(&template).command(&spec).unwrap();
            assert_eq!(
                (command.program.as_path(), command.args),
                (Path::new(program), args.iter().map(|arg| (*arg).to_owned()).collect())
            );
            assert_eq!(command.env.keys().collect::<Vec<_>>(), ["AUTOCODER_RUN_ID", "HOME", "PATH"]);
            assert_eq!(command.files.iter().map(|file| file.mode).collect::<Vec<_>>(), [0o600, 0o600]);
            assert_eq!(command.files[0].contents, "Do the task");
        }
    }

    #[test]
    fn a_template_that_means_nothing_is_refused() {
        for template in [vec![], vec![String::new()]] {
            assert_eq!(CommandRunner::new(template).unwrap_err(), RunnerError::NoProgram);
        }
        for part in ["{promptfile}", "{", "}", "a{b", "{}"] {
            assert_eq!(runner(&["a", part]).command(&a_run()).unwrap_err().code(), "unknown_placeholder", "{part}");
        }
        assert_eq!(runner(&["a", "b\0"]).command(&a_run()).unwrap_err().code(), "nul_in_argument");
    }
}
