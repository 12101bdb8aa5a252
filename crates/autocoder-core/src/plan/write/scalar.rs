//! Writes one text as a YAML scalar: plain where that is safe, a literal block for several lines, else quoted.

use std::fmt::{self, Write};

/// Words that some YAML reader takes for something else than text.
const RESERVED: [&str; 9] = ["y", "n", "yes", "no", "true", "false", "on", "off", "null"];

/// Writes `text` and ends the line; `indent` is that of the lines of a literal block.
pub(super) fn write(out: &mut impl Write, text: &str, indent: usize) -> fmt::Result {
    if is_plain(text) {
        writeln!(out, "{text}")
    } else if is_literal(text) {
        literal(out, text, indent)
    } else {
        quoted(out, text)
    }
}

/// Stricter than YAML: starts with a letter, and holds nothing that could mean something in any context.
fn is_plain(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic())
        && !text.ends_with([' ', ':'])
        && !text.contains(": ")
        && !text.contains(" #")
        && text.chars().all(|c| is_printable(c) && !"[]{}\"\\`".contains(c))
        && !RESERVED.iter().any(|word| word.eq_ignore_ascii_case(text))
}

/// Several lines, of which none could be taken for indentation.
fn is_literal(text: &str) -> bool {
    let fits =
        |line: &str| line.is_empty() || (!line.trim().is_empty() && line.chars().all(|c| c == '\t' || is_printable(c)));
    text.contains('\n') && !text.starts_with(['\n', ' ', '\t']) && text.split('\n').all(fits)
}

/// Whether the character stands for itself, on one line, for every YAML reader.
fn is_printable(c: char) -> bool {
    !c.is_control() && !matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

fn literal(out: &mut impl Write, text: &str, indent: usize) -> fmt::Result {
    let body = text.strip_suffix('\n');
    let chomping = match body {
        None => "-",
        Some(body) if body.ends_with('\n') => "+",
        Some(_) => "",
    };
    writeln!(out, "|{chomping}")?;
    for line in body.unwrap_or(text).split('\n') {
        if line.is_empty() {
            writeln!(out)?;
        } else {
            writeln!(out, "{:indent$}{line}", "")?;
        }
    }
    Ok(())
}

fn quoted(out: &mut impl Write, text: &str) -> fmt::Result {
    out.write_char('"')?;
    for c in text.chars() {
        match c {
            '"' | '\\' => write!(out, "\\{c}")?,
            '\n' => out.write_str("\\n")?,
            '\r' => out.write_str("\\r")?,
            '\t' => out.write_str("\\t")?,
            c if is_printable(c) => out.write_char(c)?,
            c if u32::from(c) <= 0xff => write!(out, "\\x{:02x}", u32::from(c))?,
            c => write!(out, "\\u{:04x}", u32::from(c))?,
        }
    }
    out.write_str("\"\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use saphyr_parser::{Event, Parser};

    fn written(text: &str) -> String {
        let mut out = String::new();
        write(&mut out, text, 2).expect("a string takes everything");
        out
    }

    fn read_back(text: &str) -> String {
        let file = format!("a: {}b: end\n", written(text));
        let mut events = Parser::new_from_str(&file).map(|event| event.expect("valid YAML").0);
        events.find(|event| matches!(event, Event::Scalar(value, ..) if value == "a"));
        match events.next() {
            Some(Event::Scalar(value, ..)) => value.into_owned(),
            other => panic!("{other:?} in {file:?}"),
        }
    }

    #[test]
    fn a_text_is_quoted_only_when_it_must_be() {
        for (text, expected) in [
            ("Page skeleton", "Page skeleton\n"),
            ("Größe, über: nothing", "\"Größe, über: nothing\"\n"),
            ("it's 5%, a:b", "it's 5%, a:b\n"),
            ("", "\"\"\n"),
            ("yes", "\"yes\"\n"),
            ("Null", "\"Null\"\n"),
            ("1.0", "\"1.0\"\n"),
            ("- a", "\"- a\"\n"),
            ("a #b", "\"a #b\"\n"),
            ("#/active", "\"#/active\"\n"),
            ("say \"hi\"", "\"say \\\"hi\\\"\"\n"),
            ("a\tb\r\u{85}\u{0}\u{2028}", "\"a\\tb\\r\\x85\\x00\\u2028\"\n"),
            ("# Head\n\nbody: x\n", "|\n  # Head\n\n  body: x\n"),
            ("a\nb", "|-\n  a\n  b\n"),
            ("a\n\n\n", "|+\n  a\n\n\n"),
            (" a\nb", "\" a\\nb\"\n"),
            ("a\n  \nb", "\"a\\n  \\nb\"\n"),
        ] {
            assert_eq!(written(text), expected);
            assert_eq!(read_back(text), text);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn any_text_reads_back(text in super::super::super::tests::hostile_text(any::<char>().boxed())) {
            prop_assert_eq!(read_back(&text), text);
        }
    }
}
