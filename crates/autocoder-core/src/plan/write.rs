//! Writes a plan as YAML that reads back as the same plan.

mod scalar;

use std::fmt::{self, Write};

use super::document::{DEFAULT_PRIORITY, PlanDocument, PlanFeature, PlanPhase, PlanProject, PlanTask};
use super::limits::VERSION;

/// Writes `document` as block-style YAML; the same document always gives the same text. Lines are not used.
///
/// # Errors
/// Only those of `out`.
pub fn write(document: &PlanDocument, out: &mut impl Write) -> fmt::Result {
    let mut lines = Lines { out, indent: 0, dash: false };
    lines.number("version", VERSION)?;
    lines.project(&document.project)?;
    if document.phases.is_empty() {
        return lines.raw("phases: []");
    }
    lines.list("phases", &document.phases, Lines::phase)
}

/// Writes lines at an indentation; the first line of a list item gets the dash.
struct Lines<'o, W> {
    out: &'o mut W,
    indent: usize,
    dash: bool,
}

impl<W: Write> Lines<'_, W> {
    fn project(&mut self, project: &PlanProject) -> fmt::Result {
        if *project == PlanProject::default() {
            return self.raw("project: {}");
        }
        self.raw("project:")?;
        self.indent += 2;
        self.optional("name", project.name.as_deref())?;
        self.optional("title", project.title.as_deref())?;
        self.unless_empty("description", &project.description)?;
        self.optional("spec", project.spec.as_deref())?;
        self.indent -= 2;
        Ok(())
    }

    fn phase(&mut self, phase: &PlanPhase) -> fmt::Result {
        self.optional("key", phase.key.as_deref())?;
        self.text("name", &phase.name)?;
        self.unless_empty("description", &phase.description)?;
        self.list("features", &phase.features, Self::feature)
    }

    fn feature(&mut self, feature: &PlanFeature) -> fmt::Result {
        self.optional("key", feature.key.as_deref())?;
        self.text("name", &feature.name)?;
        self.priority(feature.priority)?;
        self.unless_empty("description", &feature.description)?;
        self.optional("spec", feature.spec.as_deref())?;
        self.list("tasks", &feature.tasks, Self::task)
    }

    fn task(&mut self, task: &PlanTask) -> fmt::Result {
        self.optional("key", task.key.as_deref())?;
        self.text("name", &task.name)?;
        self.text("category", &task.category)?;
        self.unless_empty("description", &task.description)?;
        self.list("steps", &task.steps, |lines, step| lines.item(step))?;
        self.number("complexity", task.complexity)?;
        self.priority(task.priority)?;
        self.list("depends_on", &task.depends_on, |lines, (name, _)| lines.item(name))
    }

    fn list<T>(&mut self, name: &str, items: &[T], write: impl Fn(&mut Self, &T) -> fmt::Result) -> fmt::Result {
        if items.is_empty() {
            return Ok(());
        }
        self.start()?;
        writeln!(self.out, "{name}:")?;
        self.indent += 4;
        for item in items {
            self.dash = true;
            write(self, item)?;
        }
        self.indent -= 4;
        Ok(())
    }

    fn item(&mut self, text: &str) -> fmt::Result {
        self.start()?;
        scalar::write(self.out, text, self.indent)
    }

    fn text(&mut self, name: &str, text: &str) -> fmt::Result {
        self.start()?;
        write!(self.out, "{name}: ")?;
        scalar::write(self.out, text, self.indent + 2)
    }

    fn optional(&mut self, name: &str, text: Option<&str>) -> fmt::Result {
        text.map_or(Ok(()), |text| self.text(name, text))
    }

    fn unless_empty(&mut self, name: &str, text: &str) -> fmt::Result {
        self.optional(name, Some(text).filter(|text| !text.is_empty()))
    }

    fn priority(&mut self, priority: i32) -> fmt::Result {
        if priority == DEFAULT_PRIORITY { Ok(()) } else { self.number("priority", priority) }
    }

    fn number(&mut self, name: &str, number: impl fmt::Display) -> fmt::Result {
        self.start()?;
        writeln!(self.out, "{name}: {number}")
    }

    fn raw(&mut self, line: &str) -> fmt::Result {
        self.start()?;
        writeln!(self.out, "{line}")
    }

    fn start(&mut self) -> fmt::Result {
        if std::mem::take(&mut self.dash) {
            write!(self.out, "{:1$}- ", "", self.indent.saturating_sub(2))
        } else {
            write!(self.out, "{:1$}", "", self.indent)
        }
    }
}
