//! A run beside a live server: the server's crew does the work, this process follows it to the same end.

use std::time::Duration;

use autocoder_agent::crew::{Ending, FixedRoster, Progress, Roster};
use autocoder_core::agent::{Agent, AgentStatus, Role, Wanted};
use autocoder_core::error::Refused;
use autocoder_core::ids::EventId;
use autocoder_core::run::RunOutcome;
use autocoder_core::scheduler::{Idle, IdleReason};
use autocoder_core::view::ProjectView;
use autocoder_core::workflow::{self, Claiming, Context, Errands};
use tokio::sync::watch;
use tokio::time::sleep;

use crate::installation::Installation;

/// How often the feed is read.
const TICK: Duration = Duration::from_millis(200);
/// Events read at a time.
const EVENTS_AT_ONCE: u64 = 500;
/// How long the server may take to stop the agents: its own graces and a reserve.
const STOP_TICKS: u32 = 75;

/// Work that was handed to a server.
pub(super) struct HandedOver<'a> {
    pub(super) installation: &'a Installation,
    pub(super) project: &'a ProjectView,
    pub(super) roster: &'a FixedRoster,
    pub(super) wait: bool,
}

impl HandedOver<'_> {
    /// Wants the agents running, tells what happens, and ends as a run of its own would.
    ///
    /// # Errors
    /// What the store refuses.
    pub(super) async fn follow(
        &self,
        stop: watch::Receiver<bool>,
        tell: &mut (dyn FnMut(Progress) + Send),
    ) -> Result<Ending, Refused> {
        let cx = self.installation.context();
        let mut cursor = cx.store.feed().newest().await?;
        self.roster.enlist(&cx, self.project.id).await?;
        let ended = self.to_the_end(&mut cursor, &stop, tell).await;
        self.roster.discharge(&cx, self.project.id).await?;
        for _ in 0..STOP_TICKS {
            if !self.agents().await?.iter().any(|agent| agent.status == AgentStatus::Working) {
                break;
            }
            sleep(TICK).await;
        }
        self.narrate(&mut cursor, tell).await?;
        ended
    }

    async fn to_the_end(
        &self,
        cursor: &mut EventId,
        stop: &watch::Receiver<bool>,
        tell: &mut (dyn FnMut(Progress) + Send),
    ) -> Result<Ending, Refused> {
        let mut announced = None;
        loop {
            self.narrate(cursor, tell).await?;
            if *stop.borrow() {
                return Ok(Ending::Stopped);
            }
            let agents = self.agents().await?;
            if let Some(ending) = halted(&agents) {
                return Ok(ending);
            }
            if !agents.iter().any(|agent| agent.status == AgentStatus::Working)
                && let Some(idle) = self.idle().await?
            {
                if idle.waits_for_person() && !self.wait {
                    self.narrate(cursor, tell).await?;
                    return Ok(Ending::Idle(idle));
                }
                // The server takes the first task in a moment.
                if idle.reason != IdleReason::AllClaimed && announced.replace(idle.reason) != Some(idle.reason) {
                    tell(Progress::Waiting(idle));
                }
            }
            sleep(TICK).await;
        }
    }

    async fn narrate(&self, cursor: &mut EventId, tell: &mut (dyn FnMut(Progress) + Send)) -> Result<(), Refused> {
        let feed = self.installation.store.feed();
        for event in feed.after(*cursor, Some(self.project.id), EVENTS_AT_ONCE).await? {
            *cursor = event.id;
            tell(Progress::Event(event));
        }
        Ok(())
    }

    /// The agents of this run, as they are stored.
    async fn agents(&self) -> Result<Vec<Agent>, Refused> {
        let mut agents = self.installation.queries().agents(self.project.id).await?;
        agents.retain(|agent| self.roster.all().iter().any(|member| member.id == agent.id));
        Ok(agents)
    }

    /// Why none of the agents has work; one that can wait for something decides over one that cannot.
    async fn idle(&self) -> Result<Option<Idle>, Refused> {
        let mut found: Option<Idle> = None;
        for member in self.roster.all() {
            let cx = Context { usage: &*member.usage, ..self.installation.context() };
            if member.role != Role::Coder {
                let asks = (&member.id, member.role);
                match workflow::next_errand(&cx, self.project.id, asks, &[]).await? {
                    Errands::Due(_) => return Ok(None),
                    Errands::None(idle) => found = Some(*idle),
                }
                continue;
            }
            match workflow::peek_task(&cx, self.project.id, &member.id).await? {
                Claiming::Task(_) => return Ok(None),
                Claiming::None(idle) => found = Some(found.filter(|known| !known.waits_for_person()).unwrap_or(*idle)),
            }
        }
        Ok(found)
    }
}

/// The server stopped an agent that cannot work as set up.
fn halted(agents: &[Agent]) -> Option<Ending> {
    let crashed = |agent: &&Agent| agent.status == AgentStatus::Crashed && agent.wanted == Wanted::Stopped;
    let detail = agents.iter().find(crashed)?.detail.clone();
    Some(Ending::Halted { outcome: RunOutcome::Misconfigured, detail })
}

#[cfg(test)]
mod tests {
    use autocoder_core::ids::{AgentId, ProjectId};
    use autocoder_core::time::Timestamp;

    use super::*;

    #[test]
    fn an_agent_that_the_server_stopped_ends_the_run() {
        let unknown = Agent::unknown(ProjectId(1), AgentId("coder-1".into()), Timestamp(0));
        for (status, wanted, ends) in [
            (AgentStatus::Crashed, Wanted::Stopped, true),
            (AgentStatus::Crashed, Wanted::Running, false),
            (AgentStatus::Stopped, Wanted::Stopped, false),
        ] {
            let agents = [Agent { status, wanted, detail: "no login".into(), ..unknown.clone() }];
            assert_eq!(halted(&agents).is_some(), ends, "{status} {wanted}");
        }
    }
}
