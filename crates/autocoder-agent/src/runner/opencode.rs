//! opencode in headless mode; written against version 1.18.33.

mod decoder;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::environment::run_environment;
use super::{
    AgentRunner, CommandSpec, Decoder, McpEndpoint, RunSpec, RunnerError, RunnerKind, Session, Stdin, prompt_argument,
};

/// The keys of its providers.
const PASSED: [&str; 10] = [
    "ANTHROPIC_*",
    "AWS_*",
    "AZURE_*",
    "GEMINI_API_KEY",
    "GOOGLE_*",
    "GROQ_API_KEY",
    "MISTRAL_API_KEY",
    "OPENAI_*",
    "OPENCODE_API_KEY",
    "OPENROUTER_API_KEY",
];
const SET: [(&str, &str); 2] = [("OPENCODE_DISABLE_AUTOUPDATE", "1"), ("OPENCODE_DISABLE_PROJECT_CONFIG", "1")];
/// Comes before every file, also those of the repository.
const CONFIG_VARIABLE: &str = "OPENCODE_CONFIG_CONTENT";

/// Runs `opencode run`.
#[derive(Clone, Copy, Debug, Default)]
pub struct OpencodeRunner;

impl AgentRunner for OpencodeRunner {
    fn kind(&self) -> RunnerKind {
        RunnerKind::Opencode
    }

    fn command(&self, spec: &RunSpec) -> Result<CommandSpec, RunnerError> {
        let prompt = prompt_argument(spec)?;
        let mut args: Vec<String> = ["run", "--format", "json", "--auto"].map(str::to_owned).to_vec();
        args.extend(spec.model.iter().flat_map(|model| ["-m".to_owned(), model.clone()]));
        if let Session::Resume(id) = &spec.session {
            args.extend(["-s".to_owned(), id.clone()]);
        }
        args.extend(spec.extra_args.iter().cloned());
        args.extend(["--".to_owned(), prompt.to_owned()]);
        Ok(CommandSpec {
            program: spec.program.clone().unwrap_or_else(|| "opencode".into()),
            args,
            env: environment(spec),
            files: vec![],
            workdir: spec.workdir.clone(),
            stdin: Stdin::Null,
            soft_stop: None,
        })
    }

    fn decoder(&self) -> Box<dyn Decoder> {
        Box::<decoder::OpencodeDecoder>::default()
    }

    fn decoder_of(&self, spec: &RunSpec) -> Box<dyn Decoder> {
        Box::new(decoder::OpencodeDecoder::of(spec))
    }

    fn resumes(&self) -> bool {
        true
    }
}

fn environment(spec: &RunSpec) -> BTreeMap<String, String> {
    let mut env = run_environment(spec, &PASSED, &SET);
    env.insert(CONFIG_VARIABLE.to_owned(), config(&spec.mcp).to_string());
    env
}

fn config(mcp: &McpEndpoint) -> Value {
    let mut server = match mcp {
        McpEndpoint::Stdio { program, args, env } => {
            let command: Vec<String> =
                [program.to_string_lossy().into_owned()].into_iter().chain(args.clone()).collect();
            json!({ "type": "local", "command": command, "environment": env })
        }
        McpEndpoint::Http { url, token } => json!({
            "type": "remote", "url": url, "oauth": false, "headers": { "Authorization": format!("Bearer {}", token.0) },
        }),
    };
    server["enabled"] = true.into();
    // Verification may take long inside of one call.
    server["timeout"] = 3_600_000.into();
    json!({ "mcp": { "autocoder": server }, "autoupdate": false, "share": "disabled" })
}

#[cfg(test)]
mod tests {
    use super::super::BearerToken;
    use super::super::spec::tests::a_run;
    use super::*;

    #[test]
    fn the_arguments_are_exactly_these() {
        let resumed = RunSpec { session: Session::Resume("ses_1".into()), model: Some("a/b".into()), ..a_run() };
        for (spec, chosen) in [(a_run(), ""), (resumed, "-m|a/b|-s|ses_1|")] {
            let command = OpencodeRunner.command(&spec).unwrap();
            assert_eq!(command.args.join("|"), format!("run|--format|json|--auto|{chosen}--|Do the task"));
            assert_eq!((command.program.to_str(), command.files.len()), (Some("opencode"), 0));
        }
    }

    #[test]
    fn the_tools_of_the_run_are_named_before_every_other_configuration() {
        let http = McpEndpoint::Http { url: "http://127.0.0.1:1/mcp".into(), token: BearerToken("s3cret".into()) };
        for (mcp, server) in [
            (
                a_run().mcp,
                json!({ "type": "local", "command": ["/bin/autocoder", "mcp", "--project", "todo"],
                    "environment": { "AUTOCODER_ATTEMPT": "3" }, "enabled": true, "timeout": 3_600_000 }),
            ),
            (
                http,
                json!({ "type": "remote", "url": "http://127.0.0.1:1/mcp", "oauth": false,
                    "headers": { "Authorization": "Bearer s3cret" }, "enabled": true, "timeout": 3_600_000 }),
            ),
        ] {
            let command = OpencodeRunner.command(&RunSpec { mcp, ..a_run() }).unwrap();
            let config: Value = serde_json::from_str(&command.env[CONFIG_VARIABLE]).unwrap();
            assert_eq!(config["mcp"], json!({ "autocoder": server }));
            assert!(!command.args.join("|").contains("s3cret"));
        }
    }
}
