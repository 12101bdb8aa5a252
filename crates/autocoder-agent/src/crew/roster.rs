//! Who belongs to a crew: a list for `run`, or what the store says from moment to moment for a server.

use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use autocoder_core::agent::{Agent, AgentOptions, Isolation, Role, RunnerKind, Wanted};
use autocoder_core::error::Refused;
use autocoder_core::event::Actor;
use autocoder_core::ids::{AgentId, ProjectId};
use autocoder_core::ports::{Store, UsageMeter};
use autocoder_core::workflow::{AgentPatch, Context, edit_agent, register_agent};

use crate::runner::AgentRunner;

/// One agent of a crew.
#[derive(Clone)]
pub struct Member {
    /// Its name.
    pub id: AgentId,
    /// What it is for.
    pub role: Role,
    /// Drives it.
    pub runner: Arc<dyn AgentRunner>,
    /// The model it asks for.
    pub model: Option<String>,
    /// How much it may still use.
    pub usage: Arc<dyn UsageMeter>,
    /// The program of its runner, when the user's configuration names one.
    pub program: Option<PathBuf>,
    /// How far its process is kept from the machine; none: as the project says.
    pub isolation: Option<Isolation>,
}

impl Member {
    /// What drives it.
    #[must_use]
    pub fn kind(&self) -> RunnerKind {
        self.runner.kind()
    }

    /// Whether it writes files: two of these in one folder would mix up their work. Roles without tasks only read.
    #[must_use]
    pub fn writes(&self) -> bool {
        self.role == Role::Coder && self.kind() != RunnerKind::Rehearsal
    }

    pub(super) fn context<'a>(&'a self, store: &'a dyn Store, actor: &'a Actor) -> Context<'a> {
        Context { store, usage: &*self.usage, actor, request: None }
    }
}

/// Says who belongs to a crew.
#[async_trait]
pub trait Roster: Send + Sync {
    /// The members among the stored `agents`; asked again whenever an agent or the project changed.
    fn members(&self, agents: &[Agent]) -> Vec<Member>;

    /// Prepares the store when the crew begins.
    ///
    /// # Errors
    /// What the store refuses.
    async fn enlist(&self, cx: &Context<'_>, project: ProjectId) -> Result<(), Refused> {
        let _ = (cx, project);
        Ok(())
    }

    /// Tidies the store up when the crew has ended.
    ///
    /// # Errors
    /// What the store refuses.
    async fn discharge(&self, cx: &Context<'_>, project: ProjectId) -> Result<(), Refused> {
        let _ = (cx, project);
        Ok(())
    }
}

/// Always the same members, whatever is wanted of them: those of `autocoder run`.
pub struct FixedRoster {
    members: Vec<Member>,
    options: AgentOptions,
}

impl FixedRoster {
    /// A roster of these, with what drives them as a server would have to know it.
    #[must_use]
    pub const fn new(members: Vec<Member>, options: AgentOptions) -> Self {
        Self { members, options }
    }

    /// Its members.
    #[must_use]
    pub fn all(&self) -> &[Member] {
        &self.members
    }

    async fn wanted(&self, cx: &Context<'_>, project: ProjectId) -> Result<Vec<(&Member, Option<Wanted>)>, Refused> {
        let known = cx.store.queries().agents(project).await?;
        let wanted = |id: &AgentId| known.iter().find(|agent| agent.id == *id).map(|agent| agent.wanted);
        Ok(self.members.iter().map(|member| (member, wanted(&member.id))).collect())
    }
}

#[async_trait]
impl Roster for FixedRoster {
    fn members(&self, _: &[Agent]) -> Vec<Member> {
        self.members.clone()
    }

    /// Registers new members and takes stopped ones on again; a paused one stays so. Only a person's wish carries the
    /// options along: they may hold a command.
    async fn enlist(&self, cx: &Context<'_>, project: ProjectId) -> Result<(), Refused> {
        for (member, wanted) in self.wanted(cx, project).await? {
            let patch = AgentPatch {
                role: Some(member.role),
                runner: Some(member.kind()),
                model: member.model.clone(),
                options: cx.actor.is_person().then(|| self.options.clone()),
                wanted: Some(wanted.filter(|wanted| *wanted == Wanted::Paused).unwrap_or(Wanted::Running)),
            };
            register_agent(cx, project, &member.id, patch).await?;
        }
        Ok(())
    }

    /// Nobody wants them running any more, so that no server goes on with what a person ended.
    async fn discharge(&self, cx: &Context<'_>, project: ProjectId) -> Result<(), Refused> {
        for (member, wanted) in self.wanted(cx, project).await? {
            if wanted == Some(Wanted::Running) {
                let patch = AgentPatch { wanted: Some(Wanted::Stopped), ..AgentPatch::default() };
                edit_agent(cx, project, &member.id, patch).await?;
            }
        }
        Ok(())
    }
}
