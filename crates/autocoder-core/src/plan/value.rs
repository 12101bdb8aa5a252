//! Reads single values: texts, whole numbers, and what YAML makes of a word without quotes.

use std::ops::RangeInclusive;

use super::events::{Node, Read, Reader, Scalar};
use super::problem::shown;
use super::rules::TextKind;

impl Scalar<'_> {
    /// Whether the value is null, as an empty value is.
    pub(super) fn is_null(&self) -> bool {
        self.plain && matches!(&*self.text, "" | "~" | "null" | "Null" | "NULL")
    }

    /// Whether YAML 1.2 (core schema) reads the value as something else than text.
    fn is_boolean_or_number(&self) -> bool {
        self.plain
            && (matches!(&*self.text, "true" | "True" | "TRUE" | "false" | "False" | "FALSE") || is_number(&self.text))
    }
}

impl<'a> Reader<'a, '_> {
    /// A text, or `None` when it is empty, of another type or (then reported) against the rules of its kind.
    pub(super) fn text(&mut self, node: Node<'a>, kind: TextKind) -> Read<Option<String>> {
        let scalar = match node {
            Node::Scalar(scalar) if scalar.is_null() => return Ok(None),
            Node::Scalar(scalar) if !scalar.is_boolean_or_number() => scalar,
            other => return self.wrong_type(other, "text").map(|()| None),
        };
        if let Some((fault, hint)) = kind.fault(&scalar.text) {
            self.problem(scalar.line, fault, hint);
        }
        // A fresh copy takes no more memory than it needs; the parser's own text may.
        Ok(Some(String::from(&*scalar.text)))
    }

    /// A text that must be there.
    pub(super) fn required_text(&mut self, node: Node<'a>, kind: TextKind) -> Read<String> {
        if matches!(&node, Node::Scalar(scalar) if scalar.is_null()) {
            self.problem(node.line(), "is empty, must be a text", None);
        }
        Ok(self.text(node, kind)?.unwrap_or_default())
    }

    /// A text where an empty one means none.
    pub(super) fn optional_text(&mut self, node: Node<'a>, kind: TextKind) -> Read<Option<String>> {
        Ok(self.text(node, kind)?.filter(|text| !text.is_empty()))
    }

    /// A whole number in a range; an empty value is `None`.
    pub(super) fn whole_number<T: TryFrom<i64>>(
        &mut self,
        node: Node<'a>,
        range: &RangeInclusive<i64>,
    ) -> Read<Option<T>> {
        let rule = || format!("a whole number from {} to {}", range.start(), range.end());
        match node {
            Node::Scalar(scalar) if scalar.is_null() => Ok(None),
            Node::Scalar(scalar) => {
                let number = scalar.text.parse().ok().filter(|number| scalar.plain && range.contains(number));
                if number.is_none() {
                    let quoted = !scalar.plain && scalar.text.parse::<i64>().is_ok();
                    let what = format!("is {}, must be {}", shown(&scalar.text), rule());
                    self.problem(scalar.line, what, quoted.then_some("remove the quotes"));
                }
                Ok(number.and_then(|number| T::try_from(number).ok()))
            }
            other => self.wrong_type(other, &rule()).map(|()| None),
        }
    }
}

/// Whether the word is a number of the core schema: decimal, octal, hexadecimal, float, infinity or not-a-number.
fn is_number(word: &str) -> bool {
    let digits = |text: &str, radix: u32| !text.is_empty() && text.chars().all(|c| c.is_digit(radix));
    if let Some(octal) = word.strip_prefix("0o") {
        return digits(octal, 8);
    }
    if let Some(hexadecimal) = word.strip_prefix("0x") {
        return digits(hexadecimal, 16);
    }
    if matches!(word, ".nan" | ".NaN" | ".NAN") {
        return true;
    }
    let unsigned = word.strip_prefix(['-', '+']).unwrap_or(word);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") {
        return true;
    }
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['-', '+']).unwrap_or(exponent))),
        None => (unsigned, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let ascii = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    ascii(whole)
        && ascii(fraction)
        && !(whole.is_empty() && fraction.is_empty())
        && exponent.is_none_or(|exponent| digits(exponent, 10))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_core_schema_says_what_is_a_number() {
        for word in ["0", "-12", "+3", "1.0", ".5", "5.", "1e3", "-1.5E-3", "0o17", "0xFf", ".inf", "-.INF", ".nan"] {
            assert!(is_number(word), "{word}");
        }
        for word in ["", ".", "-", "+", "e3", "1e", "1.2.3", "0b1", "0o8", "0x", "1_000", "1,5", "٣", "inf", "12a"] {
            assert!(!is_number(word), "{word}");
        }
    }
}
