//! The one place that prints: sentences, tables and JSON on stdout, errors, notes and progress on stderr.

mod progress;
mod style;
mod table;

pub(crate) use progress::Progress;
pub(crate) use style::{Style, bar};
pub(crate) use table::{details, table, time};

use std::io::{self, IsTerminal, Write};

use serde::Serialize;

use crate::cli::{ColorChoice, Flags};
use crate::config::Config;
use crate::exit::Failure;
use style::printable;

/// What a command prints, and how.
#[derive(Clone, Debug)]
pub(crate) struct Output {
    /// Whether JSON is asked for.
    pub(crate) json: bool,
    quiet: bool,
    pub(crate) verbose: bool,
    colours: bool,
    error_colours: bool,
    terminal: bool,
    error_terminal: bool,
}

impl Output {
    pub(crate) fn new(flags: &Flags, config: &Config) -> Self {
        let (terminal, error_terminal) = (io::stdout().is_terminal(), io::stderr().is_terminal());
        let wanted = |terminal| match config.color.value {
            ColorChoice::Auto => terminal && config.environment.get("TERM").is_none_or(|term| term != "dumb"),
            ColorChoice::Always => true,
            ColorChoice::Never => false,
        };
        Self {
            json: flags.json,
            quiet: flags.quiet,
            verbose: flags.verbose,
            colours: wanted(terminal),
            error_colours: wanted(error_terminal),
            terminal,
            error_terminal,
        }
    }

    /// Before anything is configured: no colours, no terminal.
    pub(crate) const fn plain(json: bool) -> Self {
        Self {
            json,
            quiet: false,
            verbose: false,
            colours: false,
            error_colours: false,
            terminal: false,
            error_terminal: false,
        }
    }

    /// Whether a person can be asked.
    pub(crate) fn can_ask(&self) -> bool {
        self.error_terminal && io::stdin().is_terminal()
    }

    pub(crate) const fn is_terminal(&self) -> bool {
        self.terminal
    }

    /// The columns of the terminal; none elsewhere.
    pub(crate) fn width(&self) -> Option<u16> {
        self.terminal.then(|| console::Term::stdout().size_checked()).flatten().map(|(_, columns)| columns)
    }

    /// Text in a style, when colours are wanted.
    pub(crate) fn style(&self, style: Style, text: &str) -> String {
        if self.colours { style.on(text) } else { text.to_owned() }
    }

    /// What was asked for: the view as JSON, or what `human` makes of it.
    pub(crate) fn show<T: Serialize>(&self, view: &T, human: impl FnOnce(&T) -> String) -> Result<(), Failure> {
        if self.json { self.json(view) } else { self.text(&human(view)) }
    }

    /// What was done: the changed view as JSON, or one sentence.
    pub(crate) fn done<T: Serialize>(&self, view: &T, sentence: &str) -> Result<(), Failure> {
        if self.json {
            self.json(view)
        } else if self.quiet {
            Ok(())
        } else {
            self.text(sentence)
        }
    }

    pub(crate) fn json<T: Serialize>(&self, view: &T) -> Result<(), Failure> {
        let text = serde_json::to_string_pretty(view).map_err(io::Error::from)?;
        self.bytes(format!("{text}\n").as_bytes())
    }

    /// Text for people, with every control character but line feeds and tabs made visible.
    pub(crate) fn text(&self, text: &str) -> Result<(), Failure> {
        let text = printable(text.trim_end_matches('\n'));
        if text.is_empty() { Ok(()) } else { self.bytes(format!("{text}\n").as_bytes()) }
    }

    /// Bytes for programs, as they are.
    pub(crate) fn bytes(&self, bytes: &[u8]) -> Result<(), Failure> {
        let mut stdout = io::stdout().lock();
        stdout.write_all(bytes)?;
        Ok(stdout.flush()?)
    }

    /// The text instead of what the terminal showed before.
    pub(crate) fn redraw(&self, text: &str) -> Result<(), Failure> {
        self.bytes(b"\x1b[H\x1b[2J\x1b[3J")?;
        self.text(text)
    }

    /// Something beside the result; `-q` hides it.
    pub(crate) fn note(&self, text: &str) {
        if !self.quiet && !self.json {
            let _ = writeln!(io::stderr(), "{}", printable(text));
        }
    }

    /// Something that only `-v` shows.
    pub(crate) fn detail(&self, text: impl FnOnce() -> String) {
        if self.verbose {
            let _ = writeln!(io::stderr(), "{}", printable(&text()));
        }
    }

    /// A question on stderr, without a line feed.
    pub(crate) fn ask(&self, question: &str) {
        let _ = write!(io::stderr(), "{} ", printable(question));
    }

    pub(crate) fn complain(&self, message: &str, hint: Option<&str>) {
        let label = |style: Style, label: &str| if self.error_colours { style.on(label) } else { label.to_owned() };
        let mut text = format!("{} {}", label(Style::Bad, "error:"), message);
        if let Some(hint) = hint {
            text.push_str(&format!("\n{} {hint}", label(Style::Note, "hint:")));
        }
        let _ = writeln!(io::stderr(), "{}", printable(&text));
    }

    pub(crate) fn complain_json<T: Serialize>(&self, problem: &T) {
        if let Ok(text) = serde_json::to_string_pretty(problem) {
            let _ = writeln!(io::stderr(), "{text}");
        }
    }

    /// Long work: moving on a terminal, plain lines elsewhere.
    pub(crate) fn progress(&self) -> Progress {
        Progress::new(self.error_terminal && !self.quiet && !self.json, self.clone())
    }
}
