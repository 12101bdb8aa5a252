//! Which errand of a role is due: a turn about a spec, the plan of a new project, a regression test, a review.

use super::Context;
use crate::agent::Role;
use crate::errand::Errand;
use crate::error::Refused;
use crate::feature::FeatureStatus;
use crate::ids::{AgentId, ProjectId};
use crate::note::NoteKind;
use crate::phase::{Phase, PhaseStatus};
use crate::scheduler::{self, Advice, Band, Idle, IdleReason, Standing};
use crate::spec::awaits_turn;
use crate::usage_record::UsageSum;

/// What asking for an errand gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Errands {
    /// One that is due.
    Due(Errand),
    /// None, and why.
    None(Box<Idle>),
}

/// The next errand for an agent of a role that holds no tasks, none of those in `taken`. Nothing is written: whoever
/// drives the project gives each errand out once.
///
/// # Errors
/// Only what the store refuses.
pub async fn next_errand(
    cx: &Context<'_>,
    project: ProjectId,
    (agent, role): (&AgentId, Role),
    taken: &[Errand],
) -> Result<Errands, Refused> {
    let level = cx.usage.level_for(project, agent).await?;
    let (standing, now) = {
        let (mut unit, _) = cx.begin(project).await?;
        (unit.standing(Some(agent)).await?, unit.now())
    };
    let band = match scheduler::admit_errand(&standing, &level, now) {
        Ok(band) => band,
        Err(idle) => return Ok(Errands::None(Box::new(idle))),
    };
    let due = match role {
        Role::SpecWriter => spec_turn(cx, project, taken).await?,
        Role::Planner => plan(cx, &standing).await?,
        Role::Tester => test(cx, &standing, agent, band).await?,
        Role::Reviewer => review(cx, &standing).await?,
        Role::Coder => None,
    };
    let due = due.filter(|errand| !taken.contains(errand));
    Ok(due.map_or_else(|| Errands::None(Box::new(Idle::plain(IdleReason::ScopeEmpty, Advice::Stop))), Errands::Due))
}

/// The feature whose spec was asked for first, among those where a spec writer has to say something.
async fn spec_turn(cx: &Context<'_>, project: ProjectId, taken: &[Errand]) -> Result<Option<Errand>, Refused> {
    let queries = cx.store.queries();
    let mut asked = queries.features(project, None).await?;
    asked.retain(|feature| {
        feature.spec_requested_at.is_some()
            && matches!(feature.status, FeatureStatus::Pending | FeatureStatus::Speccing)
            && !taken.iter().any(|errand| errand.feature() == Some(feature.id))
    });
    if asked.is_empty() {
        return Ok(None);
    }
    asked.sort_by_key(|feature| (feature.spec_requested_at, feature.id));
    let phases = queries.phases(project).await?;
    for feature in asked {
        let phase = phases.iter().find(|phase| phase.id == feature.phase_id);
        let open = phase.is_some_and(|phase| matches!(phase.status, PhaseStatus::Pending | PhaseStatus::InProgress));
        if open && awaits_turn(feature.spec_requested_at, &queries.spec_messages(project, feature.id).await?) {
            return Ok(Some(Errand::Spec { phase: feature.phase_id, feature: feature.id }));
        }
    }
    Ok(None)
}

async fn plan(cx: &Context<'_>, standing: &Standing) -> Result<Option<Errand>, Refused> {
    let has_spec = standing.project.spec.as_deref().is_some_and(|spec| !spec.trim().is_empty());
    if !has_spec {
        return Ok(None);
    }
    let is_empty = cx.store.queries().features(standing.project.id, None).await?.is_empty();
    Ok(is_empty.then_some(Errand::Plan))
}

/// Something passes, no budget runs low, and testers have taken no more than their share.
async fn test(cx: &Context<'_>, standing: &Standing, agent: &AgentId, band: Band) -> Result<Option<Errand>, Refused> {
    let Some(phase) = standing.active.as_ref().filter(|phase| phase.status == PhaseStatus::InProgress) else {
        return Ok(None);
    };
    let percent = u64::from(standing.project.settings.regression_percent);
    if percent == 0 || !matches!(band, Band::Normal | Band::Moderate) {
        return Ok(None);
    }
    let project = standing.project.id;
    if cx.store.queries().least_verified(project, 1).await?.is_empty() {
        return Ok(None);
    }
    let rehearsal = standing.agent.as_ref().is_some_and(|agent| agent.runner == crate::agent::RunnerKind::Rehearsal);
    let all = UsageSum { project: Some(project), rehearsal, ..UsageSum::default() };
    let own = UsageSum { agent: Some(agent.clone()), ..all.clone() };
    let ledger = cx.store.ledger();
    let (all, own) = (ledger.used(&all).await?.all(), ledger.used(&own).await?.all());
    Ok((own.saturating_mul(100) < all.saturating_mul(percent)).then_some(Errand::Test { phase: phase.id }))
}

/// A phase at its gate without a report since it came there, as far as the last decision tells.
async fn review(cx: &Context<'_>, standing: &Standing) -> Result<Option<Errand>, Refused> {
    let at_gate = |phase: &&Phase| phase.status == PhaseStatus::AwaitingApproval;
    let Some(phase) = standing.active.as_ref().filter(at_gate) else { return Ok(None) };
    let notes = cx.store.queries().notes(standing.project.id, Some(phase.id)).await?;
    let since = phase.decision.as_ref().map(|decision| decision.at);
    let reported = notes.iter().any(|note| note.kind == NoteKind::Report && since.is_none_or(|at| note.at > at));
    Ok((!reported).then_some(Errand::Review { phase: phase.id }))
}
