//! `autocoder token create`.

use autocoder_api::security::secret::Secret;
use autocoder_core::ids::AgentId;
use autocoder_core::token::{Access, AgentTicket, NewToken};
use autocoder_core::view::NewTokenView;
use autocoder_core::workflow;
use clap::Args;

use crate::exit::Failure;
use crate::root::Root;

const DAY_S: i64 = 86_400;

/// Make a token; its secret is printed this once
#[derive(Args)]
pub(crate) struct Create {
    /// What it is for; left out for an agent: the agent's name
    #[arg(long, required_unless_present = "agent")]
    name: Option<String>,
    /// What its bearer may do: viewer, editor or admin
    #[arg(long, value_parser = access, required_unless_present = "agent", conflicts_with = "agent")]
    access: Option<Access>,
    /// For this agent: it may work on its own claims, by the tools only
    #[arg(long, value_name = "AGENT", requires = "project")]
    agent: Option<String>,
    /// The only project it reaches; left out: all
    #[arg(long, value_name = "NAME")]
    project: Option<String>,
    /// After how many days or hours it ends, for example 30d or 12h; left out: never
    #[arg(long, value_name = "TIME", value_parser = seconds)]
    expires: Option<i64>,
}

impl Create {
    pub(crate) async fn run(self, root: &Root) -> Result<(), Failure> {
        let installation = root.open().await?;
        let project = match &self.project {
            Some(name) => Some(installation.project_named(name).await?),
            None => None,
        };
        if let (Some(agent), Some(project)) = (&self.agent, &project) {
            installation.agent(project, agent).await?;
        }
        let now = installation.store.ledger().now().await?;
        let secret = Secret::generate().map_err(|error| Failure::Output(std::io::Error::other(error)))?;
        let new = NewToken {
            name: self.name.or_else(|| self.agent.clone()).unwrap_or_default(),
            access: self.access.unwrap_or(Access::Agent),
            hash: secret.hash(),
            project: project.map(|project| project.id),
            agent: self.agent.map(|agent| AgentTicket { agent: AgentId(agent), run: None, claim: None }),
            expires_at: self.expires.map(|seconds| now.plus_seconds(seconds)),
        };
        let token = workflow::create_token(&installation.context(), new).await?;
        let secret = secret.issued(token.access, token.id).to_string();
        root.output.note(&format!("token {} \"{}\" made; keep it now, it is not shown again:", token.id, token.name));
        let view = NewTokenView { token: token.into(), secret };
        root.output.show(&view, |view| view.secret.clone())
    }
}

fn access(word: &str) -> Result<Access, String> {
    match word.parse() {
        Ok(Access::Agent) => Err("an agent's token is made by --agent AGENT --project NAME".to_owned()),
        Ok(access) => Ok(access),
        Err(_) => Err("must be `viewer`, `editor` or `admin`".to_owned()),
    }
}

/// A time as days or hours, in seconds.
fn seconds(text: &str) -> Result<i64, String> {
    let most = 3_650 * DAY_S;
    let read = |number: &str, unit: i64| number.parse().ok().and_then(|number: i64| number.checked_mul(unit));
    let found = match (text.strip_suffix('d'), text.strip_suffix('h')) {
        (Some(days), _) => read(days, DAY_S),
        (_, Some(hours)) => read(hours, DAY_S / 24),
        _ => None,
    };
    let rule = "must be days or hours up to ten years, like `30d` or `12h`";
    found.filter(|seconds| (1..=most).contains(seconds)).ok_or_else(|| rule.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_days_or_hours() {
        for (text, found) in [("1h", Some(3_600)), ("30d", Some(2_592_000)), ("3650d", Some(315_360_000))] {
            assert_eq!(seconds(text).ok(), found, "{text}");
        }
        for bad in ["", "d", "0d", "-1d", "3651d", "1", "1m", "1.5h", "99999999999999999999d", "9223372036854775807d"] {
            assert!(seconds(bad).is_err(), "{bad}");
        }
    }
}
