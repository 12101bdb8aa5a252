//! What an answer must be, whatever was asked.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use autocoder_tests::Answer;
use jsonschema::Validator;
use serde_json::{Value, json};

/// How many fields of the same schema share the table.
const SHARE: usize = 6;

/// What is known before about an answer.
pub(crate) enum Expected {
    /// No more than of every answer.
    Anything,
    /// It is refused.
    Refused,
    /// It is refused, and when a field is to blame then this one.
    Blames(String),
}

/// Compares answers with the document and notes every fault.
pub(crate) struct Judge<'a> {
    pub(crate) document: &'a Value,
    validators: Mutex<HashMap<String, Arc<Validator>>>,
    faults: Mutex<Vec<String>>,
    asked: Mutex<HashMap<String, usize>>,
}

impl<'a> Judge<'a> {
    pub(crate) fn new(document: &'a Value) -> Self {
        Self { document, validators: Mutex::default(), faults: Mutex::default(), asked: Mutex::default() }
    }

    /// All that was wrong.
    pub(crate) fn faults(self) -> Vec<String> {
        self.faults.into_inner().unwrap()
    }

    /// The first of its kind gets all values, any later one every [`SHARE`]th, each time others.
    pub(crate) fn share<T>(&self, sort: &str, values: Vec<T>) -> Vec<T> {
        let mut asked = self.asked.lock().unwrap();
        let times = asked.entry(sort.to_owned()).or_default();
        *times += 1;
        let (first, turn) = (*times == 1, *times % SHARE);
        let values = values.into_iter().enumerate();
        values.filter(|(at, _)| first || at % SHARE == turn).map(|(_, value)| value).collect()
    }

    /// Whether the document allows this value.
    pub(crate) fn allows(&self, schema: &Value, value: &Value) -> bool {
        self.validator(schema).is_valid(value)
    }

    fn validator(&self, schema: &Value) -> Arc<Validator> {
        let mut validators = self.validators.lock().unwrap();
        let known = validators.entry(schema.to_string()).or_insert_with(|| {
            let whole = json!({ "allOf": [schema], "components": self.document["components"] });
            Arc::new(jsonschema::draft202012::new(&whole).unwrap())
        });
        Arc::clone(known)
    }

    /// Notes what is wrong with an answer of the operation that `said` describes.
    pub(crate) fn look_at(&self, said: &Value, asked: &str, answer: &Answer, expected: &Expected) {
        if let Err(fault) = self.judged(said, answer, expected) {
            let cut = |text: &str| text.chars().take(300).collect::<String>();
            let line =
                format!("{} {}: {fault}: {} {}", said["operationId"], cut(asked), answer.status, cut(&answer.text));
            self.faults.lock().unwrap().push(line);
        }
    }

    fn judged(&self, said: &Value, answer: &Answer, expected: &Expected) -> Result<(), String> {
        let status = answer.status;
        let documented = &said["responses"][status.to_string()];
        if status >= 500 || !documented.is_object() {
            return Err("a status that must not be".to_owned());
        }
        let kind = answer.header("content-type").unwrap_or_default().split(';').next().unwrap_or_default().to_owned();
        if status >= 400 && kind != "application/problem+json" {
            return Err(format!("the problem is `{kind}`"));
        }
        if let Some(contents) = documented["content"].as_object().filter(|contents| !contents.is_empty()) {
            let content = contents.get(&kind).ok_or_else(|| format!("`{kind}` is not in the document"))?;
            if kind.contains("json") {
                let first = self.validator(&content["schema"]).iter_errors(&answer.body).next().map(|e| e.to_string());
                first.map_or(Ok(()), |error| Err(format!("the document has another answer: {error:.200}")))?;
            }
        }
        if status >= 400 && answer.body["status"] != status {
            return Err("the problem has another status".to_owned());
        }
        refused(answer, expected)
    }
}

fn refused(answer: &Answer, expected: &Expected) -> Result<(), String> {
    match expected {
        Expected::Anything => Ok(()),
        _ if answer.status < 400 => Err("took what the document refuses".to_owned()),
        Expected::Blames(field) if answer.status == 422 => {
            let errors = answer.body["errors"].as_array().cloned().unwrap_or_default();
            let named = errors.iter().filter_map(|error| error["field"].as_str());
            let mut related = named.filter(|named| inside(field, named) || inside(named, field));
            related.next().map(|_| ()).ok_or_else(|| format!("does not name `{field}`"))
        }
        _ => Ok(()),
    }
}

/// Whether a field is another one or a part of it.
fn inside(part: &str, whole: &str) -> bool {
    part.strip_prefix(whole).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}
