//! Walks the events of the parser: mappings with known fields, lists, and what a plan file refuses.

mod refuse;

use std::borrow::Cow;

use saphyr_parser::{Event, Parser, ScalarStyle, Span, StrInput};

use super::json::JsonEvents;
use super::limits::DEPTH;
use super::problem::Problems;

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

enum Source<'a> {
    Json(JsonEvents<'a>),
    Yaml(Box<Parser<'a, StrInput<'a>>>),
}

enum Step {
    Field(&'static str),
    Item(usize),
}

/// Reads values and collects problems with their paths.
pub(super) struct Reader<'a, 'p> {
    source: Source<'a>,
    problems: &'p mut Problems,
    path: Vec<Step>,
    /// Whether every part of the plan was read, so that a name that is not found is really unknown.
    pub(super) complete: bool,
}

impl<'a, 'p> Reader<'a, 'p> {
    pub(super) fn new(text: &'a str, problems: &'p mut Problems) -> Self {
        let yaml = || Source::Yaml(Box::new(Parser::new_from_str(text)));
        let source = JsonEvents::of(text).map_or_else(yaml, Source::Json);
        Self { source, problems, path: Vec::new(), complete: true }
    }

    /// The next event with its line.
    pub(super) fn event(&mut self) -> Read<(Event<'a>, u32)> {
        let (line, message) = match &mut self.source {
            Source::Json(events) => match events.next_event() {
                Ok(found) => return Ok(found),
                Err(line) => (line, "not valid JSON: a `\\u` escape is half of a pair".to_owned()),
            },
            Source::Yaml(parser) => match parser.next_event() {
                Some(Ok((event, Span { start, .. }))) => return Ok((event, line_number(start.line()))),
                Some(Err(error)) => (line_number(error.marker().line()), format!("not valid YAML: {}", error.info())),
                None => return Err(Fatal),
            },
        };
        let hint = "check the indentation, brackets and quotes on this line and the one before";
        self.problems.add(line, String::new(), message, Some(hint.to_owned()));
        Err(Fatal)
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

fn line_number(line: usize) -> u32 {
    u32::try_from(line).unwrap_or(u32::MAX)
}
