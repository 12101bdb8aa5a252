//! Templates: the built-in ones, and those of a repository's `.autocoder/prompts/`.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use autocoder_core::agent::Role;

use super::PromptError;

/// Where a repository may have templates of its own, below its root.
pub const OVERRIDES: &str = ".autocoder/prompts";
/// The longest template of a repository, in characters; the rest of the room is for the work itself.
pub const TEMPLATE_CHARS: usize = 5_000;
/// Closes every prompt, whatever the template.
pub(super) const RULES: &str = include_str!("../../prompts/rules.md");

/// A template and where it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// With `{{placeholders}}`.
    pub text: String,
    /// The file of the repository; none: the built-in one.
    pub file: Option<PathBuf>,
}

/// The built-in template of a role.
#[must_use]
pub const fn built_in(role: Role) -> &'static str {
    match role {
        Role::Coder => include_str!("../../prompts/coder.md"),
        Role::SpecWriter => include_str!("../../prompts/spec_writer.md"),
        Role::Planner => include_str!("../../prompts/planner.md"),
        Role::Tester => include_str!("../../prompts/tester.md"),
        Role::Reviewer => include_str!("../../prompts/reviewer.md"),
    }
}

/// The placeholders that a role's template may name.
#[must_use]
pub const fn placeholders(role: Role) -> &'static [&'static str] {
    match role {
        Role::Coder => &[
            "project",
            "task_id",
            "task_name",
            "description",
            "steps",
            "findings",
            "feature_id",
            "feature_name",
            "feature_spec",
            "notes",
            "verification",
        ],
        Role::SpecWriter => &[
            "project",
            "project_spec",
            "phase_name",
            "neighbours",
            "feature_id",
            "feature_name",
            "description",
            "feature_spec",
            "notes",
            "conversation",
        ],
        Role::Planner => &["project", "project_spec"],
        Role::Tester => &["project", "phase_name", "notes", "verification"],
        Role::Reviewer => {
            &["project", "phase_id", "phase_name", "description", "features", "findings", "notes", "verification"]
        }
    }
}

/// The template of `role` for a project whose code lies in `root`. It is read from the person's own checkout: what an
/// agent writes into its work tree counts only once a person has merged it.
///
/// # Errors
/// An override that is no plain file, too long, no text, or names an unknown placeholder.
pub fn template(root: &Path, role: Role) -> Result<Template, PromptError> {
    let built_in = || Template { text: built_in(role).to_owned(), file: None };
    let file = root.join(OVERRIDES).join(format!("{role}.md"));
    let Some(text) = read_override(root, &file)? else { return Ok(built_in()) };
    pieces(&text, placeholders(role)).map_err(|error| PromptError::Override { file: file.clone(), error })?;
    Ok(Template { text, file: Some(file) })
}

/// The text of an override, if there is one. No link leads out of the repository.
fn read_override(root: &Path, file: &Path) -> Result<Option<String>, PromptError> {
    let wrong = |error: String| PromptError::Override { file: file.to_owned(), error };
    for path in [root.join(".autocoder"), root.join(OVERRIDES), file.to_owned()] {
        match fs::symlink_metadata(&path) {
            Ok(found) if found.is_symlink() => return Err(wrong("is reached by a symbolic link".to_owned())),
            Ok(found) if path == file && !found.is_file() => return Err(wrong("is no file".to_owned())),
            Ok(_) => {}
            Err(_) => return Ok(None),
        }
    }
    let mut text = String::new();
    let opened = fs::File::open(file).map_err(|error| wrong(error.to_string()))?;
    let most = 4 * TEMPLATE_CHARS as u64 + 1;
    opened.take(most).read_to_string(&mut text).map_err(|error| wrong(error.to_string()))?;
    let chars = text.chars().count();
    if chars > TEMPLATE_CHARS {
        return Err(wrong(format!("has more than {TEMPLATE_CHARS} characters")));
    }
    if text.trim().is_empty() || text.contains('\0') {
        return Err(wrong("is empty, or no text".to_owned()));
    }
    Ok(Some(text))
}

/// A template cut at its placeholders: the text before each, with its name; the last has none.
pub(super) fn pieces<'t>(text: &'t str, known: &[&str]) -> Result<Vec<(&'t str, Option<&'t str>)>, String> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        let (name, behind) = after.split_once("}}").ok_or("has `{{` without `}}`")?;
        if !known.contains(&name) {
            let known = known.iter().map(|name| format!("`{{{{{name}}}}}`")).collect::<Vec<_>>().join(", ");
            let name: String = name.chars().take(40).collect();
            return Err(format!("names the unknown placeholder `{{{{{name}}}}}`; known are {known}"));
        }
        found.push((before, Some(name)));
        rest = behind;
    }
    found.push((rest, None));
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_templates_name_known_placeholders_only() {
        for &role in Role::ALL {
            assert!(pieces(built_in(role), placeholders(role)).is_ok(), "{role}");
            assert!(built_in(role).chars().count() <= TEMPLATE_CHARS, "{role}");
            for name in placeholders(role) {
                let named = built_in(role).contains(&format!("{{{{{name}}}}}"));
                assert!(named || *name == "feature_id", "{role} leaves {name} out");
            }
        }
    }

    #[test]
    fn an_override_is_taken_as_it_is_or_refused_with_the_reason() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        assert_eq!(template(root, Role::Coder).unwrap().file, None);
        let dir = root.join(OVERRIDES);
        fs::create_dir_all(&dir).unwrap();
        let file = dir.join("coder.md");
        fs::write(&file, "Do {{task_name}}.").unwrap();
        let found = template(root, Role::Coder).unwrap();
        assert_eq!(found, Template { text: "Do {{task_name}}.".into(), file: Some(file.clone()) });
        assert_eq!(template(root, Role::Planner).unwrap().file, None);
        for (text, reason) in [
            ("{{secret}}", "names the unknown placeholder `{{secret}}`; known are `{{project}}`"),
            ("{{task_id", "has `{{` without `}}`"),
            (" \n", "is empty"),
            (&"x".repeat(TEMPLATE_CHARS + 1), "has more than 5000 characters"),
        ] {
            fs::write(&file, text).unwrap();
            let error = template(root, Role::Coder).unwrap_err().to_string();
            assert!(error.contains(reason), "{error}");
        }
        fs::remove_file(&file).unwrap();
        std::os::unix::fs::symlink("/etc/passwd", &file).unwrap();
        let error = template(root, Role::Coder).unwrap_err().to_string();
        assert!(error.contains("symbolic link"), "{error}");
    }
}
