//! One crew a project: the lease that keeps a second one out.

use serde_json::json;

use super::Context;
use crate::error::Refused;
use crate::event::EventKind;
use crate::ids::ProjectId;
use crate::project::CrewLease;

/// How long a crew's lease lives unless it is renewed, in seconds.
pub const CREW_TTL_S: i64 = 20;

/// Takes the project for `holder`, or renews what it holds. A lapsed lease, and one of a holder in `dead`, is free.
///
/// # Errors
/// `CrewHeld` while another crew's lease is live.
pub async fn join_crew(cx: &Context<'_>, id: ProjectId, holder: &str, dead: Option<&str>) -> Result<(), Refused> {
    let (mut unit, mut changes) = cx.begin(id).await?;
    let project = unit.standing(None).await?.project;
    let renews = match project.crew {
        Some(lease) if lease.holder == holder => true,
        Some(lease) if lease.expires > unit.now() && dead != Some(lease.holder.as_str()) => {
            return Err(Refused::CrewHeld { name: project.name, holder: lease.holder, expires: lease.expires });
        }
        Some(_) | None => false,
    };
    let lease = CrewLease { holder: holder.to_owned(), expires: unit.now().plus_seconds(CREW_TTL_S) };
    changes.crew(Some(lease), (!renews).then_some(EventKind::CrewStarted));
    Ok(unit.commit(changes).await?)
}

/// Leaves the project, when it is `holder`'s; `why` goes into the timeline.
///
/// # Errors
/// Only what the store refuses.
pub async fn leave_crew(cx: &Context<'_>, id: ProjectId, holder: &str, why: &str) -> Result<(), Refused> {
    let (mut unit, mut changes) = cx.begin(id).await?;
    if unit.standing(None).await?.project.crew.is_none_or(|lease| lease.holder != holder) {
        return Ok(());
    }
    changes.event(
        EventKind::CrewStopped,
        crate::event::Subject::Project(id),
        json!({ "holder": holder, "reason": why }),
    );
    changes.crew(None, None);
    Ok(unit.commit(changes).await?)
}
