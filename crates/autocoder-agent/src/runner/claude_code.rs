//! Claude Code in headless mode; written against version 2.1.330.

mod decoder;
mod ending;
mod totals;

use std::collections::BTreeMap;
use std::path::Path;

use autocoder_core::agent::Role;
use serde_json::json;

use super::environment::run_environment;
use super::{
    AgentRunner, CommandSpec, Decoder, FileSpec, RunSpec, RunnerError, RunnerKind, Session, Stdin, prompt_argument,
    refuse_nul,
};

const FILE_TOOLS: &str = "Read,Edit,Write,Bash,Glob,Grep";
const READING_TOOLS: &str = "Read,Bash,Glob,Grep";
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
        let prompt = prompt_argument(spec)?;
        let soft_stop = spec.scratch_dir.join("stop");
        let settings = FileSpec::private(&spec.scratch_dir, "settings.json", settings(&soft_stop)?);
        let config = FileSpec::private(&spec.scratch_dir, "mcp.json", spec.mcp.config());
        let mut args = fixed_arguments(
            prompt,
            &config.path.to_string_lossy(),
            &settings.path.to_string_lossy(),
            file_tools(spec.role),
        );
        args.extend(chosen_arguments(spec));
        args.extend(spec.extra_args.iter().cloned());
        Ok(CommandSpec {
            program: spec.program.clone().unwrap_or_else(|| "claude".into()),
            args,
            env: environment(spec),
            files: vec![config, settings],
            workdir: spec.workdir.clone(),
            stdin: Stdin::Null,
            soft_stop: Some(soft_stop),
        })
    }

    fn decoder(&self) -> Box<dyn Decoder> {
        Box::<decoder::ClaudeCodeDecoder>::default()
    }

    fn resumes(&self) -> bool {
        true
    }
}

/// A hook asks before every tool call whether the run shall stop, so that it ends between two steps, its usage counted.
fn settings(soft_stop: &Path) -> Result<String, RunnerError> {
    let path = soft_stop.to_string_lossy();
    refuse_nul("scratch directory", &path)?;
    let answer = r#"{"continue":false,"stopReason":"Autocoder stops this run"}"#;
    let command = format!("test ! -e {} || echo '{answer}'", shell_word(&path));
    let hook = json!({ "type": "command", "command": command, "timeout": 10 });
    Ok(json!({ "hooks": { "PreToolUse": [{ "matcher": "*", "hooks": [hook] }] } }).to_string())
}

fn shell_word(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}

/// Only coders write files.
fn file_tools(role: Role) -> &'static str {
    if role == Role::Coder { FILE_TOOLS } else { READING_TOOLS }
}

fn fixed_arguments(prompt: &str, mcp_config: &str, settings: &str, tools: &str) -> Vec<String> {
    let allowed = format!("mcp__autocoder__*,{tools}");
    [
        ["-p", prompt].as_slice(),
        &["--output-format", "stream-json", "--verbose", "--include-partial-messages"],
        &["--mcp-config", mcp_config, "--strict-mcp-config"],
        &["--allowedTools", &allowed, "--tools", tools],
        &["--permission-mode", "acceptEdits", "--permission-prompts", "none"],
        // The repository's settings must not decide what runs.
        &["--setting-sources", "", "--disable-slash-commands", "--settings", settings],
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
    let mut env = run_environment(spec, &PASSED, &SET);
    env.retain(|name, _| !OF_AN_OUTER_SESSION.contains(&name.as_str()));
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
        --disable-slash-commands|--settings|/scratch/7/settings.json";

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
            assert_eq!(command.program, Path::new(program));
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
        assert_eq!(command.env[crate::runner::RUN_ID_VARIABLE], "i1-7");
    }

    #[test]
    fn the_tools_of_the_run_are_named_in_a_private_file() {
        let command = ClaudeCodeRunner.command(&a_run()).unwrap();
        let [file, settings] = command.files.as_slice() else { panic!("{:?}", command.files) };
        assert_eq!((file.path.to_str(), file.mode), (Some("/scratch/7/mcp.json"), 0o600));
        assert_eq!(file.contents, a_run().mcp.config());
        assert_eq!((settings.path.to_str(), settings.mode), (Some("/scratch/7/settings.json"), 0o600));
    }

    #[test]
    fn a_hook_asks_for_the_stop_before_every_tool_call() {
        let command = ClaudeCodeRunner.command(&RunSpec { scratch_dir: "/it's/7".into(), ..a_run() }).unwrap();
        assert_eq!(command.soft_stop.as_deref(), Some(Path::new("/it's/7/stop")));
        let settings: serde_json::Value = serde_json::from_str(&command.files[1].contents).unwrap();
        assert_eq!(
            settings.pointer("/hooks/PreToolUse/0/hooks/0/command").and_then(serde_json::Value::as_str),
            Some(r#"test ! -e '/it'\''s/7/stop' || echo '{"continue":false,"stopReason":"Autocoder stops this run"}'"#)
        );
    }

    #[test]
    fn a_prompt_that_no_argument_can_carry_is_refused() {
        use crate::runner::PROMPT_LIMIT;
        for (prompt, code) in [("x".repeat(PROMPT_LIMIT + 1), "prompt_too_long"), ("a\0b".into(), "nul_in_argument")] {
            assert_eq!(ClaudeCodeRunner.command(&RunSpec { prompt, ..a_run() }).unwrap_err().code(), code);
        }
        assert!(ClaudeCodeRunner.command(&RunSpec { prompt: "x".repeat(PROMPT_LIMIT), ..a_run() }).is_ok());
    }
}
