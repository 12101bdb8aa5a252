//! What a legacy task asked, and what a person answered.

use serde_json::Value;

use super::{LegacyRow, Reading};
use crate::limits::STEP_CHARS;
use crate::plan::{Answered, Stood};
use crate::task::Question;

/// Stands for a question that nobody wrote down.
const NOTHING_ASKED: &str = "What is needed?";
/// The most answers to choose from.
const CHOICES: usize = 20;

impl Reading {
    /// Where the task stood, and the question of it that was answered.
    pub(super) fn stood(&mut self, row: &LegacyRow) -> (Stood, Option<Answered>) {
        let question = self.question(row);
        let answer = row.response.as_deref().map(|said| self.text(row, "answer", &words(said))).unwrap_or_default();
        let answered = |question| {
            let answer = answer.trim();
            (!answer.is_empty()).then(|| Answered { question, answer: answer.to_owned() })
        };
        if !row.passes && !row.needs_input && answer.trim().is_empty() && question.text != NOTHING_ASKED {
            self.tell(row.id, format!("its question without an answer is left out: {}", question.text));
        }
        match (row.passes, row.needs_input) {
            (true, _) => (Stood::Passing, answered(question)),
            (false, false) => (Stood::Open, answered(question)),
            (false, true) if answer.trim().is_empty() => (Stood::Asking(question), None),
            (false, true) => {
                let text = format!("{}\n\nAn earlier answer: {}", question.text, answer.trim());
                (Stood::Asking(Question { text: self.text(row, "question", &text), ..question }), None)
            }
        }
    }

    fn question(&mut self, row: &LegacyRow) -> Question {
        let asked = row.request.as_deref().unwrap_or_default().trim();
        let request: Value = serde_json::from_str(asked).unwrap_or_default();
        let prompt = request.get("prompt").or_else(|| request.get("question")).unwrap_or(&request);
        let mut text = prompt.as_str().unwrap_or(asked).to_owned();
        let fields = request.get("fields").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let mut choices = Vec::new();
        match fields {
            [only] => choices = choices_of(only),
            fields => text.extend(fields.iter().map(told)),
        }
        if choices.len() > CHOICES || choices.iter().any(|choice| !is_choice(choice)) {
            text.extend(fields.iter().map(told));
            choices.clear();
        }
        let text = self.text(row, "question", text.trim());
        let is_blank = text.is_empty() || text == "null";
        Question { text: if is_blank { NOTHING_ASKED.to_owned() } else { text }, choices, recommendation: None }
    }
}

fn is_choice(choice: &str) -> bool {
    !choice.trim().is_empty() && choice.chars().count() <= STEP_CHARS && !choice.contains(char::is_control)
}

/// The words to choose from in a field.
fn choices_of(field: &Value) -> Vec<String> {
    let options = field.get("options").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let word = |option: &Value| option.get("label").or_else(|| option.get("value")).unwrap_or(option).clone();
    options.iter().map(|option| plain(&word(option))).collect()
}

/// A field that is one of many, as a line.
fn told(field: &Value) -> String {
    let label = field.get("label").or_else(|| field.get("id")).map(plain).unwrap_or_default();
    let choices = choices_of(field);
    if choices.is_empty() { format!("\n- {label}") } else { format!("\n- {label} (one of: {})", choices.join(", ")) }
}

/// An answer in words: each field on its line, one alone without its name.
fn words(said: &str) -> String {
    match serde_json::from_str::<Value>(said) {
        Err(_) => said.to_owned(),
        Ok(Value::Null) => String::new(),
        Ok(Value::Object(answer)) => {
            let fields = answer.get("fields").and_then(Value::as_object).unwrap_or(&answer);
            match fields.iter().collect::<Vec<_>>().as_slice() {
                [(_, only)] => plain(only),
                fields => fields.iter().map(|(name, value)| format!("{name}: {}\n", plain(value))).collect(),
            }
        }
        Ok(other) => plain(&other),
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
