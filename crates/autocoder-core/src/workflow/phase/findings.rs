//! What a person's reason for sending a phase back asks for, as tasks.

use crate::limits::NAME_CHARS;
use crate::task::NewTask;

/// Longer lists become one task: so many tasks of a line each help nobody.
const MOST: usize = 50;

/// One task an item when the reason has a list, with the words before the list in each; otherwise one for all of it.
pub(super) fn tasks_of(reason: &str) -> Vec<NewTask> {
    let reason = reason.trim();
    let (before, items) = listed(reason);
    if !(2..=MOST).contains(&items.len()) {
        return vec![task(reason, reason.to_owned())];
    }
    let before = before.trim();
    let whole = |item: &str| if before.is_empty() { item.to_owned() } else { format!("{before}\n\n{item}") };
    items.iter().map(|item| task(item, whole(item))).collect()
}

/// The words before the first item, and each item with the lines that belong to it.
fn listed(reason: &str) -> (String, Vec<String>) {
    let (mut before, mut items) = (String::new(), Vec::<String>::new());
    for line in reason.lines() {
        match (item(line), items.last_mut()) {
            (Some(text), _) => items.push(text.to_owned()),
            (None, Some(last)) => *last = format!("{last}\n{}", line.trim()),
            (None, None) => before = format!("{before}{line}\n"),
        }
    }
    let items = items.iter().map(|item| item.trim().to_owned()).filter(|item| !item.is_empty()).collect();
    (before, items)
}

/// What stands behind `- `, `* ` or `1. ` at the beginning of a line.
fn item(line: &str) -> Option<&str> {
    let numbered = || line.trim_start_matches(|c: char| c.is_ascii_digit()).strip_prefix(". ");
    let begins_with_digit = line.starts_with(|c: char| c.is_ascii_digit());
    let marked = line.strip_prefix("- ").or_else(|| line.strip_prefix("* "));
    marked.or_else(|| begins_with_digit.then(numbered).flatten())
}

fn task(finding: &str, description: String) -> NewTask {
    let line: String = finding.lines().next().unwrap_or_default().chars().filter(|c| !c.is_control()).collect();
    let name = format!("Address review: {}", line.trim()).chars().take(NAME_CHARS).collect::<String>();
    NewTask { name: name.trim_end().to_owned(), category: "review".to_owned(), description, ..NewTask::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_becomes_a_task_an_item() {
        let many = "- a\n".repeat(MOST + 1);
        for (reason, expected) in [
            ("too slow", vec![("too slow", "too slow")]),
            ("The list\nis empty", vec![("The list", "The list\nis empty")]),
            ("- only one", vec![("- only one", "- only one")]),
            ("- a\n- b", vec![("a", "a"), ("b", "b")]),
            ("* a\n  more\n\n12. b\n-c", vec![("a", "a\nmore"), ("b", "b\n-c")]),
            ("On a phone:\n\n1. a\n2. b", vec![("a", "On a phone:\n\na"), ("b", "On a phone:\n\nb")]),
            ("- a\n- \n- b", vec![("a", "a"), ("b", "b")]),
            ("3.5 s is slow\n1.2 s is fine", vec![("3.5 s is slow", "3.5 s is slow\n1.2 s is fine")]),
            (many.as_str(), vec![("- a", many.trim())]),
        ] {
            let tasks = tasks_of(reason);
            let told: Vec<_> = tasks.iter().map(|task| (task.name.as_str(), task.description.as_str())).collect();
            let named: Vec<_> =
                expected.iter().map(|(name, text)| (format!("Address review: {name}"), *text)).collect();
            assert_eq!(told, named.iter().map(|(name, text)| (name.as_str(), *text)).collect::<Vec<_>>(), "{reason}");
            assert!(tasks.iter().all(|task| task.category == "review"));
        }
    }
}
