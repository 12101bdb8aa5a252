//! What is done with tokens: make one, take one back.

use super::Context;
use crate::error::Refused;
use crate::event::{Actor, EventKind};
use crate::ids::{ProjectId, TokenId};
use crate::ports::Scope;
use crate::token::{NewToken, Token};

/// Makes a token; Autocoder itself makes those of its agents.
///
/// # Errors
/// An agent that asks; the fields that break a rule; a project that is gone.
pub async fn create_token(cx: &Context<'_>, new: NewToken) -> Result<Token, Refused> {
    must_not_be_agent(cx, "make a token")?;
    new.check()?;
    let mut unit = cx.store.begin(Scope::Installation).await?;
    let now = unit.now();
    if new.expires_at.is_some_and(|at| at <= now) {
        return Err(Refused::field("expires_at", format!("must be later than now, {now}")));
    }
    let mut changes = cx.changes(new.project.unwrap_or(ProjectId::INSTALLATION), now);
    let token = Token {
        id: TokenId(unit.new_ids(1).await?),
        name: new.name,
        access: new.access,
        hash: new.hash,
        project: new.project,
        agent: new.agent,
        created_at: now,
        expires_at: new.expires_at,
        revoked_at: None,
    };
    changes.token(token.clone(), EventKind::TokenCreated);
    unit.commit(changes).await?;
    Ok(token)
}

/// Takes a token back; one that was taken back already stays as it is.
///
/// # Errors
/// An agent that asks; a missing token.
pub async fn revoke_token(cx: &Context<'_>, id: TokenId) -> Result<Token, Refused> {
    must_not_be_agent(cx, "take a token back")?;
    let mut unit = cx.store.begin(Scope::Installation).await?;
    let mut token = unit.token(id).await?.ok_or_else(|| Refused::missing("token", id))?;
    if token.revoked_at.is_some() {
        return Ok(token);
    }
    let mut changes = cx.changes(token.project.unwrap_or(ProjectId::INSTALLATION), unit.now());
    token.revoked_at = Some(unit.now());
    changes.token(token.clone(), EventKind::TokenRevoked);
    unit.commit(changes).await?;
    Ok(token)
}

fn must_not_be_agent(cx: &Context<'_>, action: &'static str) -> Result<(), Refused> {
    match cx.actor {
        Actor::Person(_) | Actor::System => Ok(()),
        Actor::Agent(_) => cx.person(action),
    }
}
