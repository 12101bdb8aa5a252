//! How a spec comes about: it is asked for, written, talked about, or given up.

use super::feature::{find, with_phase};
use super::{Context, must_be_open};
use crate::changes::Row;
use crate::error::Refused;
use crate::event::EventKind;
use crate::feature::{Feature, FeatureAction, FeatureStatus};
use crate::ids::{FeatureId, MessageId, ProjectId};
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

/// A spec writer begins with a feature.
///
/// # Errors
/// A missing feature, one that is not pending, or a phase that is closed or at its gate.
pub async fn start_spec(cx: &Context<'_>, project: ProjectId, id: FeatureId) -> Result<Feature, Refused> {
    let (mut unit, mut changes) = cx.begin(project).await?;
    let (phase, mut feature) = with_phase(&mut *unit, id).await?;
    must_be_open(&phase)?;
    feature.status = feature.status.apply(FeatureAction::StartSpec)?;
    let feature = changes.feature(Row::Changed(feature), EventKind::FeatureUpdated);
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
    let (id, at, author) = (MessageId(unit.new_ids(1).await?), changes.now(), cx.actor.to_string());
    let message = SpecMessage { id, feature, at, author, text: text.to_owned() };
    changes.message(message.clone());
    unit.commit(changes).await?;
    Ok(message)
}
