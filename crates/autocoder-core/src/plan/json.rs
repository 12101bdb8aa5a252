//! The events of a JSON file, in the words of the YAML parser, which would hold a whole file in brackets in memory.

use std::borrow::Cow;

use saphyr_parser::{Event, ScalarStyle};
use serde::de::IgnoredAny;

/// Walks over text that is known to be JSON.
pub(super) struct JsonEvents<'a> {
    text: &'a str,
    at: usize,
    line: u32,
    stage: Stage,
}

enum Stage {
    Before,
    Inside,
    After,
}

impl<'a> JsonEvents<'a> {
    /// The events of `text`, if it is a JSON object or array; other text is for the YAML parser.
    pub(super) fn of(text: &'a str) -> Option<Self> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let is_json = text.trim_start().starts_with(['{', '[']) && serde_json::from_str::<IgnoredAny>(text).is_ok();
        is_json.then_some(Self { text, at: 0, line: 1, stage: Stage::Before })
    }

    /// The next event with its line; an error is a string whose escapes make no text.
    pub(super) fn next_event(&mut self) -> Result<(Event<'a>, u32), u32> {
        self.skip_separators();
        let event = match (&self.stage, self.text.as_bytes().get(self.at)) {
            (Stage::Before, _) => {
                self.stage = Stage::Inside;
                Event::DocumentStart(false)
            }
            (Stage::After, _) => Event::StreamEnd,
            (Stage::Inside, None) => {
                self.stage = Stage::After;
                Event::DocumentEnd
            }
            (Stage::Inside, Some(b'{')) => self.bracket(Event::MappingStart(0, None)),
            (Stage::Inside, Some(b'}')) => self.bracket(Event::MappingEnd),
            (Stage::Inside, Some(b'[')) => self.bracket(Event::SequenceStart(0, None)),
            (Stage::Inside, Some(b']')) => self.bracket(Event::SequenceEnd),
            (Stage::Inside, Some(b'"')) => {
                Event::Scalar(self.string().ok_or(self.line)?, ScalarStyle::DoubleQuoted, 0, None)
            }
            (Stage::Inside, Some(_)) => Event::Scalar(Cow::Borrowed(self.word()), ScalarStyle::Plain, 0, None),
        };
        Ok((event, self.line))
    }

    fn skip_separators(&mut self) {
        for byte in self.text.as_bytes().iter().skip(self.at) {
            match byte {
                b'\n' => self.line = self.line.saturating_add(1),
                b' ' | b'\t' | b'\r' | b',' | b':' => {}
                _ => return,
            }
            self.at += 1;
        }
    }

    fn bracket(&mut self, event: Event<'a>) -> Event<'a> {
        self.at += 1;
        event
    }

    /// A number, a boolean or null.
    fn word(&mut self) -> &'a str {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let end = rest.find([',', ':', ']', '}', ' ', '\t', '\r', '\n']).unwrap_or(rest.len());
        self.at += end;
        rest.get(..end).unwrap_or_default()
    }

    fn string(&mut self) -> Option<Cow<'a, str>> {
        let rest = self.text.get(self.at..)?;
        let (mut length, mut escaped) = (1, false);
        loop {
            length += rest.get(length..)?.find(['"', '\\'])? + 1;
            if rest.as_bytes().get(length - 1) == Some(&b'"') {
                break;
            }
            escaped = true;
            length += 1;
        }
        self.at += length;
        let literal = rest.get(..length)?;
        if escaped {
            serde_json::from_str(literal).ok().map(Cow::Owned)
        } else {
            literal.get(1..length - 1).map(Cow::Borrowed)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<(String, u32)> {
        let mut events = JsonEvents::of(text).expect("JSON");
        let mut told = Vec::new();
        loop {
            let (event, line) = events.next_event().expect("text");
            told.push(match event {
                Event::StreamEnd => return told,
                Event::Scalar(text, style, ..) => (format!("{style:?} {text}"), line),
                other => (format!("{other:?}"), line),
            });
        }
    }

    #[test]
    fn json_gives_the_events_of_yaml() {
        let expected = [
            ("DocumentStart(false)", 1),
            ("MappingStart(0, None)", 1),
            ("DoubleQuoted a", 1),
            ("SequenceStart(0, None)", 1),
            ("Plain 1", 2),
            ("Plain -2.5e3", 2),
            ("Plain true", 2),
            ("Plain null", 2),
            ("SequenceEnd", 3),
            ("DoubleQuoted ü😀\"\\", 4),
            ("DoubleQuoted ", 4),
            ("MappingEnd", 4),
            ("DocumentEnd", 4),
        ];
        let found = told("\u{feff}{\"a\": [\n1,-2.5e3 ,true,null\r\n],\n\"\\u00fc\\ud83d\\ude00\\\"\\\\\":\"\"}");
        assert_eq!(found, expected.map(|(text, line)| (text.to_owned(), line)));
    }

    #[test]
    fn what_is_no_json_is_left_to_yaml() {
        for text in ["", "a: 1", "{a: 1}", "{\"a\": 1} # comment", "{\"a\": 1,}", "{", "1", "{} {}"] {
            assert!(JsonEvents::of(text).is_none(), "{text}");
        }
    }
}
