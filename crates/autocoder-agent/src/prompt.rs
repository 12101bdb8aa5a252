//! What an agent is asked to do, as Markdown made from a template.

use std::fmt::Write;

const CODER: &str = include_str!("../prompts/coder.md");
/// The specification of a feature is cut here; the agent reads the rest by `feature_get_spec`.
pub const SPEC_BYTES: usize = 24 * 1024;
/// A task's description and steps, and what an earlier try found, are cut here each.
pub const PART_BYTES: usize = 16 * 1024;

/// What a coder needs to know about its task.
#[derive(Clone, Debug, Default)]
pub struct CoderPrompt {
    /// The project.
    pub project: String,
    /// The task's id.
    pub task_id: i64,
    /// The task's name.
    pub task_name: String,
    /// What it is.
    pub description: String,
    /// How to check that it is done.
    pub steps: Vec<String>,
    /// The feature it belongs to.
    pub feature_name: String,
    /// That feature's id.
    pub feature_id: i64,
    /// That feature's specification.
    pub feature_spec: String,
    /// What an earlier try that failed found, if there was one.
    pub findings: Option<String>,
    /// The commands that must succeed before the task passes.
    pub verification: Vec<String>,
}

impl CoderPrompt {
    /// The prompt.
    #[must_use]
    pub fn render(&self) -> String {
        let more = format!("`feature_get_spec` with id {} has the rest", self.feature_id);
        let values = [
            ("project", self.project.clone()),
            ("task_id", self.task_id.to_string()),
            ("task_name", one_line(&self.task_name)),
            ("description", or_none(shortened(&self.description, PART_BYTES, "`task_get` has the rest"))),
            ("steps", or_none(shortened(&numbered(&self.steps), PART_BYTES, "`task_get` has the rest"))),
            ("feature_name", one_line(&self.feature_name)),
            ("feature_spec", or_none(shortened(&self.feature_spec, SPEC_BYTES, &more))),
            ("findings", self.findings_section()),
            ("verification", self.verification_section()),
        ];
        fill(CODER, &values)
    }

    fn findings_section(&self) -> String {
        match self.findings.as_deref().map(str::trim) {
            None | Some("") => String::new(),
            Some(found) => {
                let found = shortened(found, PART_BYTES, "the run's log has the rest");
                format!(
                    "\n## What an earlier try found\n\nIt failed. Do not repeat it; start from what it left in the work tree.\n\n{found}\n"
                )
            }
        }
    }

    fn verification_section(&self) -> String {
        if self.verification.is_empty() {
            return "No commands are set; check your work by the steps above.".to_owned();
        }
        let commands = self.verification.iter().fold(String::new(), |mut list, command| {
            let _ = writeln!(list, "    {}", one_line(command));
            list
        });
        format!("These commands must succeed, and `task_mark_passing` runs them again:\n\n{}", commands.trim_end())
    }
}

fn numbered(steps: &[String]) -> String {
    let lines: Vec<String> =
        steps.iter().enumerate().map(|(at, step)| format!("{}. {}", at + 1, one_line(step))).collect();
    lines.join("\n")
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn or_none(text: String) -> String {
    if text.trim().is_empty() { "(none)".to_owned() } else { text.trim().to_owned() }
}

fn shortened(text: &str, limit_bytes: usize, more: &str) -> String {
    let text = text.replace('\0', "");
    if text.len() <= limit_bytes {
        return text;
    }
    format!("{}\n\n[cut here; {more}]", &text[..text.floor_char_boundary(limit_bytes)])
}

/// Replaces every `{{name}}` of `template` once; what a value contains is never read as a placeholder.
fn fill(template: &str, values: &[(&str, String)]) -> String {
    let mut pieces = template.split("{{");
    let mut filled = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (name, rest) = piece.split_once("}}").expect("the template closes its placeholders");
        let (_, value) = values.iter().find(|(known, _)| *known == name).expect("the template names known values only");
        filled.push_str(value);
        filled.push_str(rest);
    }
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    fn a_prompt() -> CoderPrompt {
        CoderPrompt {
            project: "todo".into(),
            task_id: 42,
            task_name: "Add a login form".into(),
            description: "A form with two fields.".into(),
            steps: vec!["Open the page".into(), "Log in\nwith a wrong password".into()],
            feature_name: "Login".into(),
            feature_id: 7,
            feature_spec: "# Login\nUsers log in.".into(),
            ..CoderPrompt::default()
        }
    }

    #[test]
    fn the_prompt_holds_the_task_the_feature_and_the_tools() {
        let prompt = a_prompt().render();
        for part in [
            "task 42",
            "Add a login form",
            "A form with two fields.",
            "1. Open the page\n2. Log in with a wrong password",
            "# Login\nUsers log in.",
            "task_get_next",
            "task_mark_passing",
            "task_skip",
            "task_ask",
            "task_release",
            "usage_should_continue",
            "No commands are set",
        ] {
            assert!(prompt.contains(part), "{part} in\n{prompt}");
        }
        assert!(!prompt.contains("earlier try") && !prompt.contains("{{"), "{prompt}");
    }

    #[test]
    fn findings_and_commands_have_their_places() {
        let prompt =
            CoderPrompt { findings: Some("2 tests fail".into()), verification: vec!["npm test".into()], ..a_prompt() };
        let prompt = prompt.render();
        assert!(prompt.contains("## What an earlier try found") && prompt.contains("2 tests fail"), "{prompt}");
        assert!(prompt.contains("\n    npm test\n"), "{prompt}");
    }

    #[test]
    fn a_value_is_never_read_as_a_placeholder() {
        let prompt = CoderPrompt { description: "{{feature_spec}} {{x}} {{".into(), ..a_prompt() }.render();
        assert!(prompt.contains("{{feature_spec}} {{x}} {{"));
    }

    #[test]
    fn the_largest_task_still_fits_one_argument() {
        let large = "ä\0".repeat(600_000);
        let prompt = CoderPrompt {
            task_name: "n".repeat(255),
            description: large.clone(),
            steps: vec![large.clone(); 3],
            feature_spec: large.clone(),
            findings: Some(large),
            verification: vec!["npm test".into(); 20],
            ..a_prompt()
        };
        let prompt = prompt.render();
        assert!(prompt.len() < 100 * 1024, "{}", prompt.len());
        assert!(!prompt.contains('\0'));
        assert!(prompt.contains("`feature_get_spec` with id 7 has the rest"));
    }
}
