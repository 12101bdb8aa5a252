//! Claude Code in headless mode; written against version 2.1.330.

mod decoder;
mod ending;
mod totals;

use std::collections::BTreeMap;

use super::{
    AgentRunner, CommandSpec, Decoder, FileSpec, RUN_ID_VARIABLE, RunSpec, RunnerError, RunnerKind, Session, Stdin,
    allowed_environment, refuse_nul,
};

/// Linux takes at most 128 KiB an argument, its NUL included; a little room is kept.
const PROMPT_LIMIT: usize = 127 * 1024;
const FILE_TOOLS: &str = "Read,Edit,Write,Bash,Glob,Grep";
const PASSED: [&str; 7] = [
    "ANTHROPIC_API_KEY",
    "ANTHROPIC_AUTH_TOKEN",
    "ANTHROPIC_BASE_URL",
    "CLAUDE_CODE_*",
    "CLAUDE_CONFIG_DIR",
    "MCP_TIMEOUT",
    "NODE_EXTRA_CA_CERTS",
];
/// What Claude Code sets for its children: a run started from inside one is not part of that session.
const OF_AN_OUTER_SESSION: [&str; 4] =
    ["CLAUDE_CODE_ENTRYPOINT", "CLAUDE_CODE_EXECPATH", "CLAUDE_CODE_SESSION_ID", "CLAUDE_CODE_SSE_PORT"];
const SET: [(&str, &str); 5] = [
    ("DISABLE_AUTOUPDATER", "1"),
    ("DISABLE_TELEMETRY", "1"),
    ("DISABLE_ERROR_REPORTING", "1"),
    ("CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1"),
    ("ENABLE_TOOL_SEARCH", "false"),
];

/// Runs `claude -p`.
#[derive(Clone, Copy, Debug, Default)]
pub struct ClaudeCodeRunner;

impl AgentRunner for ClaudeCodeRunner {
    fn kind(&self) -> RunnerKind {
        RunnerKind::ClaudeCode
    }

    fn command(&self, spec: &RunSpec) -> Result<CommandSpec, RunnerError> {
        if spec.prompt.len() > PROMPT_LIMIT {
            return Err(RunnerError::PromptTooLong { bytes: spec.prompt.len(), limit: PROMPT_LIMIT });
        }
        refuse_nul("prompt", &spec.prompt)?;
        let config = FileSpec::private(&spec.scratch_dir, "mcp.json", spec.mcp.config());
        let mut args = fixed_arguments(&spec.prompt, &config.path.to_string_lossy());
        args.extend(chosen_arguments(spec));
        args.extend(spec.extra_args.iter().cloned());
        Ok(CommandSpec {
            program: spec.program.clone().unwrap_or_else(|| "claude".into()),
            args,
            env: environment(spec),
            files: vec![config],
            workdir: spec.workdir.clone(),
            stdin: Stdin::Null,
        })
    }

    fn decoder(&self) -> Box<dyn Decoder> {
        Box::<decoder::ClaudeCodeDecoder>::default()
    }
}

fn fixed_arguments(prompt: &str, mcp_config: &str) -> Vec<String> {
    let allowed = format!("mcp__autocoder__*,{FILE_TOOLS}");
    [
        ["-p", prompt].as_slice(),
        &["--output-format", "stream-json", "--verbose", "--include-partial-messages"],
        &["--mcp-config", mcp_config, "--strict-mcp-config"],
        &["--allowedTools", &allowed, "--tools", FILE_TOOLS],
        &["--permission-mode", "acceptEdits", "--permission-prompts", "none"],
        // The repository's settings must not decide what runs.
        &["--setting-sources", "", "--disable-slash-commands"],
    ]
    .concat()
    .into_iter()
    .map(str::to_owned)
    .collect()
}

fn chosen_arguments(spec: &RunSpec) -> Vec<String> {
    let session = match &spec.session {
        Session::Fresh => None,
        Session::New(id) => Some(("--session-id", id.clone())),
        Session::Resume(id) => Some(("--resume", id.clone())),
    };
    [
        spec.model.clone().map(|model| ("--model", model)),
        spec.max_turns.map(|turns| ("--max-turns", turns.to_string())),
        spec.max_cost_nusd.map(|nusd| ("--max-budget-usd", usd(nusd))),
        session,
    ]
    .into_iter()
    .flatten()
    .flat_map(|(flag, value)| [flag.to_owned(), value])
    .collect()
}

fn environment(spec: &RunSpec) -> BTreeMap<String, String> {
    let also = PASSED.into_iter().chain(spec.allow.iter().map(String::as_str));
    let mut env = allowed_environment(&spec.environment, also);
    env.retain(|name, _| !OF_AN_OUTER_SESSION.contains(&name.as_str()));
    env.extend(SET.map(|(name, value)| (name.to_owned(), value.to_owned())));
    env.insert(RUN_ID_VARIABLE.to_owned(), spec.run_id.clone());
    env
}

fn usd(nusd: u64) -> String {
    format!("{}.{:09}", nusd / 1_000_000_000, nusd % 1_000_000_000)
}

#[cfg(test)]
mod tests {
    use super::super::spec::tests::a_run;
    use super::*;

    const FIXED: &str = "-p|Do the task|--output-format|stream-json|--verbose|--include-partial-messages|--mcp-config|\
        /scratch/7/mcp.json|--strict-mcp-config|--allowedTools|mcp__autocoder__*,Read,Edit,Write,Bash,Glob,Grep|--tools|\
        Read,Edit,Write,Bash,Glob,Grep|--permission-mode|acceptEdits|--permission-prompts|none|--setting-sources||\
        --disable-slash-commands";

    #[test]
    fn the_arguments_are_exactly_these() {
        let cases: [(RunSpec, &str, &str); 4] = [
            (a_run(), "claude", ""),
            (RunSpec { model: Some("m".into()), max_turns: Some(9), ..a_run() }, "claude", "|--model|m|--max-turns|9"),
            (
                RunSpec { max_cost_nusd: Some(1_250_000_000), session: Session::New("u-1".into()), ..a_run() },
                "claude",
                "|--max-budget-usd|1.250000000|--session-id|u-1",
            ),
            (
                RunSpec {
                    session: Session::Resume("u-1".into()),
                    program: Some("/opt/claude".into()),
                    extra_args: vec!["--fork-session".into()],
                    ..a_run()
                },
                "/opt/claude",
                "|--resume|u-1|--fork-session",
            ),
        ];
        for (spec, program, chosen) in cases {
            let command = ClaudeCodeRunner.command(&spec).unwrap();
            assert_eq!(command.args.join("|"), format!("{FIXED}{chosen}"));
            assert_eq!(command.program, std::path::Path::new(program));
            assert_eq!(command.stdin, Stdin::Null);
        }
    }

    #[test]
    fn the_environment_starts_from_nothing() {
        let mut spec = a_run();
        for name in [
            "ANTHROPIC_API_KEY",
            "CLAUDE_CODE_MAX_RETRIES",
            "CLAUDE_CODE_SESSION_ID",
            "CLAUDECODE",
            "IS_SANDBOX",
            "MINE",
        ] {
            spec.environment.insert(name.into(), "x".into());
        }
        spec.allow = vec!["MINE".into()];
        let command = ClaudeCodeRunner.command(&spec).unwrap();
        let names: Vec<&str> = command.env.keys().map(String::as_str).collect();
        assert_eq!(
            names.join(" "),
            "ANTHROPIC_API_KEY AUTOCODER_RUN_ID CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC CLAUDE_CODE_MAX_RETRIES \
             DISABLE_AUTOUPDATER DISABLE_ERROR_REPORTING DISABLE_TELEMETRY ENABLE_TOOL_SEARCH HOME MINE PATH"
        );
        assert_eq!(command.env[RUN_ID_VARIABLE], "i1-7");
    }

    #[test]
    fn the_tools_of_the_run_are_named_in_a_private_file() {
        let command = ClaudeCodeRunner.command(&a_run()).unwrap();
        let [file] = command.files.as_slice() else { panic!("{:?}", command.files) };
        assert_eq!((file.path.to_str(), file.mode), (Some("/scratch/7/mcp.json"), 0o600));
        assert_eq!(file.contents, a_run().mcp.config());
    }

    #[test]
    fn a_prompt_that_no_argument_can_carry_is_refused() {
        for (prompt, code) in [("x".repeat(PROMPT_LIMIT + 1), "prompt_too_long"), ("a\0b".into(), "nul_in_argument")] {
            assert_eq!(ClaudeCodeRunner.command(&RunSpec { prompt, ..a_run() }).unwrap_err().code(), code);
        }
        assert!(ClaudeCodeRunner.command(&RunSpec { prompt: "x".repeat(PROMPT_LIMIT), ..a_run() }).is_ok());
    }
}
