//! `autocoder usage report`: a detailed report to keep or to send.

use std::path::PathBuf;

use autocoder_core::error::Refused;
use autocoder_usage::meter::read_settings;
use autocoder_usage::render::{csv, html, markdown};
use autocoder_usage::report::{ReportDays, usage_report};
use clap::{Args, ValueEnum};

use crate::exit::Failure;
use crate::root::Root;

/// Write a detailed report as Markdown, HTML, CSV or JSON
#[derive(Args)]
#[command(after_help = "\
Examples:
  autocoder usage report
  autocoder usage report --from 2026-11-01 --to 2026-11-30 --format html --output november.html")]
pub(crate) struct Report {
    /// Only this project; left out: all
    #[arg(long, value_name = "NAME")]
    project: Option<String>,
    /// The first day, for example 2026-11-01; left out: 30 days with the last
    #[arg(long, value_name = "DATE")]
    from: Option<String>,
    /// The last day; left out: today
    #[arg(long, value_name = "DATE")]
    to: Option<String>,
    /// The form of the report
    #[arg(long, value_name = "FORM", default_value = "markdown")]
    format: Format,
    /// Write into this file instead of printing
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// The forms of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Markdown,
    Html,
    Csv,
    Json,
}

impl Report {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        let installation = root.open().await?;
        let store = &installation.store;
        let project = match &self.project {
            Some(name) => Some(installation.project_named(name).await?),
            None => None,
        };
        let zone = read_settings(store.ledger()).await?.time_zone;
        let wanted = ReportDays { from: self.from, to: self.to };
        let days = wanted.days(store.ledger().now().await?, &zone).map_err(Refused::Invalid)?;
        let report = usage_report(store, project.as_ref(), &days).await?;
        let text = match self.format {
            Format::Json => serde_json::to_string_pretty(&report).map_err(std::io::Error::from)? + "\n",
            _ if root.output.json && self.output.is_none() => return root.output.json(&report),
            Format::Markdown => markdown(&report),
            Format::Html => html(&report),
            Format::Csv => csv(&report),
        };
        match self.output {
            None => root.output.bytes(text.as_bytes()),
            Some(path) => {
                std::fs::write(&path, text).map_err(|error| Failure::file("write", &path, error))?;
                let view = serde_json::json!({ "file": path });
                root.output.done(&view, &format!("report written to `{}`", path.display()))
            }
        }
    }
}
