//! Tables of bad files with the problems they give.

use super::{lines, refused};

const HEAD: &str = "version: 1\nproject: {name: demo}\nphases:\n";

/// The problems of a file whose one task has the given fields, from line 8 on.
fn task_problems(fields: &str) -> String {
    let fields = fields.replace('\n', "\n      ");
    let file = format!("{HEAD}- name: P\n  features:\n  - name: F\n    tasks:\n    - name: T\n      {fields}\n");
    lines(&refused(file.as_bytes())).replace("phases[0].features[0].tasks[0]", "…")
}

fn check(cases: &[(&str, &[&str])], problems: impl Fn(&str) -> String) {
    for (input, expected) in cases {
        let expected: String = expected.iter().map(|line| format!("{line}\n")).collect();
        assert_eq!(problems(input), expected, "for {input:?}");
    }
}

#[test]
fn every_bad_field_of_a_task_is_named_with_its_rule() {
    check(
        &[
            ("complexity: 9", &["line 9: ….complexity: complexity is `9`, must be a whole number from 1 to 5"]),
            ("complexity: 0", &["line 9: ….complexity: complexity is `0`, must be a whole number from 1 to 5"]),
            ("complexity: 2.0", &["line 9: ….complexity: complexity is `2.0`, must be a whole number from 1 to 5"]),
            (
                "complexity: '3'",
                &["line 9: ….complexity: complexity is `3`, must be a whole number from 1 to 5 (remove the quotes)"],
            ),
            ("complexity: [1]", &["line 9: ….complexity: complexity is a list, must be a whole number from 1 to 5"]),
            (
                "priority: -1000001",
                &["line 9: ….priority: priority is `-1000001`, must be a whole number from -1000000 to 1000000"],
            ),
            (
                "priority: 99999999999999999999",
                &["line 9: ….priority: priority is `99999999999999999999`, must be a whole number from -1000000 to \
                   1000000"],
            ),
            ("category: ''", &["line 9: ….category: category is empty, must be a text"]),
            ("category: true", &["line 9: ….category: category is `true`, must be text (put it in quotes)"]),
            ("category: 1.0", &["line 9: ….category: category is `1.0`, must be text (put it in quotes)"]),
            (
                "key: a b",
                &["line 9: ….key: key is `a b`, must match ^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$ (use letters, digits, \
                   `.`, `_` and `-`, at most 100; `name` takes any text)"],
            ),
            (
                "description: {a: b}",
                &["line 9: ….description: description is a mapping, must be text (put quotes round a text that \
                   contains `: `)"],
            ),
            (
                "description: \"a\\0\"",
                &["line 9: ….description: description contains the control character U+0000 (remove it)"],
            ),
            (
                "category: \"a\\tb\"",
                &[
                    "line 9: ….category: category contains the control character U+0009 (write it on one line, without tabs)",
                ],
            ),
            ("steps: Look", &["line 9: ….steps: steps is `Look`, must be a list"]),
            (
                "steps:\n- Look\n-\n- a: b\n- ''\n- 12",
                &[
                    "line 11: ….steps[1]: steps[1] is empty, must be a text",
                    "line 12: ….steps[2]: steps[2] is a mapping, must be text (put quotes round a text that contains \
                   `: `)",
                    "line 13: ….steps[3]: steps[3] is empty, must be a text",
                    "line 14: ….steps[4]: steps[4] is `12`, must be text (put it in quotes)",
                ],
            ),
            (
                "stpes: [a]\ncolour: red\n<<: {a: 1}",
                &[
                    "line 9: …: the field `stpes` is unknown (did you mean `steps`? the fields here are `key`, `name`, \
                   `category`, `description`, `steps`, `complexity`, `priority`, `depends_on`)",
                    "line 10: …: the field `colour` is unknown (the fields here are `key`, `name`, `category`, \
                   `description`, `steps`, `complexity`, `priority`, `depends_on`)",
                    "line 11: …: the field `<<` is unknown (merge keys are not used in a plan file: write the fields \
                   out)",
                ],
            ),
            ("name: again", &["line 9: ….name: name is given twice (keep one of the two)"]),
            ("? [a]\n: b", &["line 9: …: tasks[0] has a field whose name is not a plain word"]),
            (
                "description: &a x\ncategory: *a",
                &[
                    "line 9: ….description: description has an anchor (`&…`), which a plan file does not use (remove the anchor)",
                    "line 10: ….category: category is an alias (`*…`), which a plan file does not use (write the value out)",
                ],
            ),
            (
                "description: !!str x",
                &[
                    "line 9: ….description: description has the tag `tag:yaml.org,2002:!str`; a plan file does not use tags \
                 (remove the tag)",
                ],
            ),
        ],
        task_problems,
    );
}

#[test]
fn limits_are_exact() {
    let long = |count: usize| "x".repeat(count);
    for (field, most, unit) in [
        ("name", 255, "characters"),
        ("category", 100, "characters"),
        ("description", 65_536, "bytes"),
        ("steps", 2_000, "characters"),
    ] {
        let file = |count: usize| {
            let value = long(count);
            let name = if field == "name" { String::new() } else { "name: T, ".to_owned() };
            let value = if field == "steps" { format!("[{value}]") } else { value };
            format!("{HEAD}- name: P\n  features: [{{name: F, tasks: [{{{name}{field}: {value}}}]}}]\n")
        };
        super::read(&file(most));
        let problems = lines(&refused(file(most + 1).as_bytes()));
        assert!(problems.contains(&format!("has {} {unit}, must have at most {most}", most + 1)), "{problems}");
    }
    assert!(
        task_problems(&format!("steps: [{}]", "a, ".repeat(201))).contains("has 201 entries, must have at most 200")
    );
    let spec = format!("version: 1\nproject: {{spec: '{}'}}\nphases: [{{name: P}}]", long(1_048_577));
    assert!(lines(&refused(spec.as_bytes())).contains("line 2: project.spec: spec has 1048577 bytes"));
}

#[test]
fn every_bad_shape_of_a_file_is_one_clear_problem() {
    check(
        &[
            ("", &["line 1: the file is empty (start with `version: 1`)"]),
            ("# only a comment\n", &["line 2: the file is empty (start with `version: 1`)"]),
            ("- a\n", &["line 1: the file is a list, must be a mapping of fields"]),
            (
                "version: 2\nproject: {}\nphases: []\n",
                &[
                    "line 1: version: version is `2`, must be 1, the only version of the format",
                    "line 3: phases: phases is empty, must list at least one phase",
                ],
            ),
            (
                "name: x\n",
                &[
                    "line 1: the field `name` is unknown (the fields here are `version`, `project`, `phases`)",
                    "line 1: version: version is missing (add `version: …`)",
                    "line 1: project: project is missing (add `project: …`)",
                    "line 1: phases: phases is missing (add `phases: …`)",
                ],
            ),
            (
                "version: 1\nproject: {name: My App}\nphases:\n- features:\n  - tasks:\n    - name:\n",
                &[
                    "line 2: project.name: name is `My App`, must match ^[a-z0-9][a-z0-9-]{0,62}$ (use lower-case letters, \
                   digits and `-`, at most 63; `title` takes any text)",
                    "line 4: phases[0].name: name is missing (add `name: …`)",
                    "line 5: phases[0].features[0].name: name is missing (add `name: …`)",
                    "line 6: phases[0].features[0].tasks[0].name: name is empty, must be a text",
                ],
            ),
            (
                "version: 1\nproject: {}\nphases: [{name: P}]\n---\nversion: 1\n",
                &["line 4: the file has a second document (`---`) (keep one plan in one file)"],
            ),
            (
                "version: 1\nphases: [\n",
                &["line 3: not valid YAML: while parsing a node, did not find expected node content (check the \
                   indentation, brackets and quotes on this line and the one before)"],
            ),
        ],
        |file| lines(&refused(file.as_bytes())),
    );
}

#[test]
fn bytes_that_are_no_text_are_reported_beside_other_problems() {
    let file = b"version: 1\nproject: {title: \"\xff\"}\nphases:\n- name: a\0b\n- nmae: c\n";
    let expected = "\
line 2: the line is not valid UTF-8 (save the file as UTF-8 text)
line 4: the line contains a NUL byte (save the file as UTF-8 text)
line 5: phases[1]: the field `nmae` is unknown (did you mean `name`? the fields here are `key`, `name`, \
`description`, `features`)
line 5: phases[1].name: name is missing (add `name: …`)
";
    assert_eq!(lines(&refused(file)), expected);
}

#[test]
fn identities_and_dependencies_are_checked_over_the_whole_file() {
    let file = "\
version: 1
project: {}
phases:
- name: One
  features:
  - name: F
    tasks:
    - {key: a, name: A, depends_on: [c, later]}
    - {key: b, name: B, depends_on: [a, a]}
    - {key: c, name: C, depends_on: [b, c]}
    - {name: Loose, depends_on: [sotre, Store it, Twin]}
    - {name: Loose}
  - name: F
- name: Two
  features:
  - name: G
    tasks:
    - {key: store, name: Store it}
    - {key: later, name: Later}
    - {key: a, name: Again}
    - {name: later}
    - {name: Twin}
  - name: H
    tasks:
    - {name: Twin}
- {key: One, name: Three}
";
    let own = |noun| format!("(give each {noun} its own key, or its own name where it has no key)");
    let (task, feature, phase) = (own("task"), own("feature"), own("phase"));
    let tasks = "phases[0].features[0].tasks";
    let expected = format!(
        "\
line 8: {tasks}[0].depends_on[1]: depends_on names `later` of the later phase `Two`: this task could never become ready \
(move one of the two tasks to another phase, or remove the dependency)
line 9: {tasks}[1].depends_on[1]: depends_on names `a` twice (remove one)
line 9: {tasks}[1].depends_on[0]: depends_on closes a cycle: `a → c → b → a` (remove one of these dependencies)
line 10: {tasks}[2].depends_on[1]: depends_on names the task itself, `c` (remove it)
line 11: {tasks}[3].depends_on[0]: depends_on names `sotre`, which is no task of this file (did you mean `store`?)
line 11: {tasks}[3].depends_on[1]: depends_on names `Store it`, which is no task of this file (did you mean `store`?)
line 11: {tasks}[3].depends_on[2]: depends_on names `Twin`, which several tasks are called (give the task a key and name \
that)
line 12: {tasks}[4]: the task on line 11 is `Loose` already {task}
line 13: phases[0].features[1]: the feature on line 6 is `F` already {feature}
line 20: phases[1].features[0].tasks[2].key: the task on line 8 has the key `a` already (a task's key must be unique in \
the whole file)
line 21: phases[1].features[0].tasks[3]: the task on line 19 is `later` already {task}
line 26: phases[2]: the phase on line 4 is `One` already {phase}
"
    );
    assert_eq!(lines(&refused(file.as_bytes())), expected);
}

#[test]
fn after_a_hundred_problems_the_rest_is_counted() {
    let file = format!("{HEAD}{}", "- {name: P, oops: 1}\n".repeat(20_000));
    let problems = refused(file.as_bytes());
    assert_eq!(problems.len(), 101);
    assert_eq!(problems[99].line, 103);
    // 20,000 unknown fields and 19,999 doubled names.
    assert_eq!(problems[100].to_string(), "39899 more problems (mend these first and check again)");
}
