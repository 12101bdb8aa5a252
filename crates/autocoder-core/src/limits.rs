//! The limits of every field a user can fill, and the one way they are checked: all problems at once.

use serde::Serialize;

/// The longest name of a phase, feature, task or project title, in characters.
pub const NAME_CHARS: usize = 255;
/// The longest category of a task, in characters.
pub const CATEGORY_CHARS: usize = 100;
/// The longest key of a plan file, in characters.
pub const KEY_CHARS: usize = 100;
/// The longest description, note, question or reason, in bytes.
pub const TEXT_BYTES: usize = 64 * 1024;
/// The longest spec, in bytes.
pub const SPEC_BYTES: usize = 1024 * 1024;
/// The most steps of a task.
pub const STEPS: usize = 200;
/// The longest step, in characters.
pub const STEP_CHARS: usize = 2_000;
/// The most dependencies of one task.
pub const DEPENDENCIES: usize = 1_000;
/// Priorities run from minus this to plus this; lower runs first.
pub const PRIORITY: i32 = 1_000_000;
/// The most tasks of one request.
pub const TASKS_AT_ONCE: usize = 1_000;

/// One field of a request that breaks a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[error("{field} {rule}")]
pub struct InvalidField {
    /// The field, with its path: `tasks[2].name`.
    pub field: String,
    /// What is wrong and what would be right.
    pub rule: String,
}

/// Collects what is wrong with a request.
#[derive(Debug, Default)]
pub struct Checks {
    found: Vec<InvalidField>,
    prefix: String,
}

impl Checks {
    /// Everything found is reported below `prefix`, for example `tasks[2].`.
    pub fn within(&mut self, prefix: impl Into<String>) -> &mut Self {
        self.prefix = prefix.into();
        self
    }

    /// Notes that `field` breaks a rule.
    pub fn refuse(&mut self, field: &str, rule: impl Into<String>) {
        self.found.push(InvalidField { field: format!("{}{field}", self.prefix), rule: rule.into() });
    }

    /// A name: 1 to [`NAME_CHARS`] characters on one line.
    pub fn name(&mut self, field: &str, value: &str) {
        self.one_line(field, value, NAME_CHARS);
    }

    /// Text on one line: not blank, at most `most` characters, no control characters.
    pub fn one_line(&mut self, field: &str, value: &str, most: usize) {
        if is_blank(value) {
            self.refuse(field, "must not be empty");
        } else if value.chars().count() > most {
            self.refuse(field, format!("has {} characters, at most {most} are allowed", value.chars().count()));
        } else if let Some(c) = value.chars().find(|c| c.is_control()) {
            self.refuse(field, format!("has the control character U+{:04X}; remove it", u32::from(c)));
        }
    }

    /// Text of several lines: at most `most` bytes, no control characters but tab, line feed and carriage return.
    pub fn text(&mut self, field: &str, value: &str, most: usize) {
        if value.len() > most {
            self.refuse(field, format!("has {} bytes, at most {most} are allowed", value.len()));
        } else if let Some(c) = value.chars().find(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r')) {
            self.refuse(field, format!("has the control character U+{:04X}; remove it", u32::from(c)));
        }
    }

    /// Text of several lines that must say something.
    pub fn required_text(&mut self, field: &str, value: &str, most: usize) {
        if is_blank(value) {
            self.refuse(field, "must not be empty");
        } else {
            self.text(field, value, most);
        }
    }

    /// A whole number inside a range.
    pub fn range(&mut self, field: &str, value: i64, range: std::ops::RangeInclusive<i64>) {
        if !range.contains(&value) {
            self.refuse(field, format!("is `{value}`, must be from {} to {}", range.start(), range.end()));
        }
    }

    /// A priority; lower runs first.
    pub fn priority(&mut self, value: i32) {
        self.range("priority", value.into(), (-PRIORITY).into()..=PRIORITY.into());
    }

    /// A project's name: `^[a-z0-9][a-z0-9-]{0,62}$`.
    pub fn project_name(&mut self, field: &str, value: &str) {
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if value.is_empty() || value.len() > 63 || value.starts_with('-') || !value.chars().all(fits) {
            let shown: String = value.chars().take(80).flat_map(char::escape_debug).collect();
            self.refuse(field, format!("is `{shown}`, must be 1 to 63 of a-z, 0-9 and `-`, and not start with `-`"));
        }
    }

    /// An agent's name: 1 to 63 of letters, digits, `-`, `_` and `.`, starting with a letter or digit.
    pub fn agent_name(&mut self, field: &str, value: &str) {
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        if value.len() > 63 || !value.starts_with(|c: char| c.is_ascii_alphanumeric()) || !value.chars().all(fits) {
            let shown: String = value.chars().take(80).flat_map(char::escape_debug).collect();
            let rule = "must be 1 to 63 letters, digits, `-`, `_` or `.`, and start with a letter or digit";
            self.refuse(field, format!("is `{shown}`, {rule}"));
        }
    }

    /// An IANA time zone; `knows_zone` says whether it exists, which the core itself cannot.
    pub fn time_zone(&mut self, field: &str, value: &str, knows_zone: impl Fn(&str) -> bool) {
        if !knows_zone(value) {
            let shown: String = value.chars().take(80).flat_map(char::escape_debug).collect();
            let rule = "must be an IANA time zone such as `UTC`, `Europe/Berlin` or `America/New_York`";
            self.refuse(field, format!("is `{shown}`, {rule}"));
        }
    }

    /// Everything found, or nothing.
    pub fn finish(self) -> Result<(), Vec<InvalidField>> {
        if self.found.is_empty() { Ok(()) } else { Err(self.found) }
    }
}

/// Whether nothing of it is seen: white space, and the byte order mark, which JSON Schema counts as such.
fn is_blank(value: &str) -> bool {
    value.chars().all(|c| c.is_whitespace() || c == '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(check: impl FnOnce(&mut Checks)) -> Vec<String> {
        let mut checks = Checks::default();
        check(&mut checks);
        checks.finish().err().unwrap_or_default().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn every_bad_text_names_its_field_and_rule() {
        let cases: [(Vec<String>, &str); 6] = [
            (found(|c| c.name("name", " ")), "name must not be empty"),
            (found(|c| c.name("name", &"x".repeat(256))), "name has 256 characters, at most 255 are allowed"),
            (found(|c| c.name("name", "a\0b")), "name has the control character U+0000; remove it"),
            (found(|c| c.name("name", "a\nb")), "name has the control character U+000A; remove it"),
            (found(|c| c.text("spec", "a\u{7}", 10)), "spec has the control character U+0007; remove it"),
            (found(|c| c.text("spec", "abc", 2)), "spec has 3 bytes, at most 2 are allowed"),
        ];
        for (found, expected) in cases {
            assert_eq!(found, [expected]);
        }
        assert!(found(|c| c.text("spec", "a\tb\r\n", 10)).is_empty());
    }

    #[test]
    fn project_names_are_lower_case_words_with_dashes() {
        for good in ["a", "todo-app", "0", &"x".repeat(63)] {
            assert!(found(|c| c.project_name("name", good)).is_empty(), "{good}");
        }
        for bad in ["", "-a", "A", "a b", "a/b", "..", "abc\n", "ä", &"x".repeat(64)] {
            assert_eq!(found(|c| c.project_name("name", bad)).len(), 1, "{bad:?}");
        }
    }
}
