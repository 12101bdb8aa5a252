//! A count in a log: whatever is not a believable whole number is 0, and remembered as odd.

use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// The largest count believed, as for live agents.
const MAX_COUNT: u64 = (1 << 53) - 1;

/// One count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Count {
    pub(super) value: u64,
    pub(super) odd: bool,
}

const ODD: Count = Count { value: 0, odd: true };

impl<'de> Deserialize<'de> for Count {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        input.deserialize_any(CountVisitor)
    }
}

struct CountVisitor;

impl<'de> Visitor<'de> for CountVisitor {
    type Value = Count;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a count")
    }

    fn visit_u64<E>(self, value: u64) -> Result<Count, E> {
        Ok(if value <= MAX_COUNT { Count { value, odd: false } } else { ODD })
    }

    fn visit_i64<E>(self, _: i64) -> Result<Count, E> {
        Ok(ODD)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Count, E> {
        Ok(ODD)
    }

    fn visit_str<E>(self, _: &str) -> Result<Count, E> {
        Ok(ODD)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Count, E> {
        Ok(ODD)
    }

    fn visit_unit<E>(self) -> Result<Count, E> {
        Ok(Count::default())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Count, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(ODD)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Count, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(ODD)
    }
}
