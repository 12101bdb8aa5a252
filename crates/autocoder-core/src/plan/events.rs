//! Walks the events of the YAML parser: mappings with known fields, lists, and what a plan file refuses.

use std::borrow::Cow;
use std::fmt::{Display, Write};

use saphyr_parser::{Event, Parser, ScalarStyle, Span, StrInput, Tag};

use super::limits::DEPTH;
use super::problem::{Problems, shown};
use super::suggest::nearest;

/// The file cannot be read any further; the reason is among the problems.
pub(super) struct Fatal;

/// The result of a step of the reader.
pub(super) type Read<T> = Result<T, Fatal>;

/// The start of a value.
pub(super) enum Node<'a> {
    Scalar(Scalar<'a>),
    List(u32),
    Map(u32),
    /// An alias: already reported.
    Refused(u32),
}

/// A value without parts.
pub(super) struct Scalar<'a> {
    pub(super) text: Cow<'a, str>,
    /// Without quotes, so that it may be a number, a boolean or null.
    pub(super) plain: bool,
    pub(super) line: u32,
}

/// Which fields a mapping had.
pub(super) struct Seen {
    known: &'static [&'static str],
    fields: u32,
    line: u32,
}

enum Step {
    Field(&'static str),
    Item(usize),
}

/// Reads values and collects problems with their paths.
pub(super) struct Reader<'a, 'p> {
    parser: Parser<'a, StrInput<'a>>,
    problems: &'p mut Problems,
    path: Vec<Step>,
    /// Whether every part of the plan was read, so that a name that is not found is really unknown.
    pub(super) complete: bool,
}

impl<'a, 'p> Reader<'a, 'p> {
    pub(super) fn new(text: &'a str, problems: &'p mut Problems) -> Self {
        Self { parser: Parser::new_from_str(text), problems, path: Vec::new(), complete: true }
    }

    /// The next event of the parser with its line.
    pub(super) fn event(&mut self) -> Read<(Event<'a>, u32)> {
        match self.parser.next_event() {
            Some(Ok((event, Span { start, .. }))) => Ok((event, line_number(start.line()))),
            Some(Err(error)) => {
                let hint = "check the indentation, brackets and quotes on this line and the one before";
                let (line, message) = (line_number(error.marker().line()), format!("not valid YAML: {}", error.info()));
                self.problems.add(line, String::new(), message, Some(hint.to_owned()));
                self.complete = false;
                Err(Fatal)
            }
            None => Err(Fatal),
        }
    }

    /// The next value, or `None` at the end of the list or mapping.
    pub(super) fn node(&mut self) -> Read<Option<Node<'a>>> {
        let (event, line) = self.event()?;
        Ok(Some(match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.refuse_decoration(anchor, tag.as_deref(), line);
                Node::Scalar(Scalar { text, plain: style == ScalarStyle::Plain, line })
            }
            Event::SequenceStart(anchor, tag) => {
                self.refuse_decoration(anchor, tag.as_deref(), line);
                Node::List(line)
            }
            Event::MappingStart(anchor, tag) => {
                self.refuse_decoration(anchor, tag.as_deref(), line);
                Node::Map(line)
            }
            Event::Alias(_) => {
                self.complete = false;
                self.problem(line, "is an alias (`*…`), which a plan file does not use", Some("write the value out"));
                Node::Refused(line)
            }
            _ => return Ok(None),
        }))
    }

    /// Reads a mapping: `read` gets every known field once; unknown and repeated fields are reported.
    pub(super) fn fields(
        &mut self,
        node: Node<'a>,
        known: &'static [&'static str],
        mut read: impl FnMut(&mut Self, &'static str, Node<'a>) -> Read<()>,
    ) -> Read<Option<Seen>> {
        let Node::Map(line) = node else { return self.wrong_type(node, "a mapping of fields").map(|()| None) };
        let mut seen = Seen { known, fields: 0, line };
        while let Some(key) = self.node()? {
            let Node::Scalar(key) = key else {
                let line = key.line();
                self.skip(key)?;
                self.problem(line, "has a field whose name is not a plain word", None);
                self.skip_next()?;
                continue;
            };
            let Some(position) = known.iter().position(|name| *name == key.text) else {
                self.unknown_field(&key, known);
                self.skip_next()?;
                continue;
            };
            self.path.push(Step::Field(known[position]));
            if seen.fields & (1 << position) == 0 {
                seen.fields |= 1 << position;
                if let Some(value) = self.node()? {
                    read(self, known[position], value)?;
                }
            } else {
                self.problem(key.line, "is given twice", Some("keep one of the two"));
                self.skip_next()?;
            }
            self.path.pop();
        }
        Ok(Some(seen))
    }

    /// Reads a list and counts its items; an empty value counts as an empty list, and what is no list as `None`.
    pub(super) fn items(
        &mut self,
        node: Node<'a>,
        mut read: impl FnMut(&mut Self, Node<'a>) -> Read<()>,
    ) -> Read<Option<usize>> {
        match node {
            Node::List(_) => {}
            Node::Scalar(scalar) if scalar.is_null() => return Ok(Some(0)),
            other => return self.wrong_type(other, "a list").map(|()| None),
        }
        let mut index = 0;
        while let Some(item) = self.node()? {
            self.path.push(Step::Item(index));
            read(self, item)?;
            self.path.pop();
            index += 1;
        }
        Ok(Some(index))
    }

    /// Reports the fields of `required` that are not there.
    pub(super) fn require(&mut self, seen: &Seen, required: &[&'static str]) {
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
    pub(super) fn wrong_type(&mut self, node: Node<'a>, wanted: &str) -> Read<()> {
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
    pub(super) fn problem(&mut self, line: u32, what: impl Display, hint: Option<&str>) {
        let field = path_text(&self.path);
        let leaf = self.path.iter().rposition(|step| matches!(step, Step::Field(_))).unwrap_or(0);
        let name = if self.path.is_empty() { "the file".to_owned() } else { path_text(&self.path[leaf..]) };
        self.problems.add(line, field, format!("{name} {what}"), hint.map(str::to_owned));
    }

    fn unknown_field(&mut self, key: &Scalar<'a>, known: &[&'static str]) {
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

    fn refuse_decoration(&mut self, anchor: usize, tag: Option<&Tag>, line: u32) {
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

    fn skip_next(&mut self) -> Read<()> {
        match self.node()? {
            Some(node) => self.skip(node),
            None => Ok(()),
        }
    }

    /// Passes over a value with all its parts.
    fn skip(&mut self, node: Node<'a>) -> Read<()> {
        let mut open = usize::from(matches!(node, Node::List(_) | Node::Map(_)));
        self.complete &= open == 0;
        while open > 0 {
            match self.node()? {
                None => open -= 1,
                Some(Node::List(line) | Node::Map(line)) if open == DEPTH => {
                    self.problem(line, format_args!("is nested deeper than {DEPTH} levels"), None);
                    return Err(Fatal);
                }
                Some(Node::List(_) | Node::Map(_)) => open += 1,
                Some(Node::Scalar(_) | Node::Refused(_)) => {}
            }
        }
        Ok(())
    }
}

impl Node<'_> {
    pub(super) fn line(&self) -> u32 {
        match self {
            Self::Scalar(scalar) => scalar.line,
            Self::List(line) | Self::Map(line) | Self::Refused(line) => *line,
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

fn line_number(line: usize) -> u32 {
    u32::try_from(line).unwrap_or(u32::MAX)
}
