//! The server's log on standard error: text for people, JSON for machines.

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt;

use super::LogFormat;
use crate::root::Root;

/// Starts the log; `AUTOCODER_LOG` filters it like `info,autocoder_api=debug`.
pub(super) fn start(format: LogFormat, root: &Root) {
    let default = if root.output.verbose { "debug,h2=info,sqlx=info,hyper=info" } else { "info,sqlx=warn" };
    let wanted = root.config.environment.get("AUTOCODER_LOG").map_or(default, String::as_str);
    let filter = EnvFilter::try_new(wanted).unwrap_or_else(|_| EnvFilter::new(default));
    let log = fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // Only a second log in one process would fail.
    let _ = match format {
        LogFormat::Text => log.with_ansi(false).try_init(),
        LogFormat::Json => log.json().flatten_event(true).try_init(),
    };
}
