//! Prompts of the old project as templates of today's roles: what can be taken over, and for the rest what to do.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use autocoder_agent::prompt::{OVERRIDES, TEMPLATE_CHARS};
use autocoder_core::agent::Role;
use serde::Serialize;

use crate::exit::Failure;
use crate::input;

/// What the old tools are called today.
const RENAMED: [(&str, &str); 20] = [
    ("feature_get_next", "task_get_next"),
    ("feature_get_ready", "task_get_next"),
    ("feature_claim_and_get", "task_get_next"),
    ("feature_mark_in_progress", "task_get_next"),
    ("feature_get_by_id", "task_get"),
    ("feature_get_summary", "task_get"),
    ("feature_get_blocked", "task_list"),
    ("feature_get_graph", "task_list"),
    ("feature_get_stats", "phase_get_current"),
    ("feature_mark_passing", "task_mark_passing"),
    ("feature_skip", "task_skip"),
    ("feature_clear_in_progress", "task_release"),
    ("feature_request_human_input", "task_ask"),
    ("ask_user", "task_ask"),
    ("feature_get_for_regression", "task_get_for_regression"),
    ("feature_mark_failing", "task_report_regression"),
    ("feature_create_bulk", "feature_create_tasks"),
    ("feature_add_dependency", "task_set_dependencies"),
    ("feature_remove_dependency", "task_set_dependencies"),
    ("feature_set_dependencies", "task_set_dependencies"),
];
const CODERS_TASK: &str = "\n\n# Task {{task_id}} of project `{{project}}`: {{task_name}}\n\n{{description}}\n\n\
     ## Steps that show it is done\n\n{{steps}}\n{{findings}}\n## Verification\n\n{{verification}}\n{{notes}}";
const TESTERS_PHASE: &str = "\n\n# Phase {{phase_name}} of project `{{project}}`\n\n{{verification}}\n{{notes}}";

/// A prompt of the old project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Prompt {
    file: PathBuf,
    role: Option<Role>,
    /// The template that it becomes; none: it is left out.
    template: Option<PathBuf>,
    told: String,
    #[serde(skip)]
    text: String,
}

impl Prompt {
    /// What becomes of `file` in the project whose code lies in `root`; nothing is written.
    pub(super) fn of(file: &Path, role: Option<Role>, root: &Path) -> Result<Self, Failure> {
        let left = |why: String| Self { file: file.into(), role, template: None, told: why, text: String::new() };
        let shown = file.display();
        let Some((role, task)) = role.and_then(|role| Some((role, task_of(role)?))) else {
            let why = role.map_or("no role does that work".to_owned(), |role| {
                format!("a {role} makes phases and features first, which it does not know")
            });
            return Ok(left(format!("`{shown}` is left out: {why}")));
        };
        let place = format!("{OVERRIDES}/{role}.md");
        let target = root.join(&place);
        if [root.join(".autocoder"), root.join(OVERRIDES)].iter().any(|folder| folder.is_symlink()) {
            return Ok(left(format!("`{shown}` is left out: `{OVERRIDES}` is reached by a symbolic link")));
        }
        let (text, renamed) = with_todays_names(&input::read_text(file)?, role);
        let full = format!("{}{task}", text.trim());
        if fs::symlink_metadata(&target).is_ok_and(|_| fs::read_to_string(&target).ok().as_deref() != Some(&full)) {
            return Ok(left(format!("`{shown}` is left out: `{place}` is there already")));
        }
        if let Some(why) = unfit(&text, &full, role) {
            let todo =
                format!("write what still holds into `{place}`; `autocoder prompt show {role}` has one to begin with");
            return Ok(left(format!("`{shown}` is left out: {why}; {todo}")));
        }
        let renamed: Vec<String> = renamed.iter().map(|(old, new)| format!("`{old}` is `{new}`")).collect();
        let names = if renamed.is_empty() { String::new() } else { format!(" ({})", renamed.join(", ")) };
        let told = format!("`{shown}` becomes `{place}`{names}; read it before the first run");
        Ok(Self { file: file.into(), role: Some(role), template: Some(target), told, text: full })
    }

    pub(super) fn told(&self) -> &str {
        &self.told
    }

    /// Writes the template, unless it is there; a template is there whole or not at all.
    pub(super) fn write(&self) -> Result<(), Failure> {
        let Some(target) = self.template.as_deref().filter(|target| !target.exists()) else { return Ok(()) };
        let wrong = |error| Failure::file("write", target, error);
        let folder = target.parent().expect("a template lies in a folder");
        fs::create_dir_all(folder).map_err(wrong)?;
        let mut file = tempfile::NamedTempFile::new_in(folder).map_err(wrong)?;
        std::io::Write::write_all(&mut file, self.text.as_bytes()).map_err(wrong)?;
        file.persist_noclobber(target).map(drop).map_err(|refused| wrong(refused.error))
    }
}

/// How a prompt of the role is told what it is about; roles that plan are told in another way than the old tool did.
const fn task_of(role: Role) -> Option<&'static str> {
    match role {
        Role::Coder => Some(CODERS_TASK),
        Role::Tester => Some(TESTERS_PHASE),
        Role::Planner | Role::SpecWriter | Role::Reviewer => None,
    }
}

fn unfit(text: &str, full: &str, role: Role) -> Option<String> {
    let chars = full.chars().count();
    if text.trim().is_empty() || text.contains('\0') {
        return Some("it is empty, or no text".to_owned());
    }
    if chars > TEMPLATE_CHARS {
        return Some(format!("it would have {chars} characters, and a template has at most {TEMPLATE_CHARS}"));
    }
    if text.contains("{{") {
        return Some("it has `{{`, which begins a placeholder here".to_owned());
    }
    let left = words(text).filter_map(|word| RENAMED.iter().find(|(old, _)| tool(word).1 == *old));
    let left: Vec<String> = left.map(|(old, _)| format!("`{old}`")).collect();
    (!left.is_empty()).then(|| format!("it names {}, and a {role} has no such tool", left.join(", ")))
}

/// The text with the tools of the role under today's names, and which ones were renamed.
fn with_todays_names(text: &str, role: Role) -> (String, BTreeMap<&'static str, &'static str>) {
    let tools = autocoder_mcp::tool_names(Some(role));
    let mut renamed = BTreeMap::new();
    let mut out = String::new();
    let mut rest = text;
    while let Some(begin) = rest.find(is_word) {
        let (before, behind) = rest.split_at(begin);
        let (word, after) = behind.split_at(behind.find(|c| !is_word(c)).unwrap_or(behind.len()));
        let (server, name) = tool(word);
        out.push_str(before);
        match RENAMED.iter().find(|(old, new)| *old == name && tools.contains(new)) {
            Some((old, new)) => {
                renamed.insert(*old, *new);
                out.push_str(if server.is_empty() { "" } else { "mcp__autocoder__" });
                out.push_str(new);
            }
            None if word == "feature_id" => out.push_str("task_id"),
            None => out.push_str(word),
        }
        rest = after;
    }
    out.push_str(rest);
    (out, renamed)
}

/// A word as the tool it may name: the server in front of it, and the name.
fn tool(word: &str) -> (&str, &str) {
    word.rfind("__").map_or(("", word), |end| (&word[..end], &word[end + 2..]))
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c| !is_word(c)).filter(|word| !word.is_empty())
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tools_get_todays_names_where_the_role_has_them() {
        for (role, text, expected) in [
            (Role::Coder, "Call `feature_mark_passing` with feature_id=5.", "Call `task_mark_passing` with task_id=5."),
            (Role::Coder, "mcp__features__feature_skip(x)", "mcp__autocoder__task_skip(x)"),
            (Role::Coder, "feature_get_for_regression, ä", "feature_get_for_regression, ä"),
            (Role::Tester, "feature_get_for_regression", "task_get_for_regression"),
            (Role::Coder, "feature_list and my_feature_skip", "feature_list and my_feature_skip"),
        ] {
            assert_eq!(with_todays_names(text, role).0, expected);
        }
    }

    #[test]
    fn a_prompt_becomes_a_template_or_is_told_why_not() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        let file = root.join("prompt.md");
        for (role, text, told) in [
            (Some(Role::Coder), "Work with feature_skip.", "becomes `.autocoder/prompts/coder.md` (`feature_skip` is"),
            (Some(Role::Tester), "Test it.", "becomes `.autocoder/prompts/tester.md`; read it"),
            (Some(Role::Coder), "", "it is empty"),
            (Some(Role::Coder), &"x".repeat(TEMPLATE_CHARS), "and a template has at most 5000"),
            (Some(Role::Coder), "{{x}}", "which begins a placeholder"),
            (Some(Role::Coder), "feature_mark_failing", "`feature_mark_failing`, and a coder has no such tool"),
            (Some(Role::Planner), "Plan.", "a planner makes phases and features first"),
            (None, "Anything.", "no role does that work"),
        ] {
            fs::write(&file, text).unwrap();
            let prompt = Prompt::of(&file, role, root).unwrap();
            assert!(prompt.told().contains(told), "{text}: {}", prompt.told());
            assert_eq!(prompt.template.is_some(), told.starts_with("becomes"), "{text}");
        }
        assert!(!root.join(".autocoder").exists());
    }

    #[test]
    fn a_written_template_is_one_that_agents_can_be_given() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        let file = root.join("prompt.md");
        fs::write(&file, "Work well.").unwrap();
        for role in [Role::Coder, Role::Tester] {
            let prompt = Prompt::of(&file, Some(role), root).unwrap();
            prompt.write().unwrap();
            assert!(autocoder_agent::prompt::template(root, role).unwrap().text.starts_with("Work well."));
            let again = Prompt::of(&file, Some(role), root).unwrap();
            again.write().unwrap();
            assert_eq!(again, prompt, "what was written before is what is written again");
            fs::write(root.join(OVERRIDES).join(format!("{role}.md")), "My own.").unwrap();
            assert!(Prompt::of(&file, Some(role), root).unwrap().told().contains("is there already"));
        }
    }

    #[test]
    fn nothing_is_written_through_a_link() {
        let folder = tempfile::tempdir().unwrap();
        let (root, outside) = (folder.path().join("root"), folder.path().join("outside"));
        fs::create_dir_all(&root).unwrap();
        fs::create_dir_all(&outside).unwrap();
        std::os::unix::fs::symlink(&outside, root.join(".autocoder")).unwrap();
        let file = root.join("prompt.md");
        fs::write(&file, "Work well.").unwrap();
        let prompt = Prompt::of(&file, Some(Role::Coder), &root).unwrap();
        prompt.write().unwrap();
        assert!(prompt.told().contains("symbolic link"), "{}", prompt.told());
        assert_eq!(fs::read_dir(&outside).unwrap().count(), 0);
    }
}
