//! Codex in headless mode; written against version 0.169.0.

mod decoder;

use serde_json::Value;

use super::environment::run_environment;
use super::{
    AgentRunner, CommandSpec, Decoder, McpEndpoint, RunSpec, RunnerError, RunnerKind, Session, Stdin, prompt_argument,
};

const PASSED: [&str; 5] = ["OPENAI_API_KEY", "OPENAI_BASE_URL", "CODEX_HOME", "CODEX_API_KEY", "NODE_EXTRA_CA_CERTS"];
/// The token goes by the environment: arguments are seen by everyone on the machine.
const TOKEN_VARIABLE: &str = "AUTOCODER_MCP_TOKEN";
const SERVER: &str = "mcp_servers.autocoder";

/// Runs `codex exec`.
#[derive(Clone, Copy, Debug, Default)]
pub struct CodexRunner;

impl AgentRunner for CodexRunner {
    fn kind(&self) -> RunnerKind {
        RunnerKind::Codex
    }

    fn command(&self, spec: &RunSpec) -> Result<CommandSpec, RunnerError> {
        let prompt = prompt_argument(spec)?;
        let mut env = run_environment(spec, &PASSED, &[]);
        let mut args: Vec<String> =
            ["exec", "--json", "--skip-git-repo-check", "--sandbox", "workspace-write"].map(str::to_owned).to_vec();
        let network = ("sandbox_workspace_write.network_access".to_owned(), Value::Bool(true));
        for (key, value) in [network].into_iter().chain(server(&spec.mcp)) {
            // The strings, lists and booleans of JSON are those of TOML.
            args.extend(["-c".to_owned(), format!("{key}={value}")]);
        }
        match &spec.mcp {
            McpEndpoint::Stdio { env: more, .. } => env.extend(more.clone()),
            McpEndpoint::Http { token, .. } => {
                env.insert(TOKEN_VARIABLE.to_owned(), token.0.clone());
            }
        }
        args.extend(spec.model.iter().flat_map(|model| ["-m".to_owned(), model.clone()]));
        args.extend(spec.extra_args.iter().cloned());
        if let Session::Resume(id) = &spec.session {
            args.extend(["resume".to_owned(), id.clone()]);
        }
        args.extend(["--".to_owned(), prompt.to_owned()]);
        Ok(CommandSpec {
            program: spec.program.clone().unwrap_or_else(|| "codex".into()),
            args,
            env,
            files: vec![],
            workdir: spec.workdir.clone(),
            stdin: Stdin::Null,
            soft_stop: None,
        })
    }

    fn decoder(&self) -> Box<dyn Decoder> {
        Box::<decoder::CodexDecoder>::default()
    }

    fn decoder_of(&self, spec: &RunSpec) -> Box<dyn Decoder> {
        Box::new(decoder::CodexDecoder::of(spec))
    }

    fn resumes(&self) -> bool {
        true
    }
}

/// The settings that name Autocoder's tools; a server that does not start ends the run.
fn server(mcp: &McpEndpoint) -> Vec<(String, Value)> {
    let own = match mcp {
        McpEndpoint::Stdio { program, args, env } => vec![
            ("command", Value::from(program.to_string_lossy())),
            ("args", Value::from(args.clone())),
            ("env_vars", env.keys().cloned().collect()),
        ],
        McpEndpoint::Http { url, .. } => {
            vec![("url", Value::from(url.clone())), ("bearer_token_env_var", Value::from(TOKEN_VARIABLE))]
        }
    };
    let all = [("required", Value::Bool(true)), ("default_tools_approval_mode", Value::from("approve"))];
    // Verification may take long inside of one call.
    let time = [("tool_timeout_sec", Value::from(3600))];
    own.into_iter().chain(all).chain(time).map(|(key, value)| (format!("{SERVER}.{key}"), value)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::spec::tests::a_run;
    use super::super::{BearerToken, RUN_ID_VARIABLE};
    use super::*;

    const FIXED: &str = "exec|--json|--skip-git-repo-check|--sandbox|workspace-write|-c|\
        sandbox_workspace_write.network_access=true|";
    const CLOSED: &str = "-c|mcp_servers.autocoder.required=true|-c|\
        mcp_servers.autocoder.default_tools_approval_mode=\"approve\"|-c|mcp_servers.autocoder.tool_timeout_sec=3600|";
    const STDIO: &str = "-c|mcp_servers.autocoder.command=\"/bin/autocoder\"|-c|\
        mcp_servers.autocoder.args=[\"mcp\",\"--project\",\"todo\"]|-c|\
        mcp_servers.autocoder.env_vars=[\"AUTOCODER_ATTEMPT\"]|";

    #[test]
    fn the_arguments_are_exactly_these() {
        let resumed = RunSpec { session: Session::Resume("t-1".into()), model: Some("gpt".into()), ..a_run() };
        for (spec, chosen) in [(a_run(), ""), (resumed, "-m|gpt|resume|t-1|")] {
            let command = CodexRunner.command(&spec).unwrap();
            assert_eq!(command.args.join("|"), format!("{FIXED}{STDIO}{CLOSED}{chosen}--|Do the task"));
            assert_eq!((command.program.to_str(), command.stdin), (Some("codex"), Stdin::Null));
            let names: Vec<&str> = command.env.keys().map(String::as_str).collect();
            assert_eq!(names, ["AUTOCODER_ATTEMPT", RUN_ID_VARIABLE, "HOME", "PATH"]);
        }
    }

    #[test]
    fn a_token_is_no_argument() {
        let mcp = McpEndpoint::Http { url: "http://127.0.0.1:1/mcp".into(), token: BearerToken("s3cret".into()) };
        let command = CodexRunner.command(&RunSpec { mcp, ..a_run() }).unwrap();
        let arguments = command.args.join("|");
        assert!(arguments.contains("mcp_servers.autocoder.url=\"http://127.0.0.1:1/mcp\""), "{arguments}");
        assert!(!arguments.contains("s3cret"), "{arguments}");
        assert_eq!(command.env[TOKEN_VARIABLE], "s3cret");
    }
}
