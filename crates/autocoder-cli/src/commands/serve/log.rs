//! The server's log on standard error: text for people, JSON for machines; and traces, where they are built in.

#[cfg(feature = "otel")]
mod traces;

use tracing_subscriber::filter::EnvFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{Layer, fmt};

use super::LogFormat;
use crate::root::Root;

/// The parts of this program that log; everybody else only warns.
const OURS: [&str; 6] =
    ["autocoder", "autocoder_api", "autocoder_agent", "autocoder_mcp", "autocoder_usage", "requests"];

/// What has to be done before the process ends; dropping it does it.
pub(super) struct Log {
    #[cfg(feature = "otel")]
    _traces: Option<traces::Exporter>,
}

/// Starts the log; `AUTOCODER_LOG` filters it, for example `warn,requests=debug`.
pub(super) fn start(format: LogFormat, root: &Root) -> Log {
    let level = if root.output.verbose { "debug" } else { "info" };
    // What strangers send wrongly is no error of ours.
    let default = format!("warn,actix_http=off,{}", OURS.map(|part| format!("{part}={level}")).join(","));
    let wanted = root.config.environment.get("AUTOCODER_LOG").filter(|wanted| !wanted.is_empty());
    let filter = EnvFilter::try_new(wanted.unwrap_or(&default)).unwrap_or_else(|error| {
        root.output.note(&format!("note: AUTOCODER_LOG is not a filter ({error}); the default is used"));
        EnvFilter::new(&default)
    });
    let lines = fmt::layer().with_writer(std::io::stderr);
    let lines = match format {
        LogFormat::Text => lines.with_ansi(false).boxed(),
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
    };
    let log = tracing_subscriber::registry().with(lines.with_filter(filter));
    #[cfg(feature = "otel")]
    {
        let exporter = traces::Exporter::start(root);
        // Only a second log in one process would fail.
        let _ = log.with(exporter.as_ref().map(traces::Exporter::layer)).try_init();
        Log { _traces: exporter }
    }
    #[cfg(not(feature = "otel"))]
    {
        let _ = log.try_init();
        Log {}
    }
}
