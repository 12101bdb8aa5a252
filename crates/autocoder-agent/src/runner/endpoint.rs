//! How an agent reaches Autocoder's tools, and the `mcp.json` that tells it.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// Says to our own program where the tools are served.
const SOCKET_FLAG: &str = "--socket";

/// How an agent reaches Autocoder's tools.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum McpEndpoint {
    /// The agent starts this program and speaks over its stdin and stdout.
    Stdio {
        /// The program.
        program: PathBuf,
        /// Its arguments.
        args: Vec<String>,
        /// Its environment, on top of what it inherits.
        env: BTreeMap<String, String>,
    },
    /// A server has them.
    Http {
        /// Where, such as `http://127.0.0.1:8080/mcp`.
        url: String,
        /// What says who the agent is.
        token: BearerToken,
    },
}

/// The secret of a token; it is never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct BearerToken(pub String);

impl fmt::Debug for BearerToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BearerToken(…)")
    }
}

#[derive(Serialize, Deserialize)]
struct McpConfig {
    #[serde(rename = "mcpServers")]
    servers: Servers,
}

#[derive(Serialize, Deserialize)]
struct Servers {
    autocoder: Server,
}

#[derive(Serialize, Deserialize)]
struct Server {
    #[serde(flatten)]
    transport: Transport,
    /// Or Claude Code would defer the tools.
    #[serde(rename = "alwaysLoad")]
    always_load: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Transport {
    Stdio { command: String, args: Vec<String>, env: BTreeMap<String, String> },
    Http { url: String, headers: Headers },
}

#[derive(Serialize, Deserialize)]
struct Headers {
    #[serde(rename = "Authorization")]
    authorization: String,
}

impl McpEndpoint {
    /// Tools that the supervising process serves at `socket`; `program`, which is our own, passes on what is said.
    #[must_use]
    pub fn bridged(program: PathBuf, socket: &Path) -> Self {
        let args = vec!["mcp".to_owned(), SOCKET_FLAG.to_owned(), socket.to_string_lossy().into_owned()];
        Self::Stdio { program, args, env: BTreeMap::new() }
    }

    /// Where the tools of [`Self::bridged`] are served.
    #[must_use]
    pub fn socket(&self) -> Option<&Path> {
        let Self::Stdio { args, .. } = self else { return None };
        let at = args.iter().position(|arg| arg == SOCKET_FLAG)?;
        args.get(at + 1).map(Path::new)
    }

    /// The `mcp.json` that agents read: one server called `autocoder`, its tools never deferred.
    #[must_use]
    pub fn config(&self) -> String {
        let transport = match self.clone() {
            Self::Stdio { program, args, env } => {
                Transport::Stdio { command: program.to_string_lossy().into_owned(), args, env }
            }
            Self::Http { url, token } => {
                Transport::Http { url, headers: Headers { authorization: format!("Bearer {}", token.0) } }
            }
        };
        let config = McpConfig { servers: Servers { autocoder: Server { transport, always_load: true } } };
        serde_json::to_string(&config).expect("text and maps of text become JSON")
    }

    /// Reads what [`Self::config`] wrote; none when it is not that.
    #[must_use]
    pub(super) fn from_config(config: &str) -> Option<Self> {
        let config: McpConfig = serde_json::from_str(config).ok()?;
        Some(match config.servers.autocoder.transport {
            Transport::Stdio { command, args, env } => Self::Stdio { program: command.into(), args, env },
            Transport::Http { url, headers } => {
                Self::Http { url, token: BearerToken(headers.authorization.strip_prefix("Bearer ")?.to_owned()) }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::spec::tests::a_run;
    use super::*;

    fn over_http() -> McpEndpoint {
        McpEndpoint::Http { url: "http://127.0.0.1:1/mcp".into(), token: BearerToken("s3cret".into()) }
    }

    #[test]
    fn the_tools_are_always_loaded() {
        let stdio = json!({
            "type": "stdio", "command": "/bin/autocoder", "args": ["mcp", "--project", "todo"],
            "env": { "AUTOCODER_ATTEMPT": "3" }, "alwaysLoad": true,
        });
        let http = json!({
            "type": "http", "url": "http://127.0.0.1:1/mcp", "headers": { "Authorization": "Bearer s3cret" },
            "alwaysLoad": true,
        });
        for (endpoint, server) in [(a_run().mcp, stdio), (over_http(), http)] {
            let config: Value = serde_json::from_str(&endpoint.config()).unwrap();
            assert_eq!(config, json!({ "mcpServers": { "autocoder": server } }));
        }
    }

    #[test]
    fn what_is_written_can_be_read() {
        for endpoint in [a_run().mcp, over_http()] {
            assert_eq!(McpEndpoint::from_config(&endpoint.config()), Some(endpoint));
        }
        for garbage in ["", "{}", r#"{"mcpServers":{"autocoder":{"type":"sse","url":"x","alwaysLoad":true}}}"#] {
            assert_eq!(McpEndpoint::from_config(garbage), None, "{garbage}");
        }
    }

    #[test]
    fn only_bridged_tools_have_a_socket() {
        let bridged = McpEndpoint::bridged("/bin/autocoder".into(), Path::new("/tmp/7.sock"));
        assert_eq!(bridged.socket(), Some(Path::new("/tmp/7.sock")));
        assert_eq!((a_run().mcp.socket(), over_http().socket()), (None, None));
    }

    #[test]
    fn a_token_is_not_printed() {
        assert!(!format!("{:?}", over_http()).contains("s3cret"));
    }
}
