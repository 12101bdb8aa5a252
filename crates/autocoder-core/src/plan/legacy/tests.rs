//! The legacy list as a plan, by cases.

use super::*;
use crate::plan::Answered;
use crate::task::Question;

fn row(id: i64) -> LegacyRow {
    LegacyRow { id, name: Some(format!("Row {id}")), category: Some("style".to_owned()), ..LegacyRow::default() }
}

fn tasks(plan: &LegacyPlan) -> Vec<&PlanTask> {
    plan.document.phases.iter().flat_map(|phase| &phase.features).flat_map(|feature| &feature.tasks).collect()
}

#[test]
fn a_task_stands_where_it_stood() {
    let asks = r#"{"prompt": "Which key?", "fields": []}"#;
    let rows = [
        LegacyRow { passes: true, in_progress: true, needs_input: true, ..row(1) },
        LegacyRow { in_progress: true, ..row(2) },
        LegacyRow { needs_input: true, request: Some(asks.to_owned()), ..row(3) },
        LegacyRow { needs_input: true, ..row(4) },
    ];
    let plan = legacy_plan(&rows, false);
    let question = |text: &str| Stood::Asking(Question { text: text.to_owned(), ..Question::default() });
    let stood: Vec<_> = tasks(&plan).into_iter().map(|task| task.stood.clone()).collect();
    assert_eq!(stood, [Stood::Passing, Stood::Open, question("Which key?"), question("What is needed?")]);
    assert_eq!(
        plan.counts,
        LegacyCounts { tasks: 4, passing: 1, asking: 2, interrupted: 1, ..LegacyCounts::default() }
    );
    assert_eq!(plan.notices, Vec::<String>::new());
}

#[test]
fn dependencies_that_cannot_be_kept_are_told() {
    let of = |id, dependencies: &str| LegacyRow { dependencies: Some(dependencies.to_owned()), ..row(id) };
    let rows = [of(1, "[3, 3]"), of(2, "[1, \"1\"]"), of(3, "[2, 3, 99, true]"), of(4, "{oops"), of(5, "null")];
    let plan = legacy_plan(&rows, false);
    let kept: Vec<_> = tasks(&plan).into_iter().map(|task| task.depends_on.clone()).collect();
    let on = |id: &str| vec![(id.to_owned(), 0)];
    assert_eq!(kept, [on("3"), vec![], on("2"), vec![], vec![]]);
    assert_eq!(
        plan.notices,
        [
            "task 3: its dependency `true` is no id and is left out",
            "task 3: its dependency on itself is left out",
            "task 3: its dependency on task 99 is left out: there is no such task",
            "task 4: its dependencies cannot be read and are left out",
            "task 2: its dependency on task 1 is left out: it closes a circle",
        ]
    );
}

#[test]
fn broken_fields_are_mended_and_told() {
    let rows = [LegacyRow {
        id: 7,
        priority: Some(i64::MAX.to_string()),
        name: Some(format!("a\u{0}\n{}", "ä".repeat(300))),
        steps: Some("not json".to_owned()),
        unclear: vec!["passes"],
        ..LegacyRow::default()
    }];
    let plan = legacy_plan(&rows, false);
    let found = tasks(&plan);
    let [task] = found.as_slice() else { panic!("one task") };
    assert_eq!((task.name.chars().count(), task.priority, task.category.as_str()), (255, 1_000_000, "functional"));
    assert_eq!(task.steps, ["not json"]);
    let told = [
        "task 7: its passes is neither yes nor no and is taken as no",
        "task 7: the control characters in its name are left out",
        "task 7: the line breaks and tabs in its name are spaces now",
        "task 7: its name is cut at 255 characters",
        "task 7: its steps are no JSON list; their text is kept as one step",
        "task 7: its priority `9223372036854775807` is taken as 1000000",
        "tasks without a category are `functional` now: 1",
    ];
    assert_eq!(plan.notices, told);
}

#[test]
fn every_mended_field_is_told() {
    type Change = fn(&mut LegacyRow);
    let cases: [(Change, &[&str]); 11] = [
        (|row| row.name = None, &["task 1: it has no name and is called `Task 1`"]),
        (
            |row| row.name = Some(" \u{7} ".into()),
            &[
                "task 1: the control characters in its name are left out",
                "task 1: it has no name and is called `Task 1`",
            ],
        ),
        (|row| row.category = None, &["tasks without a category are `functional` now: 1"]),
        (|row| row.description = Some("a\r\nb\tc".into()), &[]),
        (
            |row| row.description = Some("a\u{1b}[31m".into()),
            &["task 1: the control characters in its description are left out"],
        ),
        (|row| row.priority = Some("high".into()), &["task 1: its priority `high` is taken as 500"]),
        (|row| row.priority = Some("7".into()), &[]),
        (|row| row.priority = None, &[]),
        (|row| row.priority = Some("2.5".into()), &[]),
        (
            |row| row.steps = Some(r#"["a\u0000", "\u0001"]"#.into()),
            &["task 1: the control characters in its steps are left out"],
        ),
        (
            |row| row.request = Some(r#"{"prompt": "Which?"}"#.into()),
            &["task 1: its question without an answer is left out: Which?"],
        ),
    ];
    for (change, expected) in cases {
        let mut broken = row(1);
        change(&mut broken);
        assert_eq!(legacy_plan(&[broken.clone()], false).notices, expected, "{broken:?}");
    }
}

#[test]
fn an_answer_stays_with_its_task() {
    let asked = r#"{"prompt": "Which key?", "fields": [{"id": "key", "type": "select", "options": ["a", "b"]}]}"#;
    let question = Question { text: "Which key?".into(), choices: vec!["a".into(), "b".into()], recommendation: None };
    for (response, answer) in [
        (r#"{"key": "a"}"#, "a"),
        (r#"{"fields": {"key": "b"}, "responded_at": "2025-01-01"}"#, "b"),
        (r#"{"key": "a", "why": "short"}"#, "key: a\nwhy: short"),
        (r#""a""#, "a"),
        ("plain words", "plain words"),
        ("[1]", "[1]"),
    ] {
        for passes in [false, true] {
            let (request, response) = (Some(asked.to_owned()), Some(response.to_owned()));
            let plan = legacy_plan(&[LegacyRow { passes, request, response, ..row(1) }], false);
            let found = tasks(&plan).first().and_then(|task| task.answered.clone());
            assert_eq!(found, Some(Answered { question: question.clone(), answer: answer.to_owned() }));
            assert_eq!((plan.counts.answered, plan.notices), (1, Vec::new()));
        }
    }
    let again =
        LegacyRow { needs_input: true, request: Some(asked.to_owned()), response: Some("\"a\"".to_owned()), ..row(1) };
    let plan = legacy_plan(&[again], false);
    let stood = tasks(&plan).first().map(|task| task.stood.clone());
    let text = "Which key?\n\nAn earlier answer: a".to_owned();
    assert_eq!(stood, Some(Stood::Asking(Question { text, ..question })));
}

#[test]
fn each_category_may_become_a_feature() {
    let rows = [row(1), LegacyRow { category: Some("security".to_owned()), ..row(2) }, row(3)];
    let names = |by_category| {
        let plan = legacy_plan(&rows, by_category);
        plan.document.phases[0].features.iter().map(|f| (f.name.clone(), f.tasks.len())).collect::<Vec<_>>()
    };
    assert_eq!(names(false), [("Core Features".to_owned(), 3)]);
    assert_eq!(names(true), [("style".to_owned(), 2), ("security".to_owned(), 1)]);
}
