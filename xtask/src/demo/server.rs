//! The server of the demo: started, waited for, and stopped so that no agent stays behind.

use std::io::BufReader;
use std::process::{Child, Command, Stdio};

use serde_json::{Deserializer, Value};

use crate::process::{self, Outcome};

pub(super) struct Server {
    child: Child,
    pub(super) url: String,
}

impl Server {
    /// Starts it and waits until it says where it is.
    pub(super) fn start(mut command: Command) -> Outcome<Self> {
        let command = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().map_err(|error| format!("cannot start the server: {error}"))?;
        let printed = child.stdout.take().map(|stdout| Deserializer::from_reader(BufReader::new(stdout)));
        let ready = printed.and_then(|printed| printed.into_iter::<Value>().next()).and_then(Result::ok);
        match ready.as_ref().and_then(|ready| ready["url"].as_str()) {
            Some(url) => Ok(Self { url: url.to_owned(), child }),
            None => Err(format!("`{}` did not start", process::shown(command))),
        }
    }

    /// Waits until it ends; Ctrl-C reaches it as it reaches us.
    pub(super) fn wait(mut self) -> Outcome {
        self.child.wait().map(drop).map_err(|error| format!("the server is lost: {error}"))
    }

    /// Tells it to stop its agents and end.
    pub(super) fn stop(mut self) -> Outcome {
        process::run(Command::new("kill").arg(self.child.id().to_string()))?;
        self.child.wait().map(drop).map_err(|error| format!("the server is lost: {error}"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Only where the demo broke off; one that has ended already is not killed again.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
