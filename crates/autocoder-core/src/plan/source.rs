//! From bytes to text that the YAML parser can read.

use std::borrow::Cow;

use super::problem::Problems;

/// The file as text; bytes that are no text are reported and stand as U+FFFD, so that the rest can be checked too.
pub(super) fn decode<'a>(bytes: &'a [u8], problems: &mut Problems) -> Cow<'a, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) if !bytes.contains(&0) => Cow::Borrowed(text),
        _ => Cow::Owned(mend(bytes, problems)),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_are_no_text_are_reported_once_a_line() {
        let mut problems = Problems::default();
        let text = decode(b"a\r\n\xff\xfe\nb\0\0\n\xc3\xa4", &mut problems);
        assert_eq!(text, "a\r\n\u{fffd}\u{fffd}\nb\u{fffd}\u{fffd}\nä");
        let lines: Vec<u32> = problems.into_sorted().iter().map(|problem| problem.line).collect();
        assert_eq!(lines, [2, 3]);
    }
}
