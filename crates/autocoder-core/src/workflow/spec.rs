//! How a spec comes about: it is asked for, written, talked about, or given up.

use serde_json::json;

use super::feature::{find, with_phase};
use super::{Context, must_be_open};
use crate::changes::{Changes, Row};
use crate::error::Refused;
use crate::event::{EventKind, Subject};
use crate::feature::{Feature, FeatureAction, FeatureStatus};
use crate::ids::{FeatureId, MessageId, ProjectId};
use crate::ports::UnitOfWork;
use crate::spec::{SpecMessage, check_message};

/// Asks for the spec of a feature (again): it waits in the inbox until a spec writer is started.
///
/// # Errors
/// A missing feature, one that has tasks already, or a phase that is closed or at its gate.
pub async fn request_spec(cx: &Context<'_>, project: ProjectId, id: FeatureId) -> Result<Feature, Refused> {
    let (mut unit, mut changes) = cx.begin(project).await?;
    let (phase, mut feature) = with_phase(&mut *unit, id).await?;
    must_be_open(&phase)?;
    if feature.status != FeatureStatus::Speccing {
        feature.status.apply(FeatureAction::StartSpec)?;
    }
    feature.spec_requested_at = Some(changes.now());
    let feature = changes.feature(Row::Changed(feature), EventKind::SpecRequested);
    unit.commit(changes).await?;
    Ok(feature)
}

/// A spec writer begins a turn; the first one makes a pending feature one that is being specified.
///
/// # Errors
/// A missing feature, one that has tasks already, or a phase that is closed or at its gate.
pub async fn start_spec(cx: &Context<'_>, project: ProjectId, id: FeatureId) -> Result<Feature, Refused> {
    let (mut unit, mut changes) = cx.begin(project).await?;
    let (phase, mut feature) = with_phase(&mut *unit, id).await?;
    must_be_open(&phase)?;
    if feature.status == FeatureStatus::Speccing {
        changes.event(EventKind::SpecStarted, Subject::Feature(id), json!({ "name": feature.name }));
        unit.commit(changes).await?;
        return Ok(feature);
    }
    feature.status = feature.status.apply(FeatureAction::StartSpec)?;
    let feature = changes.feature(Row::Changed(feature), EventKind::SpecStarted);
    unit.commit(changes).await?;
    Ok(feature)
}

/// Takes the request for a spec back; a feature whose spec is being written is pending again.
///
/// # Errors
/// A missing feature, or one whose spec nobody asked for.
pub async fn stop_spec(cx: &Context<'_>, project: ProjectId, id: FeatureId) -> Result<Feature, Refused> {
    let (mut unit, mut changes) = cx.begin(project).await?;
    let mut feature = find(&mut *unit, id).await?;
    if feature.status != FeatureStatus::Pending || feature.spec_requested_at.is_none() {
        feature.status = feature.status.apply(FeatureAction::CancelSpec)?;
    }
    feature.spec_requested_at = None;
    let feature = changes.feature(Row::Changed(feature), EventKind::SpecStopped);
    unit.commit(changes).await?;
    Ok(feature)
}

/// Adds a message to the conversation about a feature's spec.
///
/// # Errors
/// A blank or too long text, or a missing feature.
pub async fn add_spec_message(
    cx: &Context<'_>,
    project: ProjectId,
    id: FeatureId,
    text: &str,
) -> Result<SpecMessage, Refused> {
    check_message(text)?;
    let (mut unit, mut changes) = cx.begin(project).await?;
    let feature = find(&mut *unit, id).await?.id;
    let message = fresh_message(&mut *unit, &changes, cx, (feature, text.to_owned())).await?;
    changes.message(message.clone());
    unit.commit(changes).await?;
    Ok(message)
}

/// A spec writer's turn is over, perhaps with some last words: it waits for a person now.
///
/// # Errors
/// A blank or too long text, or a missing feature.
pub async fn end_spec_turn(
    cx: &Context<'_>,
    project: ProjectId,
    id: FeatureId,
    words: Option<&str>,
) -> Result<(), Refused> {
    words.map_or(Ok(()), check_message)?;
    let (mut unit, mut changes) = cx.begin(project).await?;
    let feature = find(&mut *unit, id).await?;
    if let Some(words) = words {
        let message = fresh_message(&mut *unit, &changes, cx, (id, words.to_owned())).await?;
        changes.message(message);
    }
    changes.event(EventKind::SpecEnded, Subject::Feature(id), json!({ "name": feature.name }));
    Ok(unit.commit(changes).await?)
}

async fn fresh_message(
    unit: &mut dyn UnitOfWork,
    changes: &Changes,
    cx: &Context<'_>,
    (feature, text): (FeatureId, String),
) -> Result<SpecMessage, Refused> {
    let (id, at, author) = (MessageId(unit.new_ids(1).await?), changes.now(), cx.actor.to_string());
    Ok(SpecMessage { id, feature, at, author, text })
}
