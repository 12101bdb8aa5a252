//! Which projects want a crew of a server: a pure function of what is stored.

use autocoder_core::agent::{Agent, Wanted};
use autocoder_core::project::ProjectStatus;

/// Whether a server drives a project: it is active, and an agent that we start processes for is wanted running.
#[must_use]
pub fn is_wanted(status: ProjectStatus, agents: &[Agent]) -> bool {
    status == ProjectStatus::Active && agents.iter().any(|agent| agent.is_driven() && agent.wanted == Wanted::Running)
}

#[cfg(test)]
mod tests {
    use autocoder_core::agent::{Role, RunnerKind};
    use autocoder_core::ids::{AgentId, ProjectId};
    use autocoder_core::time::Timestamp;

    use super::*;

    #[test]
    fn a_project_is_driven_while_it_is_active_and_somebody_is_wanted() {
        use ProjectStatus::{Active, Archived, Completed, Paused};
        use RunnerKind::{ClaudeCode, Command, External, Rehearsal};
        use Wanted::{Running, Stopped};
        let coder = |runner, wanted| (Role::Coder, runner, wanted);
        for (status, agents, wanted) in [
            (Active, vec![], false),
            (Active, vec![coder(Rehearsal, Running)], true),
            (Active, vec![coder(Command, Stopped), coder(ClaudeCode, Running)], true),
            (Active, vec![coder(ClaudeCode, Wanted::Paused), coder(Rehearsal, Stopped)], false),
            (Active, vec![coder(External, Running)], false),
            (Active, vec![(Role::Reviewer, ClaudeCode, Running)], true),
            (Active, vec![(Role::SpecWriter, External, Running)], false),
            (Paused, vec![coder(ClaudeCode, Running)], false),
            (Completed, vec![coder(ClaudeCode, Running)], false),
            (Archived, vec![coder(ClaudeCode, Running)], false),
        ] {
            let unknown = Agent::unknown(ProjectId(1), AgentId("a".into()), Timestamp(0));
            let agents =
                agents.into_iter().map(|(role, runner, wanted)| Agent { role, runner, wanted, ..unknown.clone() });
            let agents: Vec<Agent> = agents.collect();
            assert_eq!(is_wanted(status, &agents), wanted, "{status} {agents:?}");
        }
    }
}
