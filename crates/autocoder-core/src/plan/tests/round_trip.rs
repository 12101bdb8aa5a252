//! What is written reads back as the same plan.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use serde_json::json;

use super::{TODO_APP, read};
use crate::plan::{PlanDocument, PlanFeature, PlanPhase, PlanProject, PlanTask, write};

const FRAGMENTS: &[&str] = &[
    " ",
    "  ",
    "\t",
    "\n",
    "\n\n",
    "\r",
    "\r\n",
    "\u{85}",
    "\u{a0}",
    "\u{2028}",
    "\u{feff}",
    "\u{fffe}",
    ": ",
    ":",
    " #",
    "#",
    "- ",
    "-",
    "---",
    "...",
    "? ",
    "\"",
    "'",
    "\\",
    "\\n",
    "|",
    ">",
    "&a",
    "*a",
    "!t",
    "%",
    "@",
    "`",
    "[",
    "]",
    "{",
    "}",
    ",",
    "yes",
    "No",
    "null",
    "~",
    "1.0",
    "0x1f",
    "true",
    ".inf",
    "<<",
    "a",
    "Word",
    "ünï",
    "日本",
    "😀",
    "👩‍👩‍👧",
    "\u{202e}",
    "שלום",
    "=",
];

/// A text of pieces that mean something in YAML, and of `letters`.
pub(in crate::plan) fn hostile_text(letters: BoxedStrategy<char>) -> impl Strategy<Value = String> {
    let piece =
        prop_oneof![3 => prop::sample::select(FRAGMENTS).prop_map(str::to_owned), 1 => letters.prop_map(String::from)];
    vec(piece, 0..10).prop_map(|pieces| pieces.concat())
}

fn text() -> impl Strategy<Value = String> {
    hostile_text(any::<char>().boxed())
        .prop_map(|text| text.replace(|c: char| c.is_control() && !"\t\n\r".contains(c), ""))
}

fn filled_text() -> impl Strategy<Value = String> {
    text().prop_map(|text| if text.trim().is_empty() { format!("{text}x") } else { text })
}

fn name() -> impl Strategy<Value = String> {
    filled_text().prop_map(|text| format!("{}x", text.replace(char::is_control, "")))
}

fn spec() -> impl Strategy<Value = Option<String>> {
    option::of(filled_text())
}

fn project() -> impl Strategy<Value = PlanProject> {
    (option::of("[a-z0-9][a-z0-9-]{0,9}"), option::of(name()), text(), spec())
        .prop_map(|(name, title, description, spec)| PlanProject { name, title, description, spec })
}

fn task() -> impl Strategy<Value = PlanTask> {
    (name(), name(), text(), vec(filled_text(), 0..4), 1_u8..=5, -1_000_000..=1_000_000).prop_map(
        |(name, category, description, steps, complexity, priority)| PlanTask {
            name,
            category,
            description,
            steps,
            complexity,
            priority,
            ..PlanTask::default()
        },
    )
}

fn feature() -> impl Strategy<Value = PlanFeature> {
    (name(), text(), spec(), -1_000_000..=1_000_000, vec(task(), 0..4)).prop_map(
        |(name, description, spec, priority, tasks)| PlanFeature {
            name,
            description,
            spec,
            priority,
            tasks,
            ..PlanFeature::default()
        },
    )
}

fn phase() -> impl Strategy<Value = PlanPhase> {
    (name(), text(), vec(feature(), 0..3)).prop_map(|(name, description, features)| PlanPhase {
        name,
        description,
        features,
        ..PlanPhase::default()
    })
}

/// Gives every name a number, some tasks a key, and each task the one before it as its dependency.
fn connect(mut plan: PlanDocument) -> PlanDocument {
    let mut count = 0_usize;
    let mut before: Option<String> = None;
    for phase in &mut plan.phases {
        count += 1;
        phase.name.push_str(&count.to_string());
        for feature in &mut phase.features {
            count += 1;
            feature.name.push_str(&count.to_string());
            feature.key = count.is_multiple_of(2).then(|| format!("f.{count}"));
            for task in &mut feature.tasks {
                count += 1;
                task.name.push_str(&count.to_string());
                task.key = (!count.is_multiple_of(3))
                    .then(|| if count % 3 == 1 { count.to_string() } else { format!("T_{count}") });
                task.depends_on.extend(before.take().map(|name| (name, 0)));
                before = Some(task.identity().to_owned());
            }
        }
    }
    plan
}

fn without_lines(mut plan: PlanDocument) -> PlanDocument {
    for phase in &mut plan.phases {
        phase.line = 0;
        for feature in &mut phase.features {
            feature.line = 0;
            for task in &mut feature.tasks {
                task.line = 0;
                task.depends_on.iter_mut().for_each(|(_, line)| *line = 0);
            }
        }
    }
    plan
}

fn written(plan: &PlanDocument) -> String {
    let mut text = String::new();
    write(plan, &mut text).expect("a string takes everything");
    text
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_plan_reads_back(project in project(), phases in vec(phase(), 1..4)) {
        let plan = connect(PlanDocument { project, phases });
        let text = written(&plan);
        let again = without_lines(read(&text));
        prop_assert_eq!(&again, &plan, "{}", text);
        prop_assert_eq!(written(&again), text);
    }

    #[test]
    fn any_text_reads_back_from_json(text in text()) {
        let file = json!({ "version": 1, "project": { "description": text }, "phases": [{ "name": "P" }] });
        for file in [file.to_string(), format!("{file:#}")] {
            prop_assert_eq!(&read(&file).project.description, &text);
        }
    }
}

#[test]
fn the_example_reads_back() {
    let plan = read(TODO_APP);
    let text = written(&plan);
    assert_eq!(without_lines(read(&text)), without_lines(plan));
}

#[test]
fn a_written_plan_looks_like_one_by_hand() {
    let plan = read(
        "{version: 1, project: {name: demo, spec: \"# Demo\\n\"}, phases: [{name: One, features: [{key: f, name: 'a: b', \
         priority: 10, tasks: [{key: t, name: First, steps: [Look, '- odd']}, {name: yes, depends_on: [t]}]}]}]}",
    );
    let expected = "\
version: 1
project:
  name: demo
  spec: |
    # Demo
phases:
  - name: One
    features:
      - key: f
        name: \"a: b\"
        priority: 10
        tasks:
          - key: t
            name: First
            category: functional
            steps:
              - Look
              - \"- odd\"
            complexity: 3
          - name: \"yes\"
            category: functional
            complexity: 3
            depends_on:
              - t
";
    assert_eq!(written(&plan), expected);
}
