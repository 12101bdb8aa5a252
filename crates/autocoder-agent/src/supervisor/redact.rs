//! Takes secrets out of what an agent prints: the values that the run was given, and whatever has the shape of a key.

/// Shorter values would blacken half the log.
const SHORTEST_SECRET: usize = 6;
const MARK: &[u8] = b"[secret]";
/// How keys begin, and how many bytes more they have at least.
const SHAPES: [(&[u8], usize); 24] = [
    (b"sk-", 16),
    (b"sk_live_", 16),
    (b"sk_test_", 16),
    (b"rk_live_", 16),
    (b"ghp_", 20),
    (b"gho_", 20),
    (b"ghu_", 20),
    (b"ghs_", 20),
    (b"ghr_", 20),
    (b"github_pat_", 20),
    (b"glpat-", 16),
    (b"xoxb-", 16),
    (b"xoxp-", 16),
    (b"xapp-", 16),
    (b"AKIA", 16),
    (b"ASIA", 16),
    (b"AIza", 30),
    (b"ya29.", 20),
    (b"npm_", 30),
    (b"pypi-", 30),
    (b"hf_", 20),
    (b"whsec_", 16),
    (b"act_", 30),
    (b"eyJ", 40),
];
/// Longer than any of these.
pub(super) const SHAPE_BYTES: usize = 512;
const KEY_BEGINS: &[u8] = b"-----BEGIN ";
const KEY_ENDS: &[u8] = b"-----END ";
const PRIVATE: &[u8] = b"PRIVATE KEY";

/// Takes secrets out of one stream of lines.
#[derive(Clone, Debug, Default)]
pub(super) struct Redactor {
    secrets: Vec<Vec<u8>>,
    /// Inside of a private key that has lines of its own.
    in_key: bool,
}

impl Redactor {
    pub(super) fn new(secrets: &[String]) -> Self {
        let mut secrets: Vec<Vec<u8>> = secrets
            .iter()
            .filter(|secret| secret.len() >= SHORTEST_SECRET)
            .map(|secret| secret.clone().into_bytes())
            .collect();
        // Of two secrets of which one starts like the other, the longer goes first.
        secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        Self { secrets, in_key: false }
    }

    pub(super) fn longest_secret(&self) -> usize {
        self.secrets.first().map_or(0, Vec::len)
    }

    /// The next line without secrets; `is_cut` says that it goes on, so that its last word may be the start of one.
    pub(super) fn line(&mut self, line: &[u8], is_cut: bool) -> Vec<u8> {
        let was_in_key = std::mem::replace(&mut self.in_key, false);
        if was_in_key {
            let ends = find(line, KEY_ENDS).is_some();
            self.in_key = !ends && line.len() <= 128;
            if self.in_key || ends {
                return MARK.to_vec();
            }
        }
        let text = self.text(line, is_cut);
        self.in_key = begins_key(line).is_some_and(|from| find(&line[from..], KEY_ENDS).is_none());
        text
    }

    /// A text without secrets.
    pub(super) fn text(&self, text: &[u8], is_cut: bool) -> Vec<u8> {
        let mut text = self.secrets.iter().fold(text.to_vec(), |text, secret| replace(&text, secret));
        if is_cut {
            // The last bytes may be the start of a secret whose rest was dropped.
            text.truncate(text.len().saturating_sub(self.longest_secret()));
        }
        without_passwords(&without_shapes(&without_key(&text), is_cut))
    }
}

fn begins_key(line: &[u8]) -> Option<usize> {
    let from = find(line, KEY_BEGINS)?;
    find(&line[from..], PRIVATE).filter(|at| *at < 40).map(|_| from)
}

/// A private key in one line, as it stands in JSON.
fn without_key(text: &[u8]) -> Vec<u8> {
    let Some(from) = begins_key(text) else { return text.to_vec() };
    let end = find(&text[from..], KEY_ENDS).and_then(|at| {
        let end = from + at + KEY_ENDS.len();
        find(&text[end..], b"-----").map(|more| end + more + 5)
    });
    let after = end.map_or(&[][..], |end| &text[end..]);
    [&text[..from], MARK, &without_key(after)].concat()
}

fn without_shapes(text: &[u8], is_cut: bool) -> Vec<u8> {
    let mut kept = Vec::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        let is_start = at == 0 || !is_word(text[at - 1]);
        match is_start.then(|| key_at(&text[at..], is_cut)).flatten() {
            Some(length) => {
                kept.extend_from_slice(MARK);
                at += length;
            }
            None => {
                kept.push(text[at]);
                at += 1;
            }
        }
    }
    kept
}

/// The length of the key that `text` begins with.
fn key_at(text: &[u8], is_cut: bool) -> Option<usize> {
    let (prefix, least) = SHAPES.iter().find(|(prefix, _)| text.starts_with(prefix)).or_else(|| bearer(text))?;
    let more = text[prefix.len()..].iter().take_while(|byte| is_word(**byte) || **byte == b'.').count();
    let is_key = more >= *least || (is_cut && prefix.len() + more == text.len());
    is_key.then_some(prefix.len() + more)
}

fn bearer(text: &[u8]) -> Option<&'static (&'static [u8], usize)> {
    const BEARERS: [(&[u8], usize); 2] = [(b"Bearer ", 16), (b"bearer ", 16)];
    BEARERS.iter().find(|(prefix, _)| text.starts_with(prefix))
}

const fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}

/// The passwords of addresses: `scheme://user:password@host`.
fn without_passwords(text: &[u8]) -> Vec<u8> {
    let Some(at) = find(text, b"://") else { return text.to_vec() };
    let (before, login) = text.split_at(at + 3);
    let ends =
        login.iter().position(|byte| matches!(byte, b'/' | b'"' | b'\'' | b'?' | b'#') || byte.is_ascii_whitespace());
    let authority = &login[..ends.unwrap_or(login.len())];
    let colon = authority.iter().position(|byte| *byte == b':');
    let sign = authority.iter().rposition(|byte| *byte == b'@');
    match (colon, sign) {
        (Some(colon), Some(sign)) if colon + 1 < sign => {
            [before, &login[..=colon], MARK, &without_passwords(&login[sign..])].concat()
        }
        _ => [before, &without_passwords(login)].concat(),
    }
}

fn replace(text: &[u8], secret: &[u8]) -> Vec<u8> {
    let mut replaced = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = find(rest, secret) {
        let (before, from) = rest.split_at(at);
        replaced.extend_from_slice(before);
        replaced.extend_from_slice(MARK);
        rest = &from[secret.len()..];
    }
    replaced.extend_from_slice(rest);
    replaced
}

fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    memchr::memmem::find(text, part)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redacted(secrets: &[&str], lines: &[&str]) -> Vec<String> {
        let secrets: Vec<String> = secrets.iter().map(|&secret| secret.to_owned()).collect();
        let mut redactor = Redactor::new(&secrets);
        lines.iter().map(|line| String::from_utf8(redactor.line(line.as_bytes(), false)).unwrap()).collect()
    }

    #[test]
    fn values_of_the_run_are_taken_out() {
        for (line, expected) in [
            ("a hunter2-hunter2 b hunter2-hunter2", "a [secret] b [secret]"),
            ("hunter2-hunter2-and-more", "[secret]"),
            ("short: a", "short: a"),
        ] {
            assert_eq!(redacted(&["hunter2-hunter2", "hunter2-hunter2-and-more", "a"], &[line]), [expected]);
        }
    }

    #[test]
    fn whatever_looks_like_a_key_is_taken_out() {
        let long = "a1B2".repeat(12);
        for (line, expected) in [
            ("key sk-ant-api03-abcdefghijklmnop.".to_owned(), "key [secret]".to_owned()),
            (format!(r#"{{"token":"ghp_{long}"}}"#), r#"{"token":"[secret]"}"#.to_owned()),
            (format!("github_pat_{long},AKIAIOSFODNN7EXAMPLE"), "[secret],[secret]".to_owned()),
            (format!("Authorization: Bearer {long}"), "Authorization: [secret]".to_owned()),
            (format!("eyJhbGciOi.{long}.{long}"), "[secret]".to_owned()),
            ("AIzaSyA1234567890abcdefghijklmnopqrstuv".to_owned(), "[secret]".to_owned()),
            ("postgres://me:pa:ss@db/x http://a/b".to_owned(), "postgres://me:[secret]@db/x http://a/b".to_owned()),
            (
                "http://127.0.0.1:80/a@b ask-me-anything-you-like risk-averse".to_owned(),
                "http://127.0.0.1:80/a@b ask-me-anything-you-like risk-averse".to_owned(),
            ),
            ("sk-short npm_install hf_hub".to_owned(), "sk-short npm_install hf_hub".to_owned()),
            (
                r#"{"k":"-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\n"}"#.to_owned(),
                r#"{"k":"[secret]\n"}"#.to_owned(),
            ),
        ] {
            assert_eq!(redacted(&[], &[&line]), [expected]);
        }
    }

    #[test]
    fn the_lines_of_a_private_key_are_taken_out_and_no_others() {
        let lines = ["-----BEGIN PRIVATE KEY-----", "MIIEvQIBADANBg", "Zm9v==", "-----END PRIVATE KEY-----", "after"];
        assert_eq!(redacted(&[], &lines), ["[secret]", "[secret]", "[secret]", "[secret]", "after"]);
        let public = ["-----BEGIN CERTIFICATE-----", "MIIEvQ"];
        assert_eq!(redacted(&[], &public), public);
    }

    #[test]
    fn the_start_of_a_key_at_the_end_of_a_cut_line_is_taken_out() {
        let mut redactor = Redactor::new(&[]);
        for (line, is_cut, expected) in
            [("a sk-ant", true, "a [secret]"), ("a sk-ant", false, "a sk-ant"), ("a ris", true, "a ris")]
        {
            assert_eq!(String::from_utf8(redactor.line(line.as_bytes(), is_cut)).unwrap(), expected);
        }
    }
}
