//! What a delivery says: the event as JSON, never longer than receivers take.

use autocoder_core::event::Event;
use serde_json::{Value, json};

/// The longest body, in bytes.
const BODY_BYTES: usize = 20_000;
/// How long texts of a body that is too long may be, in characters; tried one after another.
const TEXT_CHARS: [usize; 4] = [2_000, 500, 100, 0];

/// What is posted about an event: `type`, `timestamp`, and `data` with the facts. Texts are cut when it would be too
/// long, and `data.truncated` says so.
pub(super) fn body(event: &Event, project_name: Option<&str>) -> String {
    let mut body = json!({
        "type": event.kind,
        "timestamp": event.at,
        "data": {
            "event_id": event.id,
            "project_id": event.project_id,
            "project_name": project_name,
            "actor": event.actor,
            "subject": event.subject,
            "payload": event.payload,
        },
    });
    let mut text = body.to_string();
    for most in TEXT_CHARS {
        if text.len() <= BODY_BYTES {
            return text;
        }
        cut(&mut body["data"]["payload"], most);
        body["data"]["truncated"] = json!(true);
        text = body.to_string();
    }
    if text.len() > BODY_BYTES {
        // Too many facts, not too long ones; the event itself has them all.
        body["data"]["payload"] = json!({});
        text = body.to_string();
    }
    text
}

fn cut(value: &mut Value, most: usize) {
    match value {
        Value::String(text) if text.chars().count() > most => {
            *text = text.chars().take(most).chain(['…']).collect();
        }
        Value::Array(items) => items.iter_mut().for_each(|item| cut(item, most)),
        Value::Object(fields) => fields.values_mut().for_each(|field| cut(field, most)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use autocoder_core::event::EventKind;
    use autocoder_core::ids::{EventId, ProjectId};
    use autocoder_core::time::Timestamp;

    use super::*;

    fn event(payload: Value) -> Event {
        Event {
            id: EventId(7),
            project_id: ProjectId(1),
            at: Timestamp(1_700_000_000_000_000),
            actor: "person:ann".to_owned(),
            kind: EventKind::PhaseCompleted,
            subject: "phase:3".to_owned(),
            payload,
        }
    }

    #[test]
    fn a_body_has_type_timestamp_and_data() {
        let text = body(&event(json!({ "name": "Foundation", "note": null })), Some("shop"));
        let expected = json!({
            "type": "phase.completed",
            "timestamp": "2023-11-14T22:13:20Z",
            "data": {
                "event_id": 7, "project_id": 1, "project_name": "shop", "actor": "person:ann", "subject": "phase:3",
                "payload": { "name": "Foundation", "note": null },
            },
        });
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), expected);
    }

    #[test]
    fn no_body_is_longer_than_receivers_take() {
        let long = "\u{1f600}".repeat(16_000);
        let deep = json!({ "name": "n", "list": [{ "text": long }, { "text": "short" }] });
        let many: Vec<String> = (0..4_000).map(|number| format!("text {number}")).collect();
        for payload in [json!({ "note": long }), deep, json!({ "many": many }), json!("\u{1}".repeat(64_000))] {
            let text = body(&event(payload), None);
            assert!(text.len() <= BODY_BYTES, "{}", text.len());
            let read: Value = serde_json::from_str(&text).unwrap();
            assert_eq!(read["data"]["truncated"], json!(true));
            assert_eq!(read["data"]["event_id"], json!(7));
        }
        let whole: Value = serde_json::from_str(&body(&event(json!({ "note": "x".repeat(19_000) })), None)).unwrap();
        assert_eq!(whole["data"].get("truncated"), None);
    }
}
