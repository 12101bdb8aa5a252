//! What a rehearsal writes where a model would think: specs, tasks and plans made from the words it was given.

use serde_json::{Value, json};

/// The most tasks of a feature; what is left is one task more.
const TASKS: usize = 40;
const NAME_CHARS: usize = 120;

/// A plan read off the headings and lists of a spec.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Outline {
    pub(super) phases: Vec<PhaseOutline>,
}

/// A phase of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct PhaseOutline {
    pub(super) name: String,
    pub(super) features: Vec<FeatureOutline>,
}

/// A feature of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct FeatureOutline {
    pub(super) name: String,
    /// The section as it stands.
    pub(super) text: String,
    /// Its list, in order.
    pub(super) items: Vec<String>,
}

/// Reads a spec: where there are headings of the third level, those are features and those of the second level phases;
/// otherwise those of the second level are features of one phase. Items of lists are tasks.
pub(super) fn outline(spec: &str) -> Outline {
    let has_third = spec.lines().any(|line| level(line) == Some(3));
    let mut phases: Vec<PhaseOutline> = Vec::new();
    let phase = |name: &str| PhaseOutline { name: shortened(name), features: Vec::new() };
    for line in spec.lines() {
        match level(line) {
            Some(2) if has_third => phases.push(phase(title(line))),
            Some(2 | 3) => {
                if phases.is_empty() {
                    phases.push(phase("Initial development"));
                }
                let feature = FeatureOutline { name: shortened(title(line)), ..FeatureOutline::default() };
                phases.last_mut().expect("one was pushed").features.push(feature);
            }
            _ => {
                let feature = phases.last_mut().and_then(|phase| phase.features.last_mut());
                if let Some(feature) = feature {
                    feature.text.push_str(line);
                    feature.text.push('\n');
                    feature.items.extend(item(line).filter(|_| feature.items.len() < TASKS));
                }
            }
        }
    }
    phases.iter_mut().for_each(|phase| phase.features.retain(|feature| !feature.text.trim().is_empty()));
    phases.retain(|phase| !phase.features.is_empty());
    if phases.is_empty() {
        phases.push(PhaseOutline { features: vec![whole(spec)], ..phase("Initial development") });
    }
    Outline { phases }
}

/// A spec without sections is one feature.
fn whole(spec: &str) -> FeatureOutline {
    let name = spec.lines().map(title).find(|line| !line.is_empty()).unwrap_or("Core features");
    let items = spec.lines().filter_map(item).take(TASKS).collect();
    FeatureOutline { name: shortened(name), text: spec.to_owned(), items }
}

/// The tasks of a feature: its list, or its name when it has none; each waits for the one before.
pub(super) fn tasks(feature: &FeatureOutline) -> Value {
    let own = [format!("Build {}", feature.name), format!("Test {}", feature.name)];
    let items: &[String] = if feature.items.is_empty() { &own } else { &feature.items };
    let task = |(index, item): (usize, &String)| {
        json!({
            "name": shortened(item),
            "description": format!("{item}\n\nPart of: {}", feature.name),
            "category": "functional",
            "steps": [format!("See that it holds: {}", shortened(item))],
            "estimated_complexity": 1 + item.split_whitespace().count().min(16) / 4,
            "depends_on": if index == 0 { json!([]) } else { json!([index - 1]) },
        })
    };
    items.iter().enumerate().map(task).collect()
}

/// The spec of a feature of that name, and `count` proposed tasks.
pub(super) fn spec(name: &str, description: &str, count: usize) -> (String, Value) {
    let wish = if description.trim().is_empty() { name } else { description.trim() };
    let aspects = [
        "the data it needs is kept and read back",
        "its rules hold, and bad input is refused with a message that says what to do",
        "a person can use it from the screen",
        "it says what happens while it works",
        "it works again after a restart",
        "two people using it at once do not disturb each other",
        "it is described for its users",
        "it is fast enough with a thousand entries",
    ];
    let chosen: Vec<&str> = aspects.into_iter().take(count).collect();
    let list: Vec<String> = chosen.iter().map(|aspect| format!("- {name}: {aspect}.")).collect();
    let text = format!(
        "# {name}\n\n{wish}\n\n## What it does\n\nA user gets {name} as the rest of the product works: the same words, the \
         same look, no setup.\n\n## What it does not do\n\nNo migration of old data.\n\n## Acceptance\n\n{}\n",
        list.join("\n")
    );
    let task = |(index, aspect): (usize, &&str)| {
        json!({
            "name": shortened(&format!("{name}: {aspect}")),
            "description": format!("Make sure that {aspect}, for {name}."),
            "category": "functional",
            "steps": [format!("Try it: {aspect}"), "Run the tests"],
            "estimated_complexity": 1 + (index * 7 + name.len()) % 4,
            "depends_on": if index == 0 { json!([]) } else { json!([0]) },
        })
    };
    (text, chosen.iter().enumerate().map(task).collect())
}

/// The spec with what the person said.
pub(super) fn with_decision(spec: &str, said: &str) -> String {
    let line = format!("- {}", said.split_whitespace().collect::<Vec<_>>().join(" "));
    let spec = spec.trim_end();
    if spec.contains("\n## Decisions\n") {
        format!("{spec}\n{line}\n")
    } else {
        format!("{spec}\n\n## Decisions\n\n{line}\n")
    }
}

/// What the person said last, as the prompt tells it.
pub(super) fn last_said(prompt: &str) -> Option<&str> {
    let (_, said) = prompt.rsplit_once("\n\nPerson: ")?;
    let end = said.find("\n\nYou: ").into_iter().chain(said.find("\n\n# How to work")).min().unwrap_or(said.len());
    Some(said[..end].trim()).filter(|said| !said.is_empty())
}

fn level(line: &str) -> Option<usize> {
    let marks = line.chars().take_while(|c| *c == '#').count();
    (marks > 0 && line[marks..].starts_with(' ')).then_some(marks)
}

fn title(line: &str) -> &str {
    line.trim_start_matches('#').trim()
}

fn item(line: &str) -> Option<String> {
    let line = line.trim();
    let number = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let rest = line.strip_prefix("- ").or_else(|| line.strip_prefix("* "));
    let rest = rest.or_else(|| number.strip_prefix(". ").filter(|_| number.len() < line.len()))?;
    let rest = rest.trim_start_matches("[ ] ").trim();
    (!rest.is_empty()).then(|| rest.to_owned())
}

fn shortened(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let kept: String = text.chars().filter(|c| !c.is_control()).take(NAME_CHARS).collect();
    if kept.trim().is_empty() { "Core features".to_owned() } else { kept }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(spec: &str) -> String {
        let feature = |feature: &FeatureOutline| format!("{}[{}]", feature.name, feature.items.join("|"));
        let phase = |phase: &PhaseOutline| {
            format!("{}: {}", phase.name, phase.features.iter().map(feature).collect::<Vec<_>>().join(", "))
        };
        outline(spec).phases.iter().map(phase).collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn headings_are_phases_and_features_and_items_are_tasks() {
        for (spec, expected) in [
            (
                "# Shop\n## One\n### Cart\n- add\n- [ ] remove\n### Pay\n1. card\n## Two\n### Mail\nsend",
                "One: Cart[add|remove], Pay[card]; Two: Mail[]",
            ),
            ("# Shop\n## Cart\n* add\n## Why\n\n## Pay\nby card", "Initial development: Cart[add], Pay[]"),
            ("A shop.\n- cart\n- pay", "Initial development: A shop.[cart|pay]"),
            ("", "Initial development: Core features[]"),
        ] {
            assert_eq!(told(spec), expected);
        }
    }

    #[test]
    fn each_task_waits_for_the_one_before() {
        let feature = FeatureOutline {
            name: "Cart".into(),
            items: vec!["add".into(), "remove one".into()],
            ..FeatureOutline::default()
        };
        let tasks = tasks(&feature);
        assert_eq!((&tasks[0]["depends_on"], &tasks[1]["depends_on"]), (&json!([]), &json!([0])));
        assert_eq!(tasks[1]["name"], "remove one");
    }

    #[test]
    fn what_the_person_said_last_is_found_and_kept() {
        let prompt =
            "## The conversation so far\n\nPerson: first\n\nYou: yes\n\nPerson: use\nSQLite\n\n# How to work\n\n1.";
        assert_eq!(last_said(prompt), Some("use\nSQLite"));
        assert_eq!(last_said("nothing"), None);
        let once = with_decision("# A\n", "use\nSQLite");
        assert_eq!(once, "# A\n\n## Decisions\n\n- use SQLite\n");
        assert_eq!(with_decision(&once, "yes"), "# A\n\n## Decisions\n\n- use SQLite\n- yes\n");
    }

    #[test]
    fn a_spec_has_as_many_acceptance_items_as_tasks() {
        for count in 3..=8 {
            let (text, tasks) = spec("Login", "", count);
            assert_eq!(text.matches("\n- Login: ").count(), count);
            assert_eq!(tasks.as_array().unwrap().len(), count);
        }
    }
}
