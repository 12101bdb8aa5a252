//! Lines of a limited length, so that an agent which never ends one does not fill the memory.

use std::io;

use tokio_util::bytes::BytesMut;
use tokio_util::codec::{Decoder, Encoder, LinesCodec, LinesCodecError};

/// The longest message: what an agent reads of a file may be in it.
const MOST_BYTES: usize = 16 * 1024 * 1024;

/// One message a line.
pub(super) struct Line(LinesCodec);

impl Default for Line {
    fn default() -> Self {
        Self(LinesCodec::new_with_max_length(MOST_BYTES))
    }
}

impl Decoder for Line {
    type Item = String;
    type Error = io::Error;

    fn decode(&mut self, bytes: &mut BytesMut) -> io::Result<Option<String>> {
        self.0.decode(bytes).map_err(plain)
    }

    fn decode_eof(&mut self, bytes: &mut BytesMut) -> io::Result<Option<String>> {
        self.0.decode_eof(bytes).map_err(plain)
    }
}

impl Encoder<String> for Line {
    type Error = io::Error;

    fn encode(&mut self, line: String, bytes: &mut BytesMut) -> io::Result<()> {
        self.0.encode(line, bytes).map_err(plain)
    }
}

fn plain(error: LinesCodecError) -> io::Error {
    match error {
        LinesCodecError::Io(error) => error,
        LinesCodecError::MaxLineLengthExceeded => {
            io::Error::new(io::ErrorKind::InvalidData, format!("a line has more than {MOST_BYTES} bytes"))
        }
    }
}
