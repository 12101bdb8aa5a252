//! `autocoder usage import`: what Claude Code's own transcripts hold, counted once.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;

use autocoder_tests::Autocoder;
use serde_json::{Value, json};

/// A line of a transcript: a message with its request, session and folder, and its output.
fn line(message: &str, session: &str, cwd: &str, output: u64) -> String {
    let usage = json!({
        "input_tokens": 3, "output_tokens": output, "cache_read_input_tokens": 9_000,
        "cache_creation_input_tokens": 1_200,
        "cache_creation": { "ephemeral_5m_input_tokens": 1_000, "ephemeral_1h_input_tokens": 200 },
    });
    let message = json!({ "id": message, "type": "message", "role": "assistant", "model": "claude-sonnet-4-5-20250929",
        "content": [{ "type": "text", "text": "done" }], "usage": usage });
    let line = json!({ "parentUuid": null, "isSidechain": false, "cwd": cwd, "sessionId": session, "version": "2.1.0",
        "type": "assistant", "message": message, "requestId": "req_1", "timestamp": "2026-11-20T10:00:00.000Z" });
    format!("{line}\n")
}

fn append(file: &Path, text: &str) {
    let mut file = OpenOptions::new().append(true).create(true).open(file).expect("the folder is there");
    file.write_all(text.as_bytes()).expect("there is room");
}

fn import(autocoder: &Autocoder) -> Value {
    let logs = autocoder.folder("logs");
    autocoder.json(&["usage", "import", "claude-code", &logs.to_string_lossy()])
}

#[test]
fn only_what_is_new_counts_and_each_message_once() {
    let autocoder = Autocoder::with_plan();
    let (project, logs) = (autocoder.folder("p"), autocoder.folder("logs/-work-p"));
    let inside = project.join("src").to_string_lossy().into_owned();
    let (one, copy) = (logs.join("one.jsonl"), logs.join("copy.jsonl"));
    append(&one, "{\"type\":\"user\",\"message\":{\"role\":\"user\",\"content\":\"hello\"}}\n");
    append(&one, &line("msg_1", "s-1", &inside, 5));
    // The same message again, further written; then one of another folder.
    append(&one, &line("msg_1", "s-1", &inside, 17));
    append(&one, &line("msg_2", "s-1", "/elsewhere", 100));
    // A resumed session begins with a copy.
    append(&copy, &line("msg_1", "s-2", &inside, 17));

    let first = import(&autocoder);
    assert_eq!((&first["files"], &first["new"], &first["broken"]), (&json!(2), &json!(2), &json!(0)), "{first}");
    assert_eq!(first["tokens"], 3 + 17 + 3 + 100);
    // 3 input, 17 output, 9,000 read, 1,000 and 200 written cost 7,914,000 nano-USD; the other has 83 output more.
    assert_eq!(first["cost_nusd"], 7_914_000 + 7_914_000 + 83 * 15_000);
    let of_p = autocoder.json(&["usage", "history", "--days", "366", "--project", "p", "--group-by", "model"]);
    assert_eq!(of_p["items"][0]["tokens"], 20, "{of_p}");
    let all = autocoder.json(&["usage", "history", "--days", "366", "--group-by", "project"]);
    assert_eq!(all["items"].as_array().map(Vec::len), Some(2), "{all}");

    let again = import(&autocoder);
    assert_eq!((&again["unchanged"], &again["bytes"], &again["new"]), (&json!(2), &json!(0), &json!(0)), "{again}");
    // A file grows; its last line is half written, and whole the next time.
    let half = line("msg_3", "s-1", &inside, 8);
    append(&one, &half[..40]);
    assert_eq!(import(&autocoder)["new"], 0);
    append(&one, &half[40..]);
    let grown = import(&autocoder);
    assert_eq!((&grown["new"], &grown["lines"], &grown["tokens"]), (&json!(1), &json!(1), &json!(11)), "{grown}");
    // A file is replaced by another one.
    std::fs::remove_file(&copy).expect("it is there");
    append(&copy, &line("msg_4", "s-9", &inside, 1));
    assert_eq!(import(&autocoder)["new"], 1);
}

#[test]
fn what_cannot_be_used_is_passed_over_and_told() {
    let autocoder = Autocoder::with_plan();
    let file = autocoder.folder("logs").join("bad.jsonl");
    append(&file, "{\"type\":\"assistant\", \"usage\": broken}\n\nno JSON at all\n");
    append(&file, &line("msg_1", "s", "/x", 1).replace("\"input_tokens\":3", "\"input_tokens\":-3"));
    append(&file, &line("msg_2", "s", "/x", 1).replace("\"input_tokens\":3", "\"input_tokens\":1e300"));
    append(&file, &line("msg_3", "s", "/x", 1).replace("2026-11-20T10:00:00.000Z", "2206-01-01T00:00:00Z"));
    append(&file, &line("msg_4", "s", "/x", 1).replace("claude-sonnet-4-5-20250929", "<synthetic>"));
    append(&file, &line("msg_5", "s", "/x", 1).replace("claude-sonnet-4-5-20250929", "someones-model"));
    let report = import(&autocoder);
    let counts = ["new", "broken", "odd", "undated"].map(|name| report[name].as_u64());
    assert_eq!(counts, [Some(4), Some(2), Some(2), Some(1)], "{report}");
    assert_eq!(report["cost_nusd"], 3 * (7_914_000 - 16 * 15_000) - 2 * 3 * 3_000, "an unknown model has no price");
    let text = autocoder.ok(&["usage", "import", "claude-code", &autocoder.folder("logs").to_string_lossy()]);
    assert!(text.contains("0 new, 0 grown"), "{text}");
}

#[test]
fn a_folder_that_cannot_be_read_is_named() {
    let autocoder = Autocoder::new();
    autocoder.bad(2, &["usage", "import", "codex"], "claude-code");
    let output = autocoder.run(&["usage", "import", "claude-code", "/no/such/folder"]);
    assert!(output.code != 0 && output.stderr.contains("/no/such/folder"), "{output:?}");
    let usual = autocoder.run(&["usage", "import", "claude-code"]);
    assert!(usual.stderr.contains(".claude/projects"), "{usual:?}");
}
