//! Autocoder's tools as a rehearsal uses them: an MCP client of a child process or of a server.

use std::path::Path;

use rmcp::model::{CallToolRequestParams, JsonObject};
use rmcp::service::{RoleClient, RunningService};
use rmcp::transport::streamable_http_client::StreamableHttpClientTransportConfig;
use rmcp::transport::{StreamableHttpClientTransport, TokioChildProcess};
use rmcp::{ServiceError, ServiceExt};
use serde_json::{Value, json};

use super::super::{BearerToken, McpEndpoint};
use super::play::{PlayError, PlayOptions};

/// An open connection.
pub(super) struct Tools {
    client: RunningService<RoleClient, ()>,
}

/// A task as handed out.
pub(super) struct Assigned {
    pub(super) id: i64,
    pub(super) name: String,
    pub(super) complexity: u64,
    pub(super) attempt: Option<u64>,
}

impl Tools {
    pub(super) async fn connect(options: &PlayOptions) -> Result<Self, PlayError> {
        let failed = |error: rmcp::service::ClientInitializeError| PlayError::Handshake(error.to_string());
        let client = match endpoint(&options.mcp_config)? {
            McpEndpoint::Stdio { program, args, env } => {
                let mut command = tokio::process::Command::new(&program);
                // In a group of its own the server outlives an interrupt of the rehearsal's group, so that the task can
                // still be handed back; it ends with the end of its standard input.
                command.args(&args).envs(&env).process_group(0).kill_on_drop(true);
                let started = TokioChildProcess::new(command).map_err(|error| PlayError::Start {
                    program: program.display().to_string(),
                    error: error.to_string(),
                })?;
                ().serve(started).await.map_err(failed)?
            }
            McpEndpoint::Http { url, token } => ().serve(over_http(url, token)?).await.map_err(failed)?,
        };
        Ok(Self { client })
    }

    /// Claims a task; without one, says why.
    pub(super) async fn next_task(&self) -> Result<Result<Assigned, String>, PlayError> {
        let answer = self.call("task_get_next", json!({})).await?;
        let number = |field: &str| answer.pointer(field).and_then(Value::as_u64);
        Ok(match answer.pointer("/task/id").and_then(Value::as_i64) {
            Some(id) => Ok(Assigned {
                id,
                name: answer.pointer("/task/name").and_then(Value::as_str).unwrap_or_default().to_owned(),
                complexity: number("/task/estimated_complexity").unwrap_or(3),
                attempt: number("/task/attempt"),
            }),
            None => Err(answer.get("reason").and_then(Value::as_str).unwrap_or("no task").to_owned()),
        })
    }

    pub(super) async fn may_continue(&self) -> Result<bool, PlayError> {
        let answer = self.call("usage_should_continue", json!({})).await?;
        Ok(answer.get("action").and_then(Value::as_str) != Some("stop"))
    }

    pub(super) async fn pass(&self, task: i64) -> Result<(), PlayError> {
        self.call("task_mark_passing", json!({ "task_id": task })).await.map(drop)
    }

    pub(super) async fn release(&self, task: i64, reason: &str) -> Result<(), PlayError> {
        self.call("task_release", json!({ "task_id": task, "reason": reason })).await.map(drop)
    }

    pub(super) async fn close(self) {
        // The server is gone or gets killed; either way nothing is left to do.
        let _ = self.client.cancel().await;
    }

    pub(super) async fn call(&self, tool: &'static str, arguments: Value) -> Result<Value, PlayError> {
        let arguments: JsonObject = arguments.as_object().cloned().unwrap_or_default();
        let params = CallToolRequestParams::new(tool).with_arguments(arguments);
        let failed = |message: String| PlayError::Tool { tool, message };
        let reply = self.client.call_tool(params).await.map_err(|error| match error {
            ServiceError::TransportClosed | ServiceError::TransportSend(_) => PlayError::Lost,
            other => failed(other.to_string()),
        })?;
        let said = || reply.content.iter().find_map(|block| block.as_text()).map(|block| block.text.clone());
        if reply.is_error == Some(true) {
            return Err(failed(said().unwrap_or_default()));
        }
        let parsed = || said().and_then(|text| serde_json::from_str(&text).ok());
        reply.structured_content.clone().or_else(parsed).ok_or_else(|| failed("it answered without JSON".to_owned()))
    }
}

fn endpoint(config: &Path) -> Result<McpEndpoint, PlayError> {
    let wrong = |error: String| PlayError::Config { path: config.display().to_string(), error };
    let text = std::fs::read_to_string(config).map_err(|error| wrong(error.to_string()))?;
    McpEndpoint::from_config(&text).ok_or_else(|| wrong("it does not name the server `autocoder`".to_owned()))
}

fn over_http(url: String, token: BearerToken) -> Result<StreamableHttpClientTransport<reqwest::Client>, PlayError> {
    // Another part of the process may have chosen one; then that one serves.
    let _ = rustls::crypto::ring::default_provider().install_default();
    // The server is our own, so no proxy stands between.
    let client =
        reqwest::Client::builder().no_proxy().build().map_err(|error| PlayError::Handshake(error.to_string()))?;
    let config = StreamableHttpClientTransportConfig::with_uri(url).auth_header(token.0);
    Ok(StreamableHttpClientTransport::with_client(client, config))
}
