//! Cuts a stream of bytes into lines within fixed memory, whatever an agent prints.

/// A line as far as it was kept.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// Its bytes, at most the limit that applied.
    pub(super) kept: Vec<u8>,
    /// How many bytes more it had.
    pub(super) dropped: u64,
}

/// Collects the bytes of one stream.
pub(super) struct LineSplitter {
    plain_limit: usize,
    json_limit: usize,
    kept: Vec<u8>,
    dropped: u64,
}

impl LineSplitter {
    /// Keeps `plain_limit` bytes of a line, and `json_limit` when it starts with a brace.
    pub(super) fn new(plain_limit: usize, json_limit: usize) -> Self {
        Self { plain_limit, json_limit, kept: vec![], dropped: 0 }
    }

    /// Takes the next bytes up to and including the first line end, and says how many they were and which line they ended.
    pub(super) fn take(&mut self, bytes: &[u8]) -> (usize, Option<Line>) {
        let (part, ended) = match memchr::memchr(b'\n', bytes) {
            Some(end) => (&bytes[..end], true),
            None => (bytes, false),
        };
        self.keep(part);
        (part.len() + usize::from(ended), ended.then(|| self.line()))
    }

    /// What was left without a line end when the stream ended.
    pub(super) fn rest(&mut self) -> Option<Line> {
        (!self.kept.is_empty() || self.dropped > 0).then(|| self.line())
    }

    fn keep(&mut self, part: &[u8]) {
        let first = self.kept.first().or(part.first());
        let limit = if first == Some(&b'{') { self.json_limit } else { self.plain_limit };
        let fits = limit.saturating_sub(self.kept.len()).min(part.len());
        let (kept, dropped) = part.split_at(fits);
        self.kept.extend_from_slice(kept);
        self.dropped += dropped.len() as u64;
    }

    fn line(&mut self) -> Line {
        let mut kept = std::mem::take(&mut self.kept);
        let dropped = std::mem::take(&mut self.dropped);
        if dropped == 0 && kept.last() == Some(&b'\r') {
            kept.pop();
        }
        Line { kept, dropped }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(input: &[u8], chunk: usize) -> Vec<(String, u64)> {
        let mut splitter = LineSplitter::new(4, 8);
        let mut lines = vec![];
        for mut bytes in input.chunks(chunk) {
            while !bytes.is_empty() {
                let (taken, line) = splitter.take(bytes);
                lines.extend(line);
                bytes = &bytes[taken..];
            }
        }
        lines.extend(splitter.rest());
        lines.into_iter().map(|line| (String::from_utf8_lossy(&line.kept).into_owned(), line.dropped)).collect()
    }

    #[test]
    fn lines_are_the_same_however_the_bytes_arrive() {
        type Case = (&'static [u8], &'static [(&'static str, u64)]);
        let cases: [Case; 7] = [
            (b"", &[]),
            (b"ab\ncd", &[("ab", 0), ("cd", 0)]),
            (b"\n\nab\n", &[("", 0), ("", 0), ("ab", 0)]),
            (b"ab\r\n", &[("ab", 0)]),
            (b"abcdefgh\nij\n", &[("abcd", 4), ("ij", 0)]),
            (b"{\"a\":1}\n{\"aaaaa\":1}\n", &[("{\"a\":1}", 0), ("{\"aaaaa\"", 3)]),
            (b"\xff\xfe\n", &[("\u{fffd}\u{fffd}", 0)]),
        ];
        for (input, expected) in cases {
            for chunk in 1..=10 {
                let lines = split(input, chunk);
                let lines: Vec<(&str, u64)> = lines.iter().map(|(text, dropped)| (text.as_str(), *dropped)).collect();
                assert_eq!(lines, expected, "chunks of {chunk}");
            }
        }
    }
}
