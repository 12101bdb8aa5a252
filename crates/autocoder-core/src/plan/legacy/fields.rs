//! The fields of a legacy task within the limits of ours: what does not fit is mended and told.

use serde_json::Value;

use super::{LegacyRow, Reading};
use crate::limits::{PRIORITY, STEP_CHARS, STEPS, TEXT_BYTES};
use crate::plan::DEFAULT_PRIORITY;

impl Reading {
    pub(super) fn priority(&mut self, row: &LegacyRow) -> i32 {
        let Some(said) = row.priority.as_deref().map(str::trim) else { return DEFAULT_PRIORITY };
        let number = said.parse().ok().or_else(|| said.parse::<f64>().ok().map(|number| number as i64));
        let most = i64::from(PRIORITY);
        let kept = number.map_or(i64::from(DEFAULT_PRIORITY), |number| number.clamp(-most, most));
        if number != Some(kept) {
            let said: String = printable(said).chars().take(40).collect();
            self.tell(row.id, format!("its priority `{said}` is taken as {kept}"));
        }
        i32::try_from(kept).unwrap_or(DEFAULT_PRIORITY)
    }

    pub(super) fn steps(&mut self, row: &LegacyRow) -> Vec<String> {
        let text = row.steps.as_deref().unwrap_or("null");
        let steps: Vec<String> = match serde_json::from_str::<Value>(text) {
            Ok(Value::Null) => Vec::new(),
            Ok(Value::Array(list)) => {
                list.into_iter().map(|step| step.as_str().map_or_else(|| step.to_string(), str::to_owned)).collect()
            }
            Ok(Value::String(step)) => vec![step],
            _ if text.trim().is_empty() => Vec::new(),
            _ => {
                self.tell(row.id, "its steps are no JSON list; their text is kept as one step");
                vec![text.to_owned()]
            }
        };
        let mut steps: Vec<String> =
            steps.iter().map(|step| self.clean(row, "steps", step).trim().to_owned()).collect();
        steps.retain(|step| !step.is_empty());
        if steps.len() > STEPS {
            self.tell(row.id, format!("only its first {STEPS} steps are kept"));
            steps.truncate(STEPS);
        }
        for step in &mut steps {
            if step.chars().count() > STEP_CHARS {
                self.tell(row.id, format!("a step is cut at {STEP_CHARS} characters"));
                *step = step.chars().take(STEP_CHARS).collect();
            }
        }
        steps
    }

    /// One line of at most `most` characters.
    pub(super) fn line(&mut self, row: &LegacyRow, field: &str, value: Option<&str>, most: usize) -> String {
        let text = self.clean(row, field, value.unwrap_or_default());
        let text = text.trim();
        if text.contains(['\n', '\t']) {
            self.tell(row.id, format!("the line breaks and tabs in its {field} are spaces now"));
        }
        let line = text.replace(['\n', '\t'], " ");
        if line.chars().count() <= most {
            return line;
        }
        self.tell(row.id, format!("its {field} is cut at {most} characters"));
        line.chars().take(most).collect::<String>().trim_end().to_owned()
    }

    pub(super) fn text(&mut self, row: &LegacyRow, field: &str, value: &str) -> String {
        let mut text = self.clean(row, field, value);
        if text.len() > TEXT_BYTES {
            self.tell(row.id, format!("its {field} is cut at {TEXT_BYTES} bytes"));
            text.truncate(text.floor_char_boundary(TEXT_BYTES));
        }
        text
    }

    /// Without control characters, which no field of a plan holds.
    fn clean(&mut self, row: &LegacyRow, field: &str, text: &str) -> String {
        let text = text.replace("\r\n", "\n");
        let clean = printable(&text);
        if clean.len() < text.len() {
            let notice = format!("task {}: the control characters in its {field} are left out", row.id);
            if !self.notices.contains(&notice) {
                self.notices.push(notice);
            }
        }
        clean
    }
}

fn printable(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect()
}
