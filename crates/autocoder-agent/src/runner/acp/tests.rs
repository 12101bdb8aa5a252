//! The recorded conversations, and agents that do not keep to them.

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, DuplexStream, duplex, split};

use super::*;
use crate::runner::command::CommandRunner;
use crate::runner::{AgentEvent, AgentRunner, BearerToken, Stream};

const GEMINI: &str = include_str!("../../../tests/samples/acp_gemini.jsonl");
const OPENCODE: &str = include_str!("../../../tests/samples/acp_opencode.jsonl");
const HELLO: &str = r#">> {"id": 0, "method": "initialize"}
<< {"jsonrpc": "2.0", "id": 0, "result": {"protocolVersion": 1, "agentCapabilities": {}}}
>> {"id": 1, "method": "session/new"}
<< {"jsonrpc": "2.0", "id": 1, "result": {"sessionId": "s"}}
>> {"id": 2, "method": "session/prompt"}
"#;

#[derive(Clone, Default)]
struct Told(Arc<Mutex<Vec<u8>>>);

impl Write for Told {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Plays the agent of a recorded conversation, and answers what it was sent.
async fn play(sample: &str, stream: DuplexStream) -> Vec<Value> {
    let (read, mut write) = split(stream);
    let (mut lines, mut ids, mut heard) = (BufReader::new(read).lines(), BTreeMap::new(), Vec::new());
    for line in sample.lines() {
        let mut message: Value = serde_json::from_str(&line[3..]).unwrap();
        if line.starts_with(">>") {
            let sent: Value = serde_json::from_str(&lines.next_line().await.unwrap().unwrap()).unwrap();
            assert_eq!(sent.get("method"), message.get("method"), "{sent}");
            ids.insert(message["id"].to_string(), sent["id"].clone());
            heard.push(sent);
        } else {
            if message.get("method").is_none() {
                message["id"] = ids[&message["id"].to_string()].clone();
            }
            write.write_all(format!("{message}\n").as_bytes()).await.unwrap();
        }
    }
    heard
}

fn ask() -> Ask {
    let env = BTreeMap::from([("A".to_owned(), "b".to_owned())]);
    let mcp = McpEndpoint::Stdio { program: "/bin/autocoder".into(), args: vec!["mcp".into()], env };
    Ask { prompt: "Get the next task".into(), workdir: "/project".into(), mcp }
}

/// What came of a conversation, what was told, and what the agent was sent.
async fn converse_with(sample: &str, ask: Ask) -> (Result<(), AcpError>, Vec<String>, Vec<Value>) {
    let (ours, theirs) = duplex(64 * 1024);
    let (read, write) = split(ours);
    let lines = Lines::new(FramedWrite::new(write, Line::default()), FramedRead::new(read, Line::default()));
    let told = Told::default();
    let (talked, heard) = tokio::join!(talk(lines, ask, told.clone()), play(sample, theirs));
    let told = String::from_utf8(told.0.lock().unwrap().clone()).unwrap();
    (talked, told.lines().map(str::to_owned).collect(), heard)
}

/// The tokens that the supervisor counts of these lines: model, input, output, cache reads.
fn counted(told: &[String]) -> Vec<(String, u64, u64, u64)> {
    let mut decoder = CommandRunner::new(vec!["autocoder".into()]).unwrap().decoder();
    let events = told.iter().flat_map(|line| decoder.push(Stream::Stdout, line));
    let usage = events.filter_map(|event| if let AgentEvent::Usage(sample) = event { Some(sample) } else { None });
    usage.map(|s| (s.model, s.tokens.input, s.tokens.output, s.tokens.cache_read)).collect()
}

#[tokio::test]
async fn each_recorded_conversation_is_spoken_and_told() {
    for (sample, said, tokens) in [
        (
            GEMINI,
            ["tool allowed: task_get_next (autocoder MCP Server)", "STUB-DONE"],
            ("gemini-2.5-pro".to_owned(), 20_400, 60, 0),
        ),
        (OPENCODE, ["tool: autocoder_task_get_next", "STUB-DONE"], ("stub/stub-model".to_owned(), 1_200, 42, 9_000)),
    ] {
        let (talked, told, heard) = converse_with(sample, ask()).await;
        talked.unwrap();
        assert_eq!(told[..2], said);
        assert_eq!(counted(&told), [tokens]);
        assert_eq!(heard[0]["params"]["protocolVersion"], 1);
        let server = json!({
            "name": "autocoder", "command": "/bin/autocoder", "args": ["mcp"], "env": [{ "name": "A", "value": "b" }],
        });
        assert_eq!(heard[1]["params"]["cwd"], "/project");
        assert_eq!(heard[1]["params"]["mcpServers"], json!([server]));
        assert_eq!(heard[2]["params"]["prompt"], json!([{ "type": "text", "text": "Get the next task" }]));
    }
}

#[tokio::test]
async fn a_tool_is_allowed_once() {
    let (_, _, heard) = converse_with(GEMINI, ask()).await;
    let outcome = &heard[3]["result"]["outcome"];
    assert_eq!(*outcome, json!({ "outcome": "selected", "optionId": "proceed_once" }));
}

#[tokio::test]
async fn only_the_end_of_a_turn_is_a_success() {
    for (reason, said) in [
        ("max_tokens", "the agent stopped: it reached its limit of tokens"),
        ("max_turn_requests", "the agent stopped: it reached its limit of requests"),
        ("refusal", "the agent stopped: the model refused"),
        ("cancelled", "the agent stopped: it was cancelled"),
    ] {
        let end = format!("<< {{\"jsonrpc\": \"2.0\", \"id\": 2, \"result\": {{\"stopReason\": \"{reason}\"}}}}");
        let (talked, told, _) = converse_with(&format!("{HELLO}{end}"), ask()).await;
        assert_eq!((talked.unwrap_err().to_string(), told.len()), (said.to_owned(), 0));
    }
}

#[tokio::test]
async fn an_agent_that_ends_or_refuses_has_failed() {
    let refusal = r#"<< {"jsonrpc": "2.0", "id": 2, "error": {"code": -32000, "message": "no key"}}"#;
    let (talked, ..) = converse_with(&format!("{HELLO}{refusal}"), ask()).await;
    let error = talked.unwrap_err().to_string();
    assert!(error.starts_with("the agent refused: ") && error.contains("no key"), "{error}");
    let (talked, ..) = converse_with(HELLO, ask()).await;
    assert!(matches!(talked, Err(AcpError::Gone)), "{talked:?}");
}

#[tokio::test]
async fn an_agent_without_http_is_not_given_tools_over_http() {
    let mcp = McpEndpoint::Http { url: "http://127.0.0.1:1/mcp".into(), token: BearerToken("s".into()) };
    let first_two: String = HELLO.lines().take(2).map(|line| format!("{line}\n")).collect();
    let (talked, ..) = converse_with(&first_two, Ask { mcp: mcp.clone(), ..ask() }).await;
    assert!(matches!(talked, Err(AcpError::NoHttp)), "{talked:?}");
    let (talked, _, heard) = converse_with(OPENCODE, Ask { mcp, ..ask() }).await;
    talked.unwrap();
    let server = &heard[1]["params"]["mcpServers"][0];
    assert_eq!((&server["type"], &server["headers"][0]["value"]), (&json!("http"), &json!("Bearer s")));
}

#[tokio::test]
async fn what_an_agent_says_counts_no_tokens() {
    let says = |text: &str| {
        let update = json!({ "sessionUpdate": "agent_message_chunk", "content": { "type": "text", "text": text } });
        let params = json!({ "sessionId": "s", "update": update });
        format!("<< {}\n", json!({ "jsonrpc": "2.0", "method": "session/update", "params": params }))
    };
    let end = r#"<< {"jsonrpc": "2.0", "id": 2, "result": {"stopReason": "end_turn"}}"#;
    let texts = ["Hel", "lo\nAUTOCODER_USAGE {\"input_tokens\":1}\n  AUTOCODER_USAGE {}", " \nbye"].map(says).concat();
    let (talked, told, _) = converse_with(&format!("{HELLO}{texts}{end}"), ask()).await;
    talked.unwrap();
    assert_eq!((told.first().unwrap().as_str(), told.last().unwrap().as_str()), ("Hello", "bye"));
    assert_eq!((told.len(), counted(&told)), (4, Vec::new()));
}

#[tokio::test]
async fn a_program_that_is_no_agent_fails_and_leaves_nothing() {
    let ask = Ask { workdir: std::env::temp_dir(), ..ask() };
    let missing = drive("/no/such/agent", &[], ask.clone(), Told::default()).await;
    assert!(matches!(missing, Err(AcpError::Start { .. })), "{missing:?}");
    for script in ["exit 0", "echo not json; exit 0", "read line; exit 3"] {
        let talked = drive("/bin/sh", &["-c".into(), script.into()], ask.clone(), Told::default()).await;
        assert!(talked.is_err(), "{script}");
    }
}

#[tokio::test]
async fn an_agent_that_stays_is_ended_after_its_turn() {
    let script = r#"
        reply() {
            read -r line
            id=$(printf '%s' "$line" | sed 's/.*"id":\("[^"]*"\|[0-9]*\).*/\1/')
            printf '{"jsonrpc":"2.0","id":%s,"result":%s}\n' "$id" "$1"
        }
        reply '{"protocolVersion":1,"agentCapabilities":{}}'
        reply '{"sessionId":"s"}'
        reply '{"stopReason":"end_turn"}'
        exec sleep 1000"#;
    let ask = Ask { workdir: std::env::temp_dir(), ..ask() };
    drive("/bin/sh", &["-c".into(), script.into()], ask, Told::default()).await.unwrap();
}
