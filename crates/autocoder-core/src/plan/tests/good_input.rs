//! Files that are read as they are meant.

use std::fmt::Write;

use serde_json::Value;

use super::{TODO_APP, read};
use crate::plan::json_schema;

#[test]
fn the_example_is_read_with_its_lines() {
    let plan = read(TODO_APP);
    assert_eq!(plan.project.name.as_deref(), Some("todo-app"));
    let names: Vec<(&str, usize)> = plan.phases.iter().map(|phase| (phase.identity(), phase.features.len())).collect();
    assert_eq!(names, [("Foundation", 2), ("Core features", 4), ("Polish", 2), ("Launch", 2)]);
    assert_eq!(plan.task_count(), 26);

    let feature = &plan.phases[0].features[0];
    assert_eq!((feature.identity(), feature.priority, feature.line), ("skeleton", 10, 11));
    assert!(feature.spec.as_deref().is_some_and(|spec| spec.starts_with("# Page skeleton\n") && spec.ends_with(".\n")));

    let task = &feature.tasks[2];
    assert_eq!((task.identity(), task.complexity, task.priority, task.line), ("style", 2, 500, 34));
    assert_eq!(task.category, "style");
    assert_eq!(task.steps.len(), 4);
    assert_eq!(task.depends_on, [("page".to_owned(), 40)]);
}

#[test]
fn json_is_read_as_yaml() {
    let plan = read(
        "{\r\n\t\"version\": 1, \"project\": {\"name\": \"j\", \"description\": \"\\ud83d\\ude00 \\/ \\u00e4\"},\r\n\t\
         \"phases\": [{\"name\":\"P\",\"key\":null,\"features\":[]}]\r\n}\r\n",
    );
    assert_eq!(plan.project.description, "😀 / ä");
    assert_eq!((plan.phases[0].name.as_str(), plan.phases[0].line), ("P", 3));
}

#[test]
fn defaults_and_empty_values_are_filled_in() {
    let plan = read(
        "version: 1\nproject:\nphases:\n- name: P\n  description:\n  features:\n  - name: F\n    spec: ''\n    tasks:\n    \
         - name: Yes\n      priority:\n      steps:\n      depends_on: []\n- {name: Q, features: }\n",
    );
    let feature = &plan.phases[0].features[0];
    assert_eq!((feature.priority, feature.spec.as_deref()), (500, None));
    let task = &feature.tasks[0];
    assert_eq!((task.name.as_str(), task.complexity, task.priority), ("Yes", 3, 500));
    assert_eq!((task.category.as_str(), task.steps.len()), ("functional", 0));
    assert!(plan.phases[1].features.is_empty());
}

#[test]
fn a_task_without_a_key_is_named_by_its_name() {
    let plan = read(
        "version: 1\nproject: {}\nphases: [{name: P, features: [{name: F, tasks: \
         [{name: Two words, depends_on: [k]}, {key: k, name: K}, {name: Last, depends_on: [Two words]}]}]}]",
    );
    assert_eq!(plan.phases[0].features[0].tasks[2].depends_on, [("Two words".to_owned(), 3)]);
}

#[test]
fn a_plan_of_20_000_tasks_is_read() {
    let mut text = String::from("{\"version\": 1, \"project\": {}, \"phases\": [\n");
    for phase in 0..10 {
        let comma = if phase == 0 { "" } else { "," };
        writeln!(text, "{comma}{{\"name\": \"Phase {phase}\", \"features\": [").expect("a string takes everything");
        for feature in 0..100 {
            let comma = if feature == 0 { "" } else { "," };
            writeln!(text, "{comma}{{\"name\": \"Feature {feature}\", \"tasks\": [")
                .expect("a string takes everything");
            for task in 0..20 {
                let (comma, depends) = match task {
                    0 => ("", String::new()),
                    _ => (",", format!("\"p{phase}f{feature}t{}\"", task - 1)),
                };
                writeln!(
                    text,
                    "{comma}{{\"key\": \"p{phase}f{feature}t{task}\", \"name\": \"Task {task}\", \"description\": \"Text.\",\n\
                     \"steps\": [\"Open it\", \"See it\"], \"complexity\": {}, \"depends_on\": [{depends}]}}",
                    task % 5 + 1
                )
                .expect("a string takes everything");
            }
            text.push_str("]}\n");
        }
        text.push_str("]}\n");
    }
    text.push_str("]}\n");
    let plan = read(&text);
    assert_eq!(plan.task_count(), 20_000);
    assert_eq!(plan.phases[9].features[99].tasks[19].depends_on[0].0, "p9f99t18");
}

#[test]
fn the_schema_knows_every_field_of_the_example() {
    let schema = json_schema();
    let defs = &schema["$defs"];
    for (noun, fields) in [
        ("project", "name title description spec"),
        ("phase", "key name description features"),
        ("feature", "key name priority description spec tasks"),
        ("task", "key name category description steps complexity priority depends_on"),
    ] {
        let mut known: Vec<&str> =
            defs[noun]["properties"].as_object().expect("an object").keys().map(String::as_str).collect();
        let mut expected: Vec<&str> = fields.split(' ').collect();
        known.sort_unstable();
        expected.sort_unstable();
        assert_eq!(known, expected, "{noun}");
        assert_eq!(defs[noun]["additionalProperties"], Value::Bool(false));
    }
    let words: Vec<&str> = TODO_APP
        .lines()
        .filter_map(|line| line.trim_start().trim_start_matches("- ").split_once(':'))
        .map(|(word, _)| word)
        .filter(|word| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'))
        .collect();
    assert!(words.len() > 50);
    for word in words {
        let known = schema["properties"].get(word).is_some()
            || ["project", "phase", "feature", "task"].iter().any(|noun| defs[noun]["properties"].get(word).is_some());
        assert!(known, "{word}");
    }
}
