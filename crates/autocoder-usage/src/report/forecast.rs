//! When the limit of a project is reached, and when its plan is finished.

mod plan;

use autocoder_core::ids::ProjectId;
use autocoder_core::ports::{Out, Store};
use autocoder_core::time::Timestamp;
use autocoder_core::usage_record::{UsageGroup, UsageSum};
use autocoder_core::view::ProjectView;

use super::DAY_S;
use crate::forecast::{BurnRate, Confidence, DAYS, Eta, burn_rate};
use crate::meter::{gauge_of, read_settings, unreadable};
use crate::period::last_days;
use crate::settings::{Measure, TrackBy};
use crate::view::ForecastView;
use plan::plan_forecast;

/// What happens to `project` when things go on as in the last days, and what the budget will finish of its plan.
///
/// # Errors
/// Only what the store refuses.
pub async fn project_forecast(store: &dyn Store, project: &ProjectView) -> Out<ForecastView> {
    let plan = plan_forecast(store, project).await?;
    Ok(ForecastView { plan, ..limit_forecast(store, project).await? })
}

/// The same without playing the plan, which takes long for a large one.
///
/// # Errors
/// Only what the store refuses.
pub async fn limit_forecast(store: &dyn Store, project: &ProjectView) -> Out<ForecastView> {
    let (ledger, now) = (store.ledger(), store.ledger().now().await?);
    let settings = read_settings(ledger).await?;
    let gauge = gauge_of(store, &settings, project.id, false).await?;
    let counted = (settings.track_by == TrackBy::Project).then_some(project.id);
    let rate = burn_rate(&daily(store, counted, settings.measure, &settings.time_zone).await?);
    let eta = rate.as_ref().zip(gauge.available).map(|(rate, left)| rate.eta(left));
    let days_to_reset = gauge.window.end.map(|end| days_between(now, end));
    let days = (days_between(project.created_at, now)).clamp(1.0, DAYS as f64);
    let since = now.plus_seconds(-(DAYS as i64) * DAY_S);
    let tasks_finished = store.accounting().finished_tasks(project.id, since).await?;
    let tasks_open = u64::try_from(project.task_count - project.tasks_completed).unwrap_or(0);
    let tasks_per_day = tasks_finished as f64 / days;
    let days_until_done = (tasks_open == 0 || tasks_finished > 0)
        .then(|| if tasks_open == 0 { 0.0 } else { tasks_open as f64 / tasks_per_day });
    Ok(ForecastView {
        project_name: project.name.clone(),
        as_of: now,
        measure: settings.measure,
        limit: gauge.limit,
        used: gauge.used,
        remaining: gauge.available,
        resets_at: gauge.window.end,
        days_counted: rate.map_or(0, |rate| rate.days as u64),
        average_daily_tokens: rate.map_or(0, |rate| rate.daily.round() as u64),
        confidence: rate.as_ref().map_or(Confidence::None, BurnRate::confidence),
        days_until_limit: eta.map(|eta| eta.days),
        days_until_limit_earliest: eta.map(|eta| eta.earliest),
        days_until_limit_latest: eta.and_then(|eta| eta.latest),
        limit_reached_at: eta.and_then(|eta| after(now, eta.days)),
        will_exceed: eta.as_ref().zip(days_to_reset).map(|(eta, days): (&Eta, f64)| eta.exceeds(days)),
        tasks_open,
        tasks_finished,
        tasks_per_day,
        days_until_done,
        done_at: days_until_done.and_then(|days| after(now, days)),
        plan: None,
    })
}

/// What was used on each of the last complete days before today, not before the first use, the oldest first.
pub(super) async fn daily(
    store: &dyn Store,
    project: Option<ProjectId>,
    measure: Measure,
    time_zone: &str,
) -> Out<Vec<u64>> {
    let now = store.ledger().now().await?;
    let days = last_days(now, DAYS as u32 + 1, time_zone).map_err(|error| unreadable(&error))?;
    let mut used = vec![0_u64; DAYS];
    let slices = store.accounting().slices(&days.question(project, UsageGroup::Day)).await?;
    for slice in slices.into_iter().filter(|slice| !slice.rehearsal) {
        let place = slice.key.and_then(|key| usize::try_from(key).ok());
        // The place behind the last one is today.
        if let Some(used) = place.and_then(|place| used.get_mut(place)) {
            *used = used.saturating_add(measure.of(&slice.tokens, slice.cost_nusd));
        }
    }
    let earlier = UsageSum { project, until: days.starts.first().copied(), ..UsageSum::default() };
    if store.ledger().used(&earlier).await?.all() > 0 {
        return Ok(used);
    }
    Ok(used.into_iter().skip_while(|used| *used == 0).collect())
}

fn days_between(from: Timestamp, until: Timestamp) -> f64 {
    until.seconds_since(from) as f64 / DAY_S as f64
}

/// The instant so many days later; none beyond a hundred years.
fn after(now: Timestamp, days: f64) -> Option<Timestamp> {
    (days < 36_500.0).then(|| now.plus_seconds((days * DAY_S as f64).round() as i64))
}
