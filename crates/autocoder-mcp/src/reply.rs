//! The one translation from what a use case gives to what an MCP client reads.

use std::borrow::Cow;

use autocoder_core::error::Refused;
use autocoder_core::ports::StoreError;
use rmcp::model::CallToolResult;
use serde::Serialize;
use serde_json::{Value, json};

/// What a tool answers: one JSON object, or why it refused.
pub(crate) type Reply = Result<Value, ToolError>;

/// A refusal as the agent reads it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct ToolError {
    code: &'static str,
    message: String,
    hint: Option<Cow<'static, str>>,
}

impl ToolError {
    pub(crate) fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), hint: None }
    }

    /// What an argument names is not there.
    pub(crate) fn missing(noun: &'static str, id: impl ToString) -> Self {
        Refused::missing(noun, id).into()
    }

    pub(crate) fn code(&self) -> &'static str {
        self.code
    }

    /// With its hint in other words.
    pub(crate) fn with_hint(mut self, words: impl FnOnce(String) -> String) -> Self {
        self.hint = self.hint.map(|hint| Cow::Owned(words(hint.into_owned())));
        self
    }

    pub(crate) fn hint(mut self, hint: impl Into<Cow<'static, str>>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl From<Refused> for ToolError {
    fn from(refused: Refused) -> Self {
        let hint = match &refused {
            Refused::AtGate { .. } => Some("a person decides about this phase; end your session"),
            Refused::Held { .. } => Some("leave it to the agent that holds it"),
            Refused::NotFound { .. } => Some("ids are those that these tools gave you; other projects cannot be seen"),
            other => other.hint(),
        };
        Self { code: refused.code(), message: refused.to_string(), hint: hint.map(Cow::Borrowed) }
    }
}

impl From<StoreError> for ToolError {
    fn from(error: StoreError) -> Self {
        Refused::Store(error).into()
    }
}

/// The reply as text and as structured content.
pub(crate) fn into_result(reply: Reply) -> CallToolResult {
    match reply {
        Ok(value) => CallToolResult::structured(value),
        Err(error) => CallToolResult::structured_error(json!(error)),
    }
}
