//! Damaged and hostile files give problems, never a panic.

use proptest::prelude::*;

use super::{TODO_APP, refused};
use crate::plan::parse;

#[test]
fn deep_nesting_is_an_error() {
    for (open, close) in [("[", "]"), ("{a: ", "}"), ("- ", ""), ("? ", ""), ("a:\n", "")] {
        for prefix in ["", "version: ", "phases: ", "other: ", "phases:\n  "] {
            for depth in [70, 300, 100_000] {
                let text = format!("{prefix}{}1{}", open.repeat(depth), close.repeat(depth));
                assert!(!refused(text.as_bytes()).is_empty());
            }
        }
    }
    let deep: String = (0..500).map(|level| format!("{:1$}a:\n", "", level)).collect();
    let problems = refused(deep.as_bytes());
    assert!(problems.iter().any(|problem| problem.message.contains("nested deeper than 64 levels")), "{problems:?}");
}

#[test]
fn every_truncation_of_the_example_is_survived() {
    for end in (0..TODO_APP.len()).step_by(7) {
        // Some shorter files are whole plans, so that only the absence of a panic is stated.
        let _ = parse(&TODO_APP.as_bytes()[..end]);
    }
}

fn mutation() -> impl Strategy<Value = (usize, usize, Vec<u8>)> {
    let bytes = prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..6),
        prop::sample::select(
            &[
                "\0",
                "\u{feff}",
                "\t",
                "\n",
                "- ",
                "? ",
                ": ",
                "&a ",
                "*a",
                "!!t ",
                "<<: ",
                "{",
                "}",
                "[",
                "]",
                "|",
                ">-\n",
                "---\n",
                "...\n",
                "%YAML 1.2\n",
                "\"",
                "'",
                "\\",
                "\\u12",
                "#",
                "\r",
                "\u{85}",
                ",",
            ][..]
        )
        .prop_map(|text| text.as_bytes().to_vec()),
    ];
    (0..TODO_APP.len(), 0_usize..40, bytes)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn a_mutated_file_never_panics(mutations in proptest::collection::vec(mutation(), 1..6)) {
        let mut bytes = TODO_APP.as_bytes().to_vec();
        for (at, length, insert) in mutations {
            let at = at.min(bytes.len());
            let end = (at + length).min(bytes.len());
            bytes.splice(at..end, insert);
        }
        if let Err(problems) = parse(&bytes) {
            prop_assert!(!problems.is_empty());
            prop_assert!(problems.len() <= 101);
            prop_assert!(problems.iter().take(100).map(|problem| problem.line).is_sorted());
        }
    }

    #[test]
    fn any_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(parse(&bytes).is_err());
    }

    #[test]
    fn any_yaml_like_text_never_panics(text in super::hostile_text(prop::sample::select(&b"abc:-?[]{},\n \"'"[..]).prop_map(char::from).boxed())) {
        prop_assert!(parse(text.as_bytes()).is_err());
    }
}
