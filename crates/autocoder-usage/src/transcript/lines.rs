//! Complete lines of bounded length; the half-written last line is left for the next time.

use std::io::{BufRead, ErrorKind, Result};

/// The longest line that is kept; a longer one is passed over.
pub const MAX_LINE: usize = 8 << 20;

/// What was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineRead<'a> {
    /// A line without its line feed.
    Line(&'a [u8]),
    /// A line that is longer than [`MAX_LINE`].
    TooLong,
}

/// Reads lines one by one.
pub struct Lines<R> {
    input: R,
    line: Vec<u8>,
    position: u64,
}

impl<R: BufRead> Lines<R> {
    /// Reads on from `position`, where `input` stands.
    pub const fn new(input: R, position: u64) -> Self {
        Self { input, line: Vec::new(), position }
    }

    /// The end of the last complete line.
    pub const fn position(&self) -> u64 {
        self.position
    }

    /// The next complete line.
    ///
    /// # Errors
    /// What the input refuses.
    pub fn read(&mut self) -> Result<Option<LineRead<'_>>> {
        self.line.clear();
        let mut length = 0_usize;
        loop {
            let available = match self.input.fill_buf() {
                Ok(available) => available,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            if available.is_empty() {
                return Ok(None);
            }
            let end = memchr::memchr(b'\n', available);
            let taken = &available[..end.unwrap_or(available.len())];
            length += taken.len();
            if length <= MAX_LINE {
                self.line.extend_from_slice(taken);
            }
            let used = taken.len() + usize::from(end.is_some());
            self.input.consume(used);
            if end.is_some() {
                self.position += length as u64 + 1;
                return Ok(Some(if length > MAX_LINE { LineRead::TooLong } else { LineRead::Line(&self.line) }));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_half_written_line_is_left_and_a_long_one_is_passed_over() {
        let text = [&b"one\n"[..], &vec![b'x'; MAX_LINE + 1], b"\ntwo\nhal"].concat();
        let mut lines = Lines::new(&text[..], 0);
        assert_eq!(lines.read().unwrap(), Some(LineRead::Line(b"one")));
        assert_eq!(lines.read().unwrap(), Some(LineRead::TooLong));
        assert_eq!(lines.read().unwrap(), Some(LineRead::Line(b"two")));
        assert_eq!(lines.read().unwrap(), None);
        assert_eq!(lines.position(), text.len() as u64 - 3);
    }
}
