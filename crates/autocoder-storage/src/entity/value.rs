//! Words, numbers and JSON on their way between columns and core's types.

use std::fmt::Display;
use std::str::FromStr;

use autocoder_core::ports::{Out, StoreError};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The member of a closed enum that a column names.
pub(super) fn word<T: FromStr<Err: Display>>(text: &str) -> Out<T> {
    text.parse().map_err(damaged)
}

/// A word of an enum that knows its words only through serde.
pub(super) fn serde_word<T: DeserializeOwned>(text: &str) -> Out<T> {
    serde_json::from_value(text.into()).map_err(damaged)
}

/// The other way round.
pub(super) fn serde_text<T: Serialize>(value: &T) -> String {
    let word = serde_json::to_value(value).expect("a unit variant serialises");
    word.as_str().expect("a unit variant is a string").to_owned()
}

/// What a column holds as JSON.
pub(super) fn from_json<T: DeserializeOwned>(text: &str) -> Out<T> {
    serde_json::from_str(text).map_err(damaged)
}

/// The JSON of a column.
pub(super) fn to_json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("core's types have string keys only")
}

/// A number in core's narrower type.
pub(super) fn narrow<I, T: TryFrom<I, Error: Display>>(value: I) -> Out<T> {
    value.try_into().map_err(damaged)
}

/// A count in a column, which ends where i64 does.
pub(super) fn count(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

fn damaged(error: impl Display) -> StoreError {
    StoreError::Failed { step: "reading a row", detail: error.to_string() }
}
