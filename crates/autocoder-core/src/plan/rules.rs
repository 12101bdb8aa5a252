//! What a text of a plan file may be: its length, its lines, its characters.

use super::limits::{
    CATEGORY_CHARS, KEY_PATTERN, NAME_CHARS, PROJECT_NAME_PATTERN, SPEC_BYTES, STEP_CHARS, TEXT_BYTES, is_key,
    is_project_name,
};

/// The kinds of text in a plan file.
#[derive(Clone, Copy)]
pub(super) enum TextKind {
    ProjectName,
    Key,
    Name,
    Category,
    Step,
    Description,
    Spec,
    /// A reference to a task, by key or name.
    Reference,
}

impl TextKind {
    /// What is wrong with `text` ("is empty, must …"), and what to do.
    pub(super) fn fault(self, text: &str) -> Option<(String, Option<&'static str>)> {
        match self {
            Self::ProjectName if !is_project_name(text) => Some((
                format!("is {}, must match {PROJECT_NAME_PATTERN}", super::problem::shown(text)),
                Some("use lower-case letters, digits and `-`, at most 63; `title` takes any text"),
            )),
            Self::Key if !is_key(text) => Some((
                format!("is {}, must match {KEY_PATTERN}", super::problem::shown(text)),
                Some("use letters, digits, `.`, `_` and `-`, at most 100; `name` takes any text"),
            )),
            Self::ProjectName | Self::Key => None,
            Self::Description | Self::Spec => self.too_long(text).or_else(|| self.forbidden_character(text)),
            Self::Name | Self::Category | Self::Step | Self::Reference => {
                let blank = text.trim().is_empty().then(|| ("is empty, must be a text".to_owned(), None));
                blank.or_else(|| self.too_long(text)).or_else(|| self.forbidden_character(text))
            }
        }
    }

    fn too_long(self, text: &str) -> Option<(String, Option<&'static str>)> {
        let (limit, unit, hint) = match self {
            Self::Description => (TEXT_BYTES, "bytes", Some("move the details to `spec` of the feature")),
            Self::Spec => (SPEC_BYTES, "bytes", Some("keep the spec in the repository and name its path here")),
            Self::Step => (STEP_CHARS, "characters", Some("split it into several steps")),
            Self::Category => (CATEGORY_CHARS, "characters", None),
            Self::Name | Self::Reference => (NAME_CHARS, "characters", Some("move the details to `description`")),
            Self::ProjectName | Self::Key => return None,
        };
        let length = if unit == "bytes" { text.len() } else { text.chars().count() };
        (length > limit).then(|| (format!("has {length} {unit}, must have at most {limit}"), hint))
    }

    fn forbidden_character(self, text: &str) -> Option<(String, Option<&'static str>)> {
        let lines = matches!(self, Self::Description | Self::Spec | Self::Step);
        let allowed = |c: char| !c.is_control() || (lines && matches!(c, '\t' | '\n' | '\r'));
        let found = text.chars().find(|c| !allowed(*c))?;
        let hint = if lines { "remove it" } else { "write it on one line, without tabs" };
        Some((format!("contains the control character U+{:04X}", u32::from(found)), Some(hint)))
    }
}
