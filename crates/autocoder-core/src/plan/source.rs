//! From bytes to text that the YAML parser can read.

use std::borrow::Cow;

use super::problem::Problems;

/// The file as text; bytes that are no text are reported and stand as U+FFFD, so that the rest can be checked too.
pub(super) fn decode<'a>(bytes: &'a [u8], problems: &mut Problems) -> Cow<'a, str> {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) if !bytes.contains(&0) => Cow::Borrowed(text),
        _ => Cow::Owned(mend(bytes, problems)),
    };
    if text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']).starts_with('{') {
        join_surrogates(text)
    } else {
        text
    }
}

/// Replaces what is no text, reporting each line once.
fn mend(bytes: &[u8], problems: &mut Problems) -> String {
    let mut text = String::with_capacity(bytes.len());
    let (mut line, mut after_cr, mut reported) = (1, false, 0);
    let mut report = |line: u32, what: &str| {
        if reported != line {
            reported = line;
            problems.add(line, String::new(), what.to_owned(), Some("save the file as UTF-8 text".to_owned()));
        }
    };
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            if c == '\r' || (c == '\n' && !after_cr) {
                line += 1;
            }
            after_cr = c == '\r';
            if c == '\0' {
                report(line, "the line contains a NUL byte");
            }
            text.push(if c == '\0' { char::REPLACEMENT_CHARACTER } else { c });
        }
        if !chunk.invalid().is_empty() {
            after_cr = false;
            report(line, "the line is not valid UTF-8");
            text.push(char::REPLACEMENT_CHARACTER);
        }
    }
    text
}

/// JSON writes characters beyond U+FFFF as two `\u` escapes, which YAML does not know.
fn join_surrogates(text: Cow<'_, str>) -> Cow<'_, str> {
    let mut joined = String::new();
    let mut done = 0;
    let mut from = 0;
    while let Some(found) = text[from..].find('\\') {
        let at = from + found;
        // Stepping over the escaped character keeps `\\ud83d` (a backslash and a word) as it is.
        from = at + 1 + text[at + 1..].chars().next().map_or(0, char::len_utf8);
        if let Some(pair) = text.as_bytes().get(at..at + 12).and_then(surrogate_pair) {
            joined.push_str(&text[done..at]);
            joined.push(pair);
            done = at + 12;
            from = done;
        }
    }
    if done == 0 {
        return text;
    }
    joined.push_str(&text[done..]);
    Cow::Owned(joined)
}

/// The character of an escape like `\ud83d\ude00`.
fn surrogate_pair(escape: &[u8]) -> Option<char> {
    let unit = |part: &[u8]| {
        let digits = part.strip_prefix(b"\\u")?;
        digits.iter().all(u8::is_ascii_hexdigit).then_some(())?;
        u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
    };
    let (high, low) = escape.split_at_checked(6)?;
    let high = unit(high).filter(|unit| (0xd800..0xdc00).contains(unit))?;
    char::decode_utf16([high, unit(low)?]).next()?.ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn surrogate_pairs_become_one_character() {
        for (json, expected) in [
            (r#"{"a": "\ud83d\ude00!"}"#, r#"{"a": "😀!"}"#),
            (r#"{"a": "\\ud83d\ude00"}"#, r#"{"a": "\\ud83d\ude00"}"#),
            (r#"{"a": "\\\ud83d\ude00"}"#, r#"{"a": "\\😀"}"#),
            (r#"{"a": "\ud83d"}"#, r#"{"a": "\ud83d"}"#),
            (r#"{"a": "\ud83d\u0041\ud83d\ude00"}"#, r#"{"a": "\ud83d\u0041😀"}"#),
            ("{\"a\\", "{\"a\\"),
        ] {
            assert_eq!(decode(json.as_bytes(), &mut Problems::default()), expected);
        }
        assert_eq!(decode(br"a: \ud83d\ude00", &mut Problems::default()), r"a: \ud83d\ude00");
    }

    #[test]
    fn bytes_that_are_no_text_are_reported_once_a_line() {
        let mut problems = Problems::default();
        let text = decode(b"a\r\n\xff\xfe\nb\0\0\n\xc3\xa4", &mut problems);
        assert_eq!(text, "a\r\n\u{fffd}\u{fffd}\nb\u{fffd}\u{fffd}\nä");
        let lines: Vec<u32> = problems.into_sorted().iter().map(|problem| problem.line).collect();
        assert_eq!(lines, [2, 3]);
    }
}
