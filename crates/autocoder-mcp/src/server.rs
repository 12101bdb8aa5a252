//! The MCP server: lists the tools of the caller's role and hands each call to its tool.

use std::sync::Arc;

use rmcp::model::{
    CallToolRequestParams, CallToolResponse, Implementation, ListToolsResult, PaginatedRequestParams,
    ServerCapabilities, ServerConfig,
};
use rmcp::service::{RequestContext, RoleServer};
use rmcp::{ErrorData, ServerHandler};

use crate::claim::Connection;
use crate::legacy;
use crate::reply::{Reply, ToolError, into_result};
use crate::session::Session;
use crate::tools::{self, Caller, Entry};

/// The tools of one session.
#[derive(Clone)]
pub struct ToolServer {
    pub(crate) connection: Arc<Connection>,
    tools: &'static [Entry],
    /// How refusals are worded.
    worded: fn(ToolError) -> ToolError,
}

impl ToolServer {
    /// The tools that `session` may use.
    #[must_use]
    pub fn new(session: Session) -> Self {
        Self { connection: Arc::new(Connection::new(session)), tools: tools::TOOLS, worded: std::convert::identity }
    }

    /// The same under the names of the legacy tool, for prompts that know no others.
    #[must_use]
    pub fn legacy(session: Session) -> Self {
        Self { tools: legacy::TOOLS, worded: legacy::worded, ..Self::new(session) }
    }
}

impl ServerHandler for ToolServer {
    fn get_info(&self) -> ServerConfig {
        let project = &self.connection.session.project_name;
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
            .with_server_info(Implementation::new("autocoder", env!("CARGO_PKG_VERSION")))
            .with_instructions(format!("The plan of project `{project}`. An error says by its hint what to do next."))
    }

    async fn list_tools(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        Ok(ListToolsResult::with_all_items(tools::listed(self.tools, self.connection.session.role)))
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let Some(tool) = tools::find(self.tools, &request.name) else {
            return Err(ErrorData::invalid_params(format!("there is no tool `{}`", request.name), None));
        };
        let role = self.connection.session.role;
        let reply: Reply = match role {
            Some(role) if !tool.is_for(role) => {
                Err(ToolError::new("not_your_tool", format!("`{}` is not a tool of the role `{role}`", request.name))
                    .hint("use the tools that were listed to you"))
            }
            Some(_) | None => {
                let caller = Caller { connection: Arc::clone(&self.connection), client: context };
                tool.call(&caller, request.arguments.unwrap_or_default()).await
            }
        };
        Ok(into_result(reply.map_err(self.worded)).into())
    }
}
