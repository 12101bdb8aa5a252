//! Events that were read together, rendered once as server-sent events and shared by every subscriber.

use std::collections::BTreeMap;
use std::fmt::Write;

use autocoder_core::event::Event;
use autocoder_core::ids::{EventId, ProjectId};
use bytes::Bytes;

/// Consecutive events of the feed; without events it is a ping.
#[derive(Debug)]
pub struct Batch {
    events: Vec<Event>,
    last: EventId,
    all: Part,
    /// Empty when all events are of one project.
    by_project: BTreeMap<ProjectId, Part>,
}

/// Rendered events, and where each of them ends.
#[derive(Debug, Default)]
struct Part {
    bytes: Bytes,
    ends: Vec<(EventId, usize)>,
}

impl Batch {
    /// Renders events in the order of their ids. None when there are none.
    pub(super) fn of(events: Vec<Event>) -> Option<Self> {
        let (first, last) = (events.first()?, events.last()?.id);
        let mixed = events.iter().any(|event| event.project_id != first.project_id);
        let mut groups: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for event in events.iter().filter(|_| mixed) {
            groups.entry(event.project_id).or_default().push(event);
        }
        let by_project = groups.into_iter().map(|(project, events)| (project, Part::of(&events))).collect();
        let all = Part::of(&events.iter().collect::<Vec<_>>());
        Some(Self { events, last, all, by_project })
    }

    /// Keeps connections open and lets clients that filter know how far they have come.
    pub(super) fn ping(position: EventId) -> Self {
        let all = Part { bytes: format!(": ping\nid: {position}\n\n").into(), ends: Vec::new() };
        Self { events: Vec::new(), last: position, all, by_project: BTreeMap::new() }
    }

    /// The events, for readers inside the server.
    #[must_use]
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// The last event's id.
    #[must_use]
    pub const fn last(&self) -> EventId {
        self.last
    }

    /// What a subscriber that has seen everything up to `cursor` gets; may be empty.
    pub(super) fn rendered(&self, project: Option<ProjectId>, cursor: EventId) -> Bytes {
        if cursor > self.last {
            return Bytes::new();
        }
        let Some(first) = self.events.first() else { return self.all.bytes.clone() };
        match project {
            None => self.all.after(cursor),
            Some(id) if self.by_project.is_empty() && first.project_id == id => self.all.after(cursor),
            Some(id) => self.by_project.get(&id).map(|part| part.after(cursor)).unwrap_or_default(),
        }
    }
}

impl Part {
    fn of(events: &[&Event]) -> Self {
        let (mut text, mut ends) = (String::new(), Vec::with_capacity(events.len()));
        for event in events {
            let data = serde_json::to_string(event).expect("an event has only string keys");
            write!(text, "id: {}\nevent: {}\ndata: {data}\n\n", event.id, event.kind).expect("a string takes any text");
            ends.push((event.id, text.len()));
        }
        Self { bytes: text.into(), ends }
    }

    fn after(&self, cursor: EventId) -> Bytes {
        let seen = self.ends.partition_point(|(id, _)| *id <= cursor);
        let from = seen.checked_sub(1).and_then(|last| self.ends.get(last)).map_or(0, |(_, end)| *end);
        self.bytes.slice(from..)
    }
}

#[cfg(test)]
mod tests {
    use autocoder_core::event::EventKind;
    use autocoder_core::time::Timestamp;
    use serde_json::json;

    use super::*;

    fn event(id: i64, project: i64) -> Event {
        Event {
            id: EventId(id),
            project_id: ProjectId(project),
            at: Timestamp(0),
            actor: "system".into(),
            kind: EventKind::TaskPassed,
            subject: "task:1".into(),
            payload: json!({ "name": "two\nlines" }),
        }
    }

    fn ids(batch: &Batch, project: Option<i64>, cursor: i64) -> Vec<String> {
        let bytes = batch.rendered(project.map(ProjectId), EventId(cursor));
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        text.lines().filter_map(|line| line.strip_prefix("id: ")).map(str::to_owned).collect()
    }

    #[test]
    fn an_event_is_three_lines_and_an_empty_one() {
        let batch = Batch::of(vec![event(7, 1)]).unwrap();
        let data = r#"{"id":7,"project_id":1,"at":"1970-01-01T00:00:00Z","actor":"system","kind":"task.passed","subject":"task:1","payload":{"name":"two\nlines"}}"#;
        let expected = format!("id: 7\nevent: task.passed\ndata: {data}\n\n");
        assert_eq!(batch.rendered(None, EventId(0)), expected.as_bytes());
    }

    #[test]
    fn a_subscriber_gets_what_it_has_not_seen_of_its_project() {
        let (mixed, plain) = (vec![event(3, 1), event(5, 2), event(6, 1)], vec![event(3, 1), event(6, 1)]);
        type Case<'a> = (&'a [Event], Option<i64>, i64, &'a [&'a str]);
        let cases: [Case<'_>; 9] = [
            (&mixed, None, 0, &["3", "5", "6"]),
            (&mixed, None, 3, &["5", "6"]),
            (&mixed, None, 4, &["5", "6"]),
            (&mixed, None, 6, &[]),
            (&mixed, Some(1), 2, &["3", "6"]),
            (&mixed, Some(1), 5, &["6"]),
            (&mixed, Some(9), 0, &[]),
            (&plain, Some(1), 3, &["6"]),
            (&plain, Some(2), 0, &[]),
        ];
        for (events, project, cursor, expected) in cases {
            let batch = Batch::of(events.to_vec()).unwrap();
            assert_eq!(ids(&batch, project, cursor), expected, "{project:?} behind {cursor}");
        }
    }

    #[test]
    fn a_ping_is_for_everyone_and_tells_the_position() {
        let ping = Batch::ping(EventId(9));
        for (project, cursor) in [(None, 9), (Some(4), 9), (Some(4), 0)] {
            assert_eq!(ids(&ping, project, cursor), ["9"]);
        }
        // Another server was ahead: the position must not go back.
        assert!(ids(&ping, None, 10).is_empty());
        assert!(Batch::of(Vec::new()).is_none());
    }
}
