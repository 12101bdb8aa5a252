//! Lines as Claude Code writes them, and damaged ones.

use serde_json::{Value, json};

use super::*;

const NEWEST: Timestamp = Timestamp(1_800_000_000_000_000);

fn row(change: impl FnOnce(&mut Value)) -> String {
    let mut row = json!({
        "type": "assistant", "isSidechain": true, "sessionId": "s", "cwd": "/p", "requestId": "r",
        "timestamp": "2026-11-22T15:45:48.893Z",
        "message": {"id": "m", "model": "claude-sonnet-4-5-20250929", "content": [], "usage": {
            "input_tokens": 3, "cache_creation_input_tokens": 1200, "cache_read_input_tokens": 9000, "output_tokens": 42,
            "cache_creation": {"ephemeral_5m_input_tokens": 1000, "ephemeral_1h_input_tokens": 200}}},
    });
    change(&mut row);
    row.to_string()
}

#[test]
fn a_message_is_read_with_all_that_it_is_attributed_to() {
    let Said::Usage(entry) = read(row(|_| ()).as_bytes(), NEWEST) else { panic!("it has usage") };
    let tokens = Tokens { input: 3, output: 42, cache_read: 9_000, cache_write_5m: 1_000, cache_write_1h: 200 };
    let at = Some(Timestamp(1_795_362_348_893_000));
    assert_eq!((entry.message_id.as_str(), entry.model.as_str()), ("m:r", "claude-sonnet-4-5"));
    assert_eq!((entry.tokens, entry.at, entry.odd), (tokens, at, false));
}

#[test]
fn odd_counts_are_nothing_and_odd_times_are_none() {
    for odd in
        [json!(-1), json!(1.5), json!(1e300), json!(u64::MAX), json!("7"), json!([1]), json!({"a": 1}), json!(true)]
    {
        let line = row(|row| row["message"]["usage"]["output_tokens"] = odd.clone());
        let Said::Usage(entry) = read(line.as_bytes(), NEWEST) else { panic!("{odd}") };
        assert_eq!((entry.tokens.output, entry.odd), (0, true), "{odd}");
    }
    for time in [json!(null), json!("x"), json!("1970-01-01T00:00:00Z"), json!("9000-01-01T00:00:00Z")] {
        let line = row(|row| row["timestamp"] = time.clone());
        let Said::Usage(entry) = read(line.as_bytes(), NEWEST) else { panic!("{time}") };
        assert_eq!(entry.at, None, "{time}");
    }
}

#[test]
fn what_is_no_message_of_a_model_counts_nothing() {
    for line in [
        row(|row| row["message"]["model"] = json!("<synthetic>")),
        row(|row| row["isApiErrorMessage"] = json!(true)),
        row(|row| row["type"] = json!("user")),
        String::new(),
        "{\"type\":\"summary\"}".to_owned(),
    ] {
        assert_eq!(read(line.as_bytes(), NEWEST), Said::Nothing, "{line}");
    }
    for line in ["{\"usage\":", "null", "{\"usage\" x}", "\u{0}\u{0}"] {
        assert_eq!(read(line.as_bytes(), NEWEST), Said::Broken, "{line}");
    }
}
