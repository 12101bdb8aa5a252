//! Progress of long work: a moving line on a terminal, one plain line a step elsewhere.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use super::Output;

/// The steps of one piece of long work.
pub(crate) struct Progress {
    bar: Option<ProgressBar>,
    output: Output,
}

impl Progress {
    pub(super) fn new(moving: bool, output: Output) -> Self {
        let bar = moving.then(|| {
            let bar = ProgressBar::new(0);
            bar.enable_steady_tick(Duration::from_millis(100));
            bar
        });
        Self { bar, output }
    }

    /// Says what happens now, as step `place` of `of`.
    pub(crate) fn step(&self, place: u64, of: u64, what: &str) {
        match &self.bar {
            None => self.output.note(&format!("[{place}/{of}] {what}")),
            Some(bar) => {
                let style = ProgressStyle::with_template("{spinner} {bar:20} {pos}/{len} {msg} {elapsed}")
                    .unwrap_or_else(|_| ProgressStyle::default_bar());
                bar.set_style(style);
                bar.set_length(of);
                bar.set_position(place - 1);
                bar.set_message(super::style::printable(what));
            }
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
