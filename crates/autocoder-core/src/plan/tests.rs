//! Tests of the plan format as a whole: good files, bad files, damaged files, and the way back.

mod bad_input;
mod damage;
mod good_input;
mod round_trip;

pub(in crate::plan) use round_trip::hostile_text;

use super::{PlanDocument, Problem, parse};

const TODO_APP: &str = include_str!("../../../../examples/todo-app.yaml");

fn read(text: &str) -> PlanDocument {
    parse(text.as_bytes()).unwrap_or_else(|problems| panic!("{}", lines(&problems)))
}

fn refused(bytes: &[u8]) -> Vec<Problem> {
    parse(bytes).expect_err("the file has problems")
}

fn lines(problems: &[Problem]) -> String {
    problems.iter().map(|problem| format!("{problem}\n")).collect()
}
