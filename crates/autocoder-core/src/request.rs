//! What a caller may say about its request beside the wish itself: that it is a repetition, or which version it saw.

use crate::changes::Node;
use crate::limits::{Checks, InvalidField};
use crate::time::Timestamp;

/// How long a receipt is kept, in seconds: a day.
pub const RECEIPT_TTL_S: i64 = 86_400;

/// Conditions of one request. A request with a key commits exactly one change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// Makes a repetition harmless: the change is committed together with the receipt of the key, or not at all.
    pub key: Option<RequestKey>,
    /// The change is refused as stale when it would write over another version of this row.
    pub expected: Option<(Node, i64)>,
}

/// An idempotency key with what it was used for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestKey {
    /// Who asks; two callers may use the same key.
    pub principal: String,
    /// The key: 1 to 255 visible ASCII characters.
    pub key: String,
    /// The hash of the method, the path and the body, so that a key used for something else is noticed.
    pub fingerprint: String,
}

impl RequestKey {
    /// A checked key.
    ///
    /// # Errors
    /// The rule, when `key` is not 1 to 255 visible ASCII characters.
    pub fn new(principal: String, key: &str, fingerprint: String) -> Result<Self, Vec<InvalidField>> {
        let mut checks = Checks::default();
        if key.is_empty() || key.len() > 255 || !key.chars().all(|c| c.is_ascii_graphic()) {
            checks.refuse("Idempotency-Key", "must be 1 to 255 visible ASCII characters");
        }
        checks.finish().map(|()| Self { principal, key: key.to_owned(), fingerprint })
    }
}

/// What is kept of a request that was carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The request.
    pub key: RequestKey,
    /// When it was carried out.
    pub at: Timestamp,
    /// What it made or changed: `task:42`.
    pub subject: String,
    /// What was answered; none when the process died between the change and the answer.
    pub reply: Option<Reply>,
}

/// An answer as it was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The status of the protocol it was given over.
    pub status: u16,
    /// The version of what it shows, as an entity tag.
    pub etag: Option<String>,
    /// Where what it made is found.
    pub location: Option<String>,
    /// The body.
    pub body: String,
}
