//! Gemini CLI in headless mode; written against version 0.61.0.

mod decoder;

use serde_json::{Value, json};

use super::environment::run_environment;
use super::{
    AgentRunner, CommandSpec, Decoder, FileSpec, McpEndpoint, RunSpec, RunnerError, RunnerKind, Session, Stdin,
    prompt_argument,
};

const PASSED: [&str; 7] = [
    "GEMINI_API_KEY",
    "GEMINI_CLI_HOME",
    "GOOGLE_API_KEY",
    "GOOGLE_APPLICATION_CREDENTIALS",
    "GOOGLE_CLOUD_*",
    "GOOGLE_GEMINI_BASE_URL",
    "GOOGLE_GENAI_USE_*",
];
const SETTINGS_VARIABLE: &str = "GEMINI_CLI_SYSTEM_SETTINGS_PATH";

/// Runs `gemini -p`.
#[derive(Clone, Copy, Debug, Default)]
pub struct GeminiRunner;

impl AgentRunner for GeminiRunner {
    fn kind(&self) -> RunnerKind {
        RunnerKind::Gemini
    }

    fn command(&self, spec: &RunSpec) -> Result<CommandSpec, RunnerError> {
        let prompt = format!("--prompt={}", prompt_argument(spec)?);
        let settings = FileSpec::private(&spec.scratch_dir, "gemini.json", settings(&spec.mcp).to_string());
        let settings_path = settings.path.to_string_lossy().into_owned();
        let mut args: Vec<String> =
            [&prompt, "--output-format", "stream-json", "--approval-mode", "yolo", "--skip-trust"]
                .into_iter()
                .chain(["--allowed-mcp-server-names", "autocoder", "--extensions", "none"])
                .map(str::to_owned)
                .collect();
        args.extend(spec.model.iter().flat_map(|model| ["-m".to_owned(), model.clone()]));
        if let Session::Resume(id) = &spec.session {
            args.extend(["--resume".to_owned(), id.clone()]);
        }
        args.extend(spec.extra_args.iter().cloned());
        Ok(CommandSpec {
            program: spec.program.clone().unwrap_or_else(|| "gemini".into()),
            args,
            env: run_environment(spec, &PASSED, &[(SETTINGS_VARIABLE, &settings_path)]),
            files: vec![settings],
            workdir: spec.workdir.clone(),
            stdin: Stdin::Null,
            soft_stop: None,
        })
    }

    fn decoder(&self) -> Box<dyn Decoder> {
        Box::<decoder::GeminiDecoder>::default()
    }

    fn resumes(&self) -> bool {
        true
    }
}

/// Settings of the system come before those of the user and of the repository; the repository's hooks do not run.
fn settings(mcp: &McpEndpoint) -> Value {
    let mut server = match mcp {
        McpEndpoint::Stdio { program, args, env } => json!({ "command": program, "args": args, "env": env }),
        McpEndpoint::Http { url, token } => {
            json!({ "httpUrl": url, "headers": { "Authorization": format!("Bearer {}", token.0) } })
        }
    };
    server["trust"] = true.into();
    // Verification may take long inside of one call.
    server["timeout"] = 3_600_000.into();
    json!({
        "mcpServers": { "autocoder": server },
        "hooksConfig": { "enabled": false },
        "general": { "enableAutoUpdate": false, "disableAutoUpdate": true },
        "privacy": { "usageStatisticsEnabled": false },
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::BearerToken;
    use super::super::spec::tests::a_run;
    use super::*;

    const FIXED: &str = "--prompt=Do the task|--output-format|stream-json|--approval-mode|yolo|--skip-trust|\
        --allowed-mcp-server-names|autocoder|--extensions|none";

    #[test]
    fn the_arguments_are_exactly_these() {
        let resumed = RunSpec { session: Session::Resume("s-1".into()), model: Some("pro".into()), ..a_run() };
        for (spec, chosen) in [(a_run(), ""), (resumed, "|-m|pro|--resume|s-1")] {
            let command = GeminiRunner.command(&spec).unwrap();
            assert_eq!(command.args.join("|"), format!("{FIXED}{chosen}"));
            assert_eq!(command.program, Path::new("gemini"));
            assert_eq!(command.env[SETTINGS_VARIABLE], "/scratch/7/gemini.json");
        }
    }

    #[test]
    fn the_tools_of_the_run_are_named_in_a_private_file() {
        let http = McpEndpoint::Http { url: "http://127.0.0.1:1/mcp".into(), token: BearerToken("s3cret".into()) };
        for (mcp, server) in [
            (
                a_run().mcp,
                json!({ "command": "/bin/autocoder", "args": ["mcp", "--project", "todo"],
                    "env": { "AUTOCODER_ATTEMPT": "3" }, "trust": true, "timeout": 3_600_000 }),
            ),
            (
                http,
                json!({ "httpUrl": "http://127.0.0.1:1/mcp", "headers": { "Authorization": "Bearer s3cret" },
                    "trust": true, "timeout": 3_600_000 }),
            ),
        ] {
            let command = GeminiRunner.command(&RunSpec { mcp, ..a_run() }).unwrap();
            let [file] = command.files.as_slice() else { panic!("{:?}", command.files) };
            let written: Value = serde_json::from_str(&file.contents).unwrap();
            assert_eq!((&written["mcpServers"], file.mode), (&json!({ "autocoder": server }), 0o600));
        }
    }
}
