//! `autocoder open`: the browser, logged in to the running server.

use std::process::{Command, Stdio};

use autocoder_api::security::code::{CODE_TTL_S, mint};
use autocoder_api::security::secret::Bearer;
use clap::Args;
use serde_json::json;

use crate::exit::Failure;
use crate::root::Root;
use crate::running_server::RunningServer;
use crate::token_file;

/// Open the running server in your browser, logged in
#[derive(Args)]
#[command(after_help = "The address carries a code that works once, for a minute. --print only prints it.")]
pub(crate) struct Open {
    /// Print the address, start no browser
    #[arg(long)]
    print: bool,
}

impl Open {
    pub(crate) fn run(self, root: &Root) -> Result<(), Failure> {
        let data_dir = &root.config.data_dir.value;
        let hint = format!("start one with `{} serve`", root.config.command());
        let missing = || Failure::Missing { message: "no server of this data directory is running".into(), hint };
        let server = RunningServer::find(data_dir).ok_or_else(missing)?;
        let token = token_file::read(data_dir)?.ok_or_else(|| Failure::Missing {
            message: "the server's token file is gone".into(),
            hint: "restart the server".into(),
        })?;
        let code = mint(&Bearer::Local(token), chrono::Utc::now().timestamp())
            .map_err(|error| Failure::wrong(error.to_string(), "try again"))?;
        let url = format!("{}/#code={code}", server.url);
        let opened = !self.print && start_browser(&url);
        let text = if opened { format!("opened {}", server.url) } else { url.clone() };
        root.output.done(&json!({ "url": url, "opened": opened, "valid_s": CODE_TTL_S }), &text)
    }
}

/// Whether a browser was started; without one the person gets the address.
fn start_browser(url: &str) -> bool {
    let program = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    let mut command = Command::new(program);
    command.arg(url).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}
