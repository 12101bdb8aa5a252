//! What comes in beside the arguments: files, standard input, and a person's yes.

use std::io::{self, Read};
use std::path::Path;

use crate::arguments::Deletion;
use crate::exit::Failure;
use crate::output::Output;

/// The most bytes of a plan file.
pub(crate) const PLAN_BYTES: u64 = 512 * 1024 * 1024;
/// The most bytes of any other text; the rules are stricter.
const TEXT_BYTES: u64 = 16 * 1024 * 1024;

/// A file's bytes, or those of standard input for `-`.
///
/// # Errors
/// A file that cannot be read or has more than `most` bytes.
pub(crate) fn read_bytes(path: &Path, most: u64) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let read = match path.to_str() {
        Some("-") => io::stdin().lock().take(most + 1).read_to_end(&mut bytes),
        _ => std::fs::File::open(path).and_then(|file| file.take(most + 1).read_to_end(&mut bytes)),
    };
    read.map_err(|error| Failure::file("read", path, error))?;
    if bytes.len() as u64 > most {
        let message = format!("`{}` has more than {most} bytes", path.display());
        return Err(Failure::wrong(message, "split it"));
    }
    Ok(bytes)
}

/// A file's text, or that of standard input for `-`.
///
/// # Errors
/// A file that cannot be read, is too long or is not UTF-8.
pub(crate) fn read_text(path: &Path) -> Result<String, Failure> {
    String::from_utf8(read_bytes(path, TEXT_BYTES)?).map_err(|error| {
        let place = error.utf8_error().valid_up_to();
        Failure::wrong(format!("`{}` is not UTF-8 text (byte {place})", path.display()), "save it as UTF-8")
    })
}

/// Text from a flag or from a file.
///
/// # Errors
/// Like [`read_text`].
pub(crate) fn text_or_file(text: Option<String>, file: Option<&Path>) -> Result<Option<String>, Failure> {
    match (text, file) {
        (None, Some(file)) => read_text(file).map(Some),
        (text, _) => Ok(text),
    }
}

/// Goes on only when the person agrees.
///
/// # Errors
/// A refusal, or nobody to ask.
pub(crate) fn confirm_deletion(output: &Output, deletion: Deletion, what: &str) -> Result<(), Failure> {
    if deletion.yes {
        return Ok(());
    }
    if !output.can_ask() {
        return Err(Failure::wrong(format!("deleting {what} cannot be undone"), "repeat with --yes to delete it"));
    }
    output.ask(&format!("Delete {what}? This cannot be undone. [y/N]"));
    let mut answer = String::new();
    io::stdin().read_line(&mut answer)?;
    match answer.trim().to_ascii_lowercase().as_str() {
        "y" | "yes" => Ok(()),
        _ => Err(Failure::wrong("nothing was deleted", "answer `y` to delete it")),
    }
}
