//! Colours, progress bars, and text from outside made safe for a terminal.

const END: &str = "\x1b[0m";

/// What a colour says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    Strong,
    Faint,
    Good,
    Warning,
    Bad,
    Note,
}

impl Style {
    const ALL: [Self; 6] = [Self::Strong, Self::Faint, Self::Good, Self::Warning, Self::Bad, Self::Note];

    const fn begin(self) -> &'static str {
        match self {
            Self::Strong => "\x1b[1m",
            Self::Faint => "\x1b[2m",
            Self::Good => "\x1b[32m",
            Self::Warning => "\x1b[33m",
            Self::Bad => "\x1b[1;31m",
            Self::Note => "\x1b[36m",
        }
    }

    pub(super) fn on(self, text: &str) -> String {
        format!("{}{text}{END}", self.begin())
    }
}

/// A bar of `width` cells, with the numbers behind it.
pub(crate) fn bar(done: i64, total: i64, width: usize) -> String {
    let full = usize::try_from(done.max(0)).unwrap_or(0) * width / usize::try_from(total.max(1)).unwrap_or(1);
    let full = full.min(width);
    format!("{}{} {done}/{total}", "█".repeat(full), "░".repeat(width - full))
}

/// The text with everything that could drive a terminal made visible, except our own colours.
pub(super) fn printable(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let own = if c == '\x1b' { own_sequence(rest) } else { None };
        let length = own.map_or(c.len_utf8(), str::len);
        match own {
            Some(sequence) => safe.push_str(sequence),
            None if is_hostile(c) => safe.extend(c.escape_default()),
            None => safe.push(c),
        }
        rest = rest.get(length..).unwrap_or_default();
    }
    safe
}

fn own_sequence(text: &str) -> Option<&'static str> {
    Style::ALL.map(Style::begin).into_iter().chain([END]).find(|sequence| text.starts_with(sequence))
}

/// Control characters, and those that reorder or hide text.
const fn is_hostile(c: char) -> bool {
    match c {
        '\n' | '\t' => false,
        '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' => true,
        _ => c.is_ascii_control() || matches!(c, '\u{80}'..='\u{9f}'),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_from_outside_drives_the_terminal() {
        for (text, safe) in [
            ("a\tb\nc ä 日本", "a\tb\nc ä 日本"),
            ("\x1b]0;title\x07", "\\u{1b}]0;title\\u{7}"),
            ("\x1b[2J", "\\u{1b}[2J"),
            ("a\rb\0", "a\\rb\\u{0}"),
            ("x\u{202e}y\u{9b}1m", "x\\u{202e}y\\u{9b}1m"),
        ] {
            assert_eq!(printable(text), safe);
        }
        let own = Style::Good.on("fine");
        assert_eq!(printable(&own), own);
    }

    #[test]
    fn a_bar_is_full_only_at_the_end() {
        for (done, total, expected) in [
            (0, 0, "░░░░ 0/0"),
            (0, 3, "░░░░ 0/3"),
            (2, 3, "██░░ 2/3"),
            (3, 3, "████ 3/3"),
            (99_999, 100_000, "███░ 99999/100000"),
            (5, 3, "████ 5/3"),
        ] {
            assert_eq!(bar(done, total, 4), expected);
        }
    }
}
