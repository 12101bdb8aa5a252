//! The server's log on standard error: text for people, JSON for machines.

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt;

use super::LogFormat;
use crate::root::Root;

/// The parts of this program that log; everybody else only warns.
const OURS: [&str; 6] = ["warn,autocoder", "autocoder_api", "autocoder_agent", "autocoder_mcp", "autocoder_usage", "requests"];

/// Starts the log; `AUTOCODER_LOG` filters it, for example `warn,requests=debug`.
pub(super) fn start(format: LogFormat, root: &Root) {
    let level = if root.output.verbose { "debug" } else { "info" };
    let default = OURS.map(|part| format!("{part}={level}")).join(",");
    let wanted = root.config.environment.get("AUTOCODER_LOG").filter(|wanted| !wanted.is_empty());
    let filter = EnvFilter::try_new(wanted.unwrap_or(&default)).unwrap_or_else(|error| {
        root.output.note(&format!("note: AUTOCODER_LOG is not a filter ({error}); the default is used"));
        EnvFilter::new(&default)
    });
    let log = fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // Only a second log in one process would fail.
    let _ = match format {
        LogFormat::Text => log.with_ansi(false).try_init(),
        LogFormat::Json => log.json().flatten_event(true).try_init(),
    };
}
