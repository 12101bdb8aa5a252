//! The limits of a plan file in one place, for the reader and the schema.

use std::ops::RangeInclusive;

pub(super) use crate::limits::{CATEGORY_CHARS, DEPENDENCIES, NAME_CHARS, SPEC_BYTES, STEP_CHARS, STEPS, TEXT_BYTES};

/// The only version of the format.
pub(super) const VERSION: i64 = 1;
/// Complexities of a task.
pub(super) const COMPLEXITY: RangeInclusive<i64> = 1..=5;
/// Priorities of a feature or task.
pub(super) const PRIORITY: RangeInclusive<i64> = -1_000_000..=1_000_000;
/// What a key looks like.
pub(super) const KEY_PATTERN: &str = "^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$";
/// What the name of a project looks like.
pub(super) const PROJECT_NAME_PATTERN: &str = "^[a-z0-9][a-z0-9-]{0,62}$";
/// Levels of nesting inside a value that is skipped.
pub(super) const DEPTH: usize = 64;

/// Whether `text` matches [`KEY_PATTERN`].
pub(super) fn is_key(text: &str) -> bool {
    let [first, rest @ ..] = text.as_bytes() else { return false };
    first.is_ascii_alphanumeric()
        && rest.len() <= 99
        && rest.iter().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(byte))
}

/// Whether `text` matches [`PROJECT_NAME_PATTERN`].
pub(super) fn is_project_name(text: &str) -> bool {
    let alphanumeric = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let [first, rest @ ..] = text.as_bytes() else { return false };
    alphanumeric(first) && rest.len() <= 62 && rest.iter().all(|byte| alphanumeric(byte) || *byte == b'-')
}
