//! Reads the tree of a plan file: project, phases, features, tasks.

use saphyr_parser::Event;

use super::document::{PlanDocument, PlanFeature, PlanPhase, PlanProject, PlanTask};
use super::events::{Fatal, Node, Read, Reader};
use super::limits::{COMPLEXITY, DEPENDENCIES, PRIORITY, STEPS, VERSION};
use super::problem::Problems;
use super::rules::TextKind;
use super::source::decode;

/// The fields of each level, also the order in which they are written.
pub(super) const PLAN_FIELDS: &[&str] = &["version", "project", "phases"];
pub(super) const PROJECT_FIELDS: &[&str] = &["name", "title", "description", "spec"];
pub(super) const PHASE_FIELDS: &[&str] = &["key", "name", "description", "features"];
pub(super) const FEATURE_FIELDS: &[&str] = &["key", "name", "priority", "description", "spec", "tasks"];
pub(super) const TASK_FIELDS: &[&str] =
    &["key", "name", "category", "description", "steps", "complexity", "priority", "depends_on"];

/// What could be read.
pub(super) struct Outcome {
    /// The document as far as it was read; `None` when there is nothing to check.
    pub(super) document: Option<PlanDocument>,
    /// Whether nothing was passed over, so that references can be checked.
    pub(super) complete: bool,
}

/// Reads the bytes of a plan file, adding everything that is wrong to `problems`.
pub(super) fn read(bytes: &[u8], problems: &mut Problems) -> Outcome {
    let text = decode(bytes, problems);
    let mut reader = Reader::new(&text, problems);
    let mut document = PlanDocument::default();
    let whole = reader.stream(&mut document);
    Outcome { complete: reader.complete && whole.is_ok(), document: Some(document).filter(|_| whole.is_ok()) }
}

impl<'a> Reader<'a, '_> {
    fn stream(&mut self, document: &mut PlanDocument) -> Read<()> {
        loop {
            let (event, line) = self.event()?;
            match event {
                Event::DocumentStart(_) => break,
                Event::StreamEnd => {
                    self.problem(line, "is empty", Some("start with `version: 1`"));
                    return Err(Fatal);
                }
                _ => {}
            }
        }
        if let Some(root) = self.node()? {
            self.plan(root, document)?;
        }
        loop {
            let (event, line) = self.event()?;
            match event {
                Event::DocumentStart(_) => {
                    self.problem(line, "has a second document (`---`)", Some("keep one plan in one file"));
                    return Err(Fatal);
                }
                Event::StreamEnd => return Ok(()),
                _ => {}
            }
        }
    }

    fn plan(&mut self, node: Node<'a>, document: &mut PlanDocument) -> Read<()> {
        let seen = self.fields(node, PLAN_FIELDS, |reader, field, value| match field {
            "version" => reader.version(value),
            "project" => reader.project(value).map(|project| document.project = project),
            _ => {
                let line = value.line();
                let phases = &mut document.phases;
                let count = reader.items(value, |reader, item| reader.phase(item).map(|phase| phases.extend(phase)))?;
                if count == Some(0) {
                    reader.problem(line, "is empty, must list at least one phase", None);
                }
                Ok(())
            }
        })?;
        if let Some(seen) = seen {
            self.require(&seen, PLAN_FIELDS);
        }
        Ok(())
    }

    fn version(&mut self, node: Node<'a>) -> Read<()> {
        match node {
            Node::Scalar(scalar) if scalar.plain && scalar.text == VERSION.to_string() => Ok(()),
            other => self.wrong_type(other, "1, the only version of the format"),
        }
    }

    fn project(&mut self, node: Node<'a>) -> Read<PlanProject> {
        let mut project = PlanProject::default();
        if matches!(&node, Node::Scalar(scalar) if scalar.is_null()) {
            return Ok(project);
        }
        self.fields(node, PROJECT_FIELDS, |reader, field, value| {
            match field {
                "name" => project.name = reader.text(value, TextKind::ProjectName)?,
                "title" => project.title = reader.text(value, TextKind::Name)?,
                "description" => project.description = reader.text(value, TextKind::Description)?.unwrap_or_default(),
                _ => project.spec = reader.optional_text(value, TextKind::Spec)?,
            }
            Ok(())
        })?;
        Ok(project)
    }

    fn phase(&mut self, node: Node<'a>) -> Read<Option<PlanPhase>> {
        let mut phase = PlanPhase { line: node.line(), ..PlanPhase::default() };
        let seen = self.fields(node, PHASE_FIELDS, |reader, field, value| {
            match field {
                "key" => phase.key = reader.text(value, TextKind::Key)?,
                "name" => phase.name = reader.required_text(value, TextKind::Name)?,
                "description" => phase.description = reader.text(value, TextKind::Description)?.unwrap_or_default(),
                _ => {
                    let features = &mut phase.features;
                    reader.items(value, |reader, item| reader.feature(item).map(|feature| features.extend(feature)))?;
                }
            }
            Ok(())
        })?;
        phase.features.shrink_to_fit();
        Ok(seen.map(|seen| {
            self.require(&seen, &["name"]);
            phase
        }))
    }

    fn feature(&mut self, node: Node<'a>) -> Read<Option<PlanFeature>> {
        let mut feature = PlanFeature { line: node.line(), ..PlanFeature::default() };
        let seen = self.fields(node, FEATURE_FIELDS, |reader, field, value| {
            match field {
                "key" => feature.key = reader.text(value, TextKind::Key)?,
                "name" => feature.name = reader.required_text(value, TextKind::Name)?,
                "priority" => feature.priority = reader.whole_number(value, &PRIORITY)?.unwrap_or(feature.priority),
                "description" => feature.description = reader.text(value, TextKind::Description)?.unwrap_or_default(),
                "spec" => feature.spec = reader.optional_text(value, TextKind::Spec)?,
                _ => {
                    let tasks = &mut feature.tasks;
                    reader.items(value, |reader, item| reader.task(item).map(|task| tasks.extend(task)))?;
                }
            }
            Ok(())
        })?;
        feature.tasks.shrink_to_fit();
        Ok(seen.map(|seen| {
            self.require(&seen, &["name"]);
            feature
        }))
    }

    fn task(&mut self, node: Node<'a>) -> Read<Option<PlanTask>> {
        let mut task = PlanTask { line: node.line(), ..PlanTask::default() };
        let seen = self.fields(node, TASK_FIELDS, |reader, field, value| {
            match field {
                "key" => task.key = reader.text(value, TextKind::Key)?,
                "name" => task.name = reader.required_text(value, TextKind::Name)?,
                "category" => {
                    if let Some(category) = reader.text(value, TextKind::Category)? {
                        task.category = category;
                    }
                }
                "description" => task.description = reader.text(value, TextKind::Description)?.unwrap_or_default(),
                "steps" => task.steps = reader.steps(value)?,
                "complexity" => task.complexity = reader.whole_number(value, &COMPLEXITY)?.unwrap_or(task.complexity),
                "priority" => task.priority = reader.whole_number(value, &PRIORITY)?.unwrap_or(task.priority),
                _ => task.depends_on = reader.depends_on(value)?,
            }
            Ok(())
        })?;
        Ok(seen.map(|seen| {
            self.require(&seen, &["name"]);
            task
        }))
    }

    fn steps(&mut self, node: Node<'a>) -> Read<Vec<String>> {
        self.short_list(node, STEPS, |reader, item| reader.required_text(item, TextKind::Step))
    }

    fn depends_on(&mut self, node: Node<'a>) -> Read<Vec<(String, u32)>> {
        self.short_list(node, DEPENDENCIES, |reader, item| {
            let line = item.line();
            Ok((reader.required_text(item, TextKind::Reference)?, line))
        })
    }

    /// A list of at most `most` entries; what is beyond is checked but not kept.
    fn short_list<T>(
        &mut self,
        node: Node<'a>,
        most: usize,
        read: impl Fn(&mut Self, Node<'a>) -> Read<T>,
    ) -> Read<Vec<T>> {
        let line = node.line();
        let mut entries = Vec::new();
        let count = self.items(node, |reader, item| {
            let entry = read(reader, item)?;
            if entries.len() < most {
                entries.push(entry);
            }
            Ok(())
        })?;
        if let Some(count) = count.filter(|count| *count > most) {
            let what = format!("has {count} entries, must have at most {most}");
            self.problem(line, what, Some("split the task into several"));
        }
        entries.shrink_to_fit();
        Ok(entries)
    }
}
