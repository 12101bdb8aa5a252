//! The built-in agent: a real child process that plays a task with realistic times and token counts, without a model.

mod decoder;
mod errand;
mod generator;
mod play;
mod script;
mod tools;

use std::path::PathBuf;

use autocoder_core::agent::Role;

use super::{
    AgentRunner, CommandSpec, Decoder, FileSpec, RUN_ID_VARIABLE, RunSpec, RunnerError, RunnerKind, Stdin,
    allowed_environment,
};

pub use self::play::{PlayError, PlayOptions, last_said, play, stop_signal};

/// The hidden subcommand of `autocoder` that ends in [`play()`]. Its arguments are
/// `--run-id ID --seed N --speed X --fail-rate P --mcp-config FILE`.
pub const SUBCOMMAND: &str = "rehearse";

/// Starts `autocoder rehearse`.
#[derive(Clone, Debug)]
pub struct RehearsalRunner {
    /// Our own binary.
    pub program: PathBuf,
    /// What the generator starts from; the same seed plays the same.
    pub seed: u64,
    /// How many times faster than life it plays.
    pub speed: f64,
    /// The share of runs that end without passing their task, 0 to 1.
    pub fail_rate: f64,
}

impl AgentRunner for RehearsalRunner {
    fn kind(&self) -> RunnerKind {
        RunnerKind::Rehearsal
    }

    fn command(&self, spec: &RunSpec) -> Result<CommandSpec, RunnerError> {
        let config = FileSpec::private(&spec.scratch_dir, "mcp.json", spec.mcp.config());
        let path = config.path.to_string_lossy();
        let numbers = [self.seed.to_string(), self.speed.to_string(), self.fail_rate.to_string()];
        let [seed, speed, fail_rate] = &numbers;
        let own = [SUBCOMMAND, "--run-id", &spec.run_id, "--seed", seed, "--speed", speed, "--fail-rate", fail_rate];
        let (errand, files) = errand(spec, config.clone());
        let mut env = allowed_environment(&spec.environment, spec.allow.iter().map(String::as_str));
        env.insert(RUN_ID_VARIABLE.to_owned(), spec.run_id.clone());
        Ok(CommandSpec {
            program: spec.program.clone().unwrap_or_else(|| self.program.clone()),
            args: own.into_iter().chain(["--mcp-config", &path]).map(str::to_owned).chain(errand).collect(),
            env,
            files,
            workdir: spec.workdir.clone(),
            stdin: Stdin::HeldOpen,
            soft_stop: None,
        })
    }

    fn decoder(&self) -> Box<dyn Decoder> {
        Box::<decoder::RehearsalDecoder>::default()
    }
}

/// What a role that holds no task is told, and the files of the run.
fn errand(spec: &RunSpec, config: FileSpec) -> (Vec<String>, Vec<FileSpec>) {
    if spec.role == Role::Coder {
        return (Vec::new(), vec![config]);
    }
    let prompt = FileSpec::private(&spec.scratch_dir, "prompt.md", spec.prompt.clone());
    let file = prompt.path.to_string_lossy().into_owned();
    let feature = spec.feature.map(|id| ["--feature".to_owned(), id.to_string()]);
    let phase = spec.phase.map(|id| ["--phase".to_owned(), id.to_string()]);
    let fixed = ["--role".to_owned(), spec.role.to_string(), "--prompt-file".to_owned(), file];
    (fixed.into_iter().chain(feature.into_iter().chain(phase).flatten()).collect(), vec![config, prompt])
}

#[cfg(test)]
mod tests {
    use autocoder_core::ids::FeatureId;

    use super::super::spec::tests::a_run;
    use super::*;

    #[test]
    fn the_arguments_are_exactly_these() {
        let runner = RehearsalRunner { program: "/bin/autocoder".into(), seed: 7, speed: 20.5, fail_rate: 0.0 };
        let command = runner.command(&a_run()).unwrap();
        assert_eq!(
            command.args.join(" "),
            "rehearse --run-id i1-7 --seed 7 --speed 20.5 --fail-rate 0 --mcp-config /scratch/7/mcp.json"
        );
        assert_eq!(command.program, std::path::Path::new("/bin/autocoder"));
        assert_eq!(command.stdin, Stdin::HeldOpen);
        assert_eq!(command.env.keys().collect::<Vec<_>>(), ["AUTOCODER_RUN_ID", "HOME", "PATH"]);
        let [config] = command.files.as_slice() else { panic!("{command:?}") };
        assert_eq!((config.path.as_path(), config.mode), (std::path::Path::new("/scratch/7/mcp.json"), 0o600));
    }

    #[test]
    fn a_role_without_tasks_is_told_what_it_is_about() {
        let runner = RehearsalRunner { program: "/bin/autocoder".into(), seed: 7, speed: 1.0, fail_rate: 0.0 };
        let spec = RunSpec { role: Role::SpecWriter, feature: Some(FeatureId(7)), task: None, ..a_run() };
        let command = runner.command(&spec).unwrap();
        let told = command.args.join(" ");
        let (_, told) = told.split_once("mcp.json ").unwrap();
        assert_eq!(told, "--role spec_writer --prompt-file /scratch/7/prompt.md --feature 7");
        assert_eq!(command.files.len(), 2);
    }
}
