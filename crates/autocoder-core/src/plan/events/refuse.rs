//! Says what a plan file must not contain, with the path of the field.

use std::fmt::{Display, Write};

use saphyr_parser::Tag;

use super::super::problem::shown;
use super::super::suggest::nearest;
use super::{Node, Read, Reader, Scalar, Seen, Step};

impl<'a> Reader<'a, '_> {
    /// Reports the fields of `required` that are not there.
    pub(in crate::plan) fn require(&mut self, seen: &Seen, required: &[&'static str]) {
        for field in required {
            let given = seen.known.iter().position(|name| name == field).is_some_and(|at| seen.fields & (1 << at) != 0);
            if !given {
                self.path.push(Step::Field(field));
                self.problem(seen.line, "is missing", Some(&format!("add `{field}: …`")));
                self.path.pop();
            }
        }
    }

    /// Reports that a value has the wrong type and passes over it.
    pub(in crate::plan) fn wrong_type(&mut self, node: Node<'a>, wanted: &str) -> Read<()> {
        self.complete = false;
        let line = node.line();
        let found = match &node {
            Node::Refused(_) => return Ok(()),
            Node::Map(_) => "a mapping".to_owned(),
            Node::List(_) => "a list".to_owned(),
            Node::Scalar(scalar) if scalar.is_null() => "empty".to_owned(),
            Node::Scalar(scalar) => shown(&scalar.text),
        };
        let is_text = wanted.starts_with("text");
        let hint = match node {
            Node::Map(_) if is_text => Some("put quotes round a text that contains `: `"),
            Node::Scalar(_) if is_text => Some("put it in quotes"),
            _ => None,
        };
        self.problem(line, format_args!("is {found}, must be {wanted}"), hint);
        self.skip(node)
    }

    /// Reports a problem of the field that is being read; the message starts with the field's name.
    pub(in crate::plan) fn problem(&mut self, line: u32, what: impl Display, hint: Option<&str>) {
        let field = path_text(&self.path);
        let leaf = self.path.iter().rposition(|step| matches!(step, Step::Field(_))).unwrap_or(0);
        let name = if self.path.is_empty() { "the file".to_owned() } else { path_text(&self.path[leaf..]) };
        self.problems.add(line, field, format!("{name} {what}"), hint.map(str::to_owned));
    }

    pub(super) fn unknown_field(&mut self, key: &Scalar<'a>, known: &[&'static str]) {
        let fields = || known.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        let hint = match nearest(&key.text, known.iter().copied()) {
            _ if key.text == "<<" => "merge keys are not used in a plan file: write the fields out".to_owned(),
            Some(name) => format!("did you mean `{name}`? the fields here are {}", fields()),
            None => format!("the fields here are {}", fields()),
        };
        self.problems.add(
            key.line,
            path_text(&self.path),
            format!("the field {} is unknown", shown(&key.text)),
            Some(hint),
        );
    }

    pub(super) fn refuse_decoration(&mut self, anchor: usize, tag: Option<&Tag>, line: u32) {
        if anchor > 0 {
            self.problem(line, "has an anchor (`&…`), which a plan file does not use", Some("remove the anchor"));
        }
        if let Some(tag) = tag {
            let tag = shown(&tag.to_string());
            self.problem(
                line,
                format_args!("has the tag {tag}; a plan file does not use tags"),
                Some("remove the tag"),
            );
        }
    }
}

fn path_text(path: &[Step]) -> String {
    let mut text = String::new();
    for step in path {
        match step {
            Step::Field(name) if text.is_empty() => text.push_str(name),
            Step::Field(name) => text.extend([".", name]),
            Step::Item(index) => write!(text, "[{index}]").expect("writing to a string does not fail"),
        }
    }
    text
}
