//! Speaks ACP to an agent and tells what it does in lines that the `command` runner reads.
//!
//! ACP is a conversation of two sides, and a runner only names a process and reads its output. So the conversation has a
//! process of its own, `autocoder acp`, between the supervisor and the agent: it is started, watched, kept in the sandbox
//! and stopped like any agent, with the agent in its process group.

mod line;
mod said;
#[cfg(test)]
mod tests;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use agent_client_protocol::schema::ProtocolVersion;
use agent_client_protocol::v1::ConnectionTo;
use agent_client_protocol::v1::schema::{
    ContentBlock, EnvVariable, HttpHeader, Implementation, InitializeRequest, McpServer, McpServerHttp, McpServerStdio,
    NewSessionRequest, PermissionOptionKind, PromptRequest, PromptResponse, RequestPermissionOutcome,
    RequestPermissionRequest, RequestPermissionResponse, SelectedPermissionOutcome, SessionNotification, StopReason,
    TextContent,
};
use agent_client_protocol::{Agent, Client, ConnectTo, Lines, is_incoming_transport_closed};
use tokio::process::Command;
use tokio_util::codec::{FramedRead, FramedWrite};

use self::line::Line;
use self::said::Said;
use super::McpEndpoint;

/// What an agent is asked, and where.
#[derive(Clone, Debug)]
pub struct Ask {
    /// The prompt.
    pub prompt: String,
    /// Where it works.
    pub workdir: PathBuf,
    /// How it reaches Autocoder's tools.
    pub mcp: McpEndpoint,
}

/// Why an agent did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum AcpError {
    /// A file of the run cannot be read.
    #[error("cannot read `{}`: {source}", .file.display())]
    File {
        /// The file.
        file: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file with the tools is not ours.
    #[error("`{}` is no mcp.json of a run", .0.display())]
    NoTools(PathBuf),
    /// The agent's program does not start.
    #[error("cannot start `{program}`: {source}")]
    Start {
        /// The program.
        program: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// The agent refused a request, or said something that is not ACP.
    #[error("the agent refused: {0}")]
    Refused(#[from] agent_client_protocol::Error),
    /// The agent closed its output in the middle.
    #[error("the agent ended in the middle of its turn")]
    Gone,
    /// It takes tools only over stdio.
    #[error("the agent takes no tools over HTTP; start it with `autocoder run`, which gives them over stdio")]
    NoHttp,
    /// It stopped before the end of its turn.
    #[error("the agent stopped: {0}")]
    Stopped(&'static str),
}

impl Ask {
    /// What the files of a run ask.
    ///
    /// # Errors
    /// [`AcpError`] when they cannot be read.
    pub fn of_files(prompt: &Path, mcp: &Path, workdir: PathBuf) -> Result<Self, AcpError> {
        let read =
            |file: &Path| std::fs::read_to_string(file).map_err(|source| AcpError::File { file: file.into(), source });
        let tools = McpEndpoint::from_config(&read(mcp)?).ok_or_else(|| AcpError::NoTools(mcp.into()))?;
        Ok(Self { prompt: read(prompt)?, workdir, mcp: tools })
    }
}

/// Starts the agent, gives it one prompt and ends it when its turn is over.
///
/// # Errors
/// [`AcpError`].
pub async fn drive(program: &str, args: &[String], ask: Ask, out: impl Write + Send + 'static) -> Result<(), AcpError> {
    let mut command = Command::new(program);
    command.args(args).current_dir(&ask.workdir).stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
    let mut child = command.spawn().map_err(|source| AcpError::Start { program: program.to_owned(), source })?;
    let (stdin, stdout) = child.stdin.take().zip(child.stdout.take()).expect("both are piped");
    let lines = Lines::new(FramedWrite::new(stdin, Line::default()), FramedRead::new(stdout, Line::default()));
    let talked = talk(lines, ask, out).await;
    // Its input is closed by now; what does not end by that is ended with its group.
    let _ = child.start_kill();
    talked
}

/// One prompt to the agent behind `transport`.
async fn talk(
    transport: impl ConnectTo<Client> + 'static,
    ask: Ask,
    out: impl Write + Send + 'static,
) -> Result<(), AcpError> {
    let said = Said::new(out);
    let (updates, permissions) = (said.clone(), said.clone());
    let outcome = Client
        .v1()
        .on_receive_notification(
            async move |update: SessionNotification, _| {
                updates.update(&update.update);
                Ok(())
            },
            agent_client_protocol::on_receive_notification!(),
        )
        .on_receive_request(
            async move |request: RequestPermissionRequest, responder, _| {
                permissions.allowed(&request);
                responder.respond(RequestPermissionResponse::new(allowed(&request)))
            },
            agent_client_protocol::on_receive_request!(),
        )
        .connect_with(transport, async |connection: ConnectionTo<Agent>| Ok(converse(&connection, ask, &said).await))
        .await?;
    said.end();
    match outcome?.stop_reason {
        StopReason::EndTurn => Ok(()),
        StopReason::MaxTokens => Err(AcpError::Stopped("it reached its limit of tokens")),
        StopReason::MaxTurnRequests => Err(AcpError::Stopped("it reached its limit of requests")),
        StopReason::Refusal => Err(AcpError::Stopped("the model refused")),
        StopReason::Cancelled => Err(AcpError::Stopped("it was cancelled")),
        _ => Err(AcpError::Stopped("for a reason that this version does not know")),
    }
}

async fn converse(connection: &ConnectionTo<Agent>, ask: Ask, said: &Said) -> Result<PromptResponse, AcpError> {
    let own = Implementation::new("autocoder", env!("CARGO_PKG_VERSION"));
    let hello = InitializeRequest::new(ProtocolVersion::V1).client_info(own);
    let agent = answered(connection, connection.send_request(hello).block_task()).await?;
    if matches!(ask.mcp, McpEndpoint::Http { .. }) && !agent.agent_capabilities.mcp_capabilities.http {
        return Err(AcpError::NoHttp);
    }
    let new = NewSessionRequest::new(ask.workdir).mcp_servers(vec![server(ask.mcp)]);
    let session = answered(connection, connection.send_request(new).block_task()).await?;
    let prompt = vec![ContentBlock::Text(TextContent::new(ask.prompt))];
    let turn = PromptRequest::new(session.session_id.clone(), prompt);
    let ended = answered(connection, connection.send_request(turn).block_task()).await?;
    said.usage(&session, &ended);
    Ok(ended)
}

/// The answer to a request; an agent that is gone gives none.
async fn answered<T>(
    connection: &ConnectionTo<Agent>,
    answer: impl Future<Output = Result<T, agent_client_protocol::Error>>,
) -> Result<T, AcpError> {
    tokio::select! {
        biased;
        answer = answer => match answer {
            Err(error) if is_incoming_transport_closed(&error) => Err(AcpError::Gone),
            answer => Ok(answer?),
        },
        () = connection.incoming_closed() => Err(AcpError::Gone),
    }
}

fn server(endpoint: McpEndpoint) -> McpServer {
    match endpoint {
        McpEndpoint::Stdio { program, args, env } => {
            let env = env.into_iter().map(|(name, value)| EnvVariable::new(name, value)).collect();
            McpServer::Stdio(McpServerStdio::new("autocoder", program).args(args).env(env))
        }
        McpEndpoint::Http { url, token } => {
            let header = HttpHeader::new("Authorization", format!("Bearer {}", token.0));
            McpServer::Http(McpServerHttp::new("autocoder", url).headers(vec![header]))
        }
    }
}

/// The narrowest way to allow it; what keeps the agent in is the sandbox, as with the other runners.
fn allowed(request: &RequestPermissionRequest) -> RequestPermissionOutcome {
    let kinds = [PermissionOptionKind::AllowOnce, PermissionOptionKind::AllowAlways];
    let of = |kind| request.options.iter().find(|option| option.kind == kind);
    match kinds.into_iter().find_map(of) {
        Some(option) => RequestPermissionOutcome::Selected(SelectedPermissionOutcome::new(option.option_id.clone())),
        None => RequestPermissionOutcome::Cancelled,
    }
}
