//! Traces of requests for an OpenTelemetry collector: the cargo feature `otel`.

use opentelemetry::trace::TracerProvider;
use opentelemetry_otlp::{ExporterBuildError, Protocol, SpanExporter, WithExportConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{SdkTracerProvider, Tracer};
use tracing::Subscriber;
use tracing_opentelemetry::OpenTelemetryLayer;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::registry::LookupSpan;

use crate::root::Root;

/// Sends spans in the background; what is left is sent when it is dropped.
pub(super) struct Exporter(SdkTracerProvider);

impl Exporter {
    /// Begins when `OTEL_EXPORTER_OTLP_ENDPOINT` names a collector (OTLP over HTTP).
    pub(super) fn start(root: &Root) -> Option<Self> {
        let endpoint = root.config.environment.get("OTEL_EXPORTER_OTLP_ENDPOINT").filter(|url| !url.is_empty())?;
        let exporter = Self::to(endpoint);
        exporter.map_err(|error| root.output.note(&format!("note: no traces are sent: {error}"))).ok()
    }

    fn to(endpoint: &str) -> Result<Self, ExporterBuildError> {
        let endpoint = format!("{}/v1/traces", endpoint.trim_end_matches('/'));
        let exporter = SpanExporter::builder().with_http().with_protocol(Protocol::HttpBinary);
        let exporter = exporter.with_endpoint(endpoint).build()?;
        let resource = Resource::builder().with_service_name("autocoder").build();
        Ok(Self(SdkTracerProvider::builder().with_resource(resource).with_batch_exporter(exporter).build()))
    }

    /// The spans of requests, as a layer of the log.
    pub(super) fn layer<S>(&self) -> impl Layer<S> + use<S>
    where
        S: Subscriber + for<'span> LookupSpan<'span>,
    {
        let requests = Targets::new().with_target("tracing_actix_web", tracing::Level::INFO);
        let tracer: Tracer = self.0.tracer("autocoder");
        OpenTelemetryLayer::new(tracer).with_filter(requests)
    }
}

impl Drop for Exporter {
    fn drop(&mut self) {
        // A collector that does not answer must not keep the server.
        let _ = self.0.shutdown();
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpListener;

    use tracing_subscriber::layer::SubscriberExt;

    use super::*;

    #[test]
    fn a_collector_gets_the_spans_of_requests() {
        let collector = TcpListener::bind("127.0.0.1:0").unwrap();
        let endpoint = format!("http://{}/", collector.local_addr().unwrap());
        let heard = std::thread::spawn(move || {
            let (mut stream, _) = collector.accept().unwrap();
            let mut heard = vec![0; 64 * 1024];
            let mut length = 0;
            while !String::from_utf8_lossy(&heard[..length]).contains("GET /api/projects") {
                length += stream.read(&mut heard[length..]).unwrap();
            }
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").unwrap();
            String::from_utf8_lossy(&heard[..length]).into_owned()
        });
        let _ = rustls::crypto::ring::default_provider().install_default();
        let exporter = Exporter::to(&endpoint).unwrap();
        let log = tracing_subscriber::registry().with(exporter.layer());
        tracing::subscriber::with_default(log, || {
            tracing::info_span!(target: "tracing_actix_web::root_span_macro", "GET /api/projects").in_scope(|| {});
            tracing::info_span!(target: "elsewhere", "a secret of somebody else").in_scope(|| {});
        });
        drop(exporter);
        let heard = heard.join().unwrap();
        assert!(heard.starts_with("POST /v1/traces ") && heard.contains("autocoder"), "{heard}");
        assert!(!heard.contains("a secret of somebody else"), "{heard}");
    }
}
