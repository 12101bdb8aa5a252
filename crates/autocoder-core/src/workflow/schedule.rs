//! Schedules: the windows in which a project's agents get new tasks, made, edited and deleted by people.

use super::Context;
use crate::changes::{Changes, Row};
use crate::error::Refused;
use crate::event::EventKind;
use crate::ids::{ProjectId, ScheduleId};
use crate::ports::UnitOfWork;
use crate::schedule::{NewSchedule, Schedule, SchedulePatch};

/// Makes a schedule.
///
/// # Errors
/// Fields that break a rule.
pub async fn add_schedule(cx: &Context<'_>, project: ProjectId, new: NewSchedule) -> Result<Schedule, Refused> {
    cx.person("change schedules")?;
    let (mut unit, mut changes) = cx.begin(project).await?;
    let id = ScheduleId(unit.new_ids(1).await?);
    let schedule = new.make((id, project, unit.now()), |zone| cx.usage.knows_zone(zone))?;
    changes.schedule(Row::New(schedule.clone()), EventKind::ScheduleCreated);
    unit.commit(changes).await?;
    Ok(schedule)
}

/// Changes what the patch names.
///
/// # Errors
/// A missing schedule, or fields that break a rule.
pub async fn edit_schedule(
    cx: &Context<'_>,
    project: ProjectId,
    id: ScheduleId,
    patch: SchedulePatch,
) -> Result<Schedule, Refused> {
    cx.person("change schedules")?;
    let (unit, mut changes, before) = load(cx, project, id).await?;
    let version = before.version + 1;
    let after = patch.apply(before, |zone| cx.usage.knows_zone(zone))?;
    changes.schedule(Row::Changed(after.clone()), EventKind::ScheduleUpdated);
    unit.commit(changes).await?;
    Ok(Schedule { version, ..after })
}

/// Deletes a schedule.
///
/// # Errors
/// A missing schedule.
pub async fn delete_schedule(cx: &Context<'_>, project: ProjectId, id: ScheduleId) -> Result<(), Refused> {
    cx.person("change schedules")?;
    let (unit, mut changes, schedule) = load(cx, project, id).await?;
    changes.delete_schedule(&schedule);
    Ok(unit.commit(changes).await?)
}

async fn load(
    cx: &Context<'_>,
    project: ProjectId,
    id: ScheduleId,
) -> Result<(Box<dyn UnitOfWork>, Changes, Schedule), Refused> {
    let (unit, changes) = cx.begin(project).await?;
    let schedules = cx.store.accounting().schedules(project).await?;
    let found = schedules.into_iter().find(|schedule| schedule.id == id);
    Ok((unit, changes, found.ok_or_else(|| Refused::missing("schedule", id))?))
}
