//! Tells once a threshold and period that little is left of a limit: the events behind banners and webhooks.

use std::collections::BTreeMap;

use autocoder_core::budget::{BudgetMode, BudgetScope};
use autocoder_core::changes::Changes;
use autocoder_core::event::{Actor, EventKind, Subject};
use autocoder_core::ids::ProjectId;
use autocoder_core::ports::{Out, Scope, Store, UsageLedger};
use autocoder_core::project::ProjectStatus;
use autocoder_core::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::budgets::read_budget;
use crate::meter::{gauge_of, read_settings, unreadable};
use crate::settings::{TrackBy, UsageSettings};

/// How far above its threshold a limit without a reset must be before it is told again, in basis points.
const REARM_BP: u32 = 100;

/// How little is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Threshold {
    Warn,
    Low,
    Pause,
}

/// What was told of a limit in a period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Mark {
    start: Option<Timestamp>,
    amount: u64,
    told: Threshold,
}

type Marks = BTreeMap<String, Mark>;

/// A limit as it stands now.
#[derive(Clone, Debug)]
struct Reading {
    key: String,
    subject: Subject,
    amount: u64,
    /// The beginning of its period; none when it never resets at once.
    start: Option<Timestamp>,
    available_bp: u32,
    mode: BudgetMode,
    facts: Value,
}

/// Tells what is new about the limits of every active project, and about those above projects.
///
/// # Errors
/// Only what the store refuses.
pub async fn announce_all(store: &dyn Store) -> Out<()> {
    announce(store, ProjectId::INSTALLATION).await?;
    for project in store.queries().projects().await? {
        if project.status == ProjectStatus::Active {
            announce(store, project.id).await?;
        }
    }
    Ok(())
}

/// Tells what is new about the limits that a run of this project may have come close to.
///
/// # Errors
/// Only what the store refuses.
pub async fn announce_usage(store: &dyn Store, project: ProjectId) -> Out<()> {
    announce(store, ProjectId::INSTALLATION).await?;
    announce(store, project).await
}

/// What was told is kept in the transaction of its events, under the lock of the project, so that of several
/// processes only one tells it.
async fn announce(store: &dyn Store, project: ProjectId) -> Out<()> {
    let settings = read_settings(store.ledger()).await?;
    let readings = readings(store, &settings, project).await?;
    if due(&read_marks(store.ledger(), project).await?, &readings, &settings).1.is_empty() {
        return Ok(());
    }
    let scope = if project == ProjectId::INSTALLATION { Scope::Installation } else { Scope::Project(project) };
    let unit = store.begin(scope).await?;
    let (marks, news) = due(&read_marks(store.ledger(), project).await?, &readings, &settings);
    if news.is_empty() {
        return Ok(());
    }
    let mut changes = Changes::new(project, Actor::System, unit.now());
    for (reading, threshold) in news {
        let mut payload = reading.facts.clone();
        payload["threshold"] = json!(threshold);
        changes.event(kind(reading.mode, threshold), reading.subject.clone(), payload);
    }
    changes.setting(&key(project), json!(marks));
    unit.commit(changes).await
}

const fn kind(mode: BudgetMode, threshold: Threshold) -> EventKind {
    match (mode, threshold) {
        (BudgetMode::Enforce, Threshold::Pause) => EventKind::UsagePaused,
        _ => EventKind::UsageWarning,
    }
}

/// The marks from now on, and what has to be told. Of several thresholds passed at once only the last is told.
fn due<'a>(marks: &Marks, readings: &'a [Reading], settings: &UsageSettings) -> (Marks, Vec<(&'a Reading, Threshold)>) {
    let (mut after, mut news) = (Marks::new(), Vec::new());
    for reading in readings {
        let same = |mark: &&Mark| (mark.start, mark.amount) == (reading.start, reading.amount);
        let told = marks.get(&reading.key).filter(same).map(|mark| mark.told);
        let told = told.filter(|_| reading.start.is_some() || !is_rearmed(reading.available_bp, settings));
        let reached = threshold(reading.available_bp, settings);
        if let Some(threshold) = reached.filter(|_| reached > told) {
            news.push((reading, threshold));
        }
        if let Some(told) = reached.max(told) {
            after.insert(reading.key.clone(), Mark { start: reading.start, amount: reading.amount, told });
        }
    }
    (after, news)
}

fn threshold(available_bp: u32, settings: &UsageSettings) -> Option<Threshold> {
    let [critical_bp, low_bp, _] = settings.thresholds();
    if available_bp <= critical_bp {
        Some(Threshold::Pause)
    } else if available_bp <= low_bp {
        Some(Threshold::Low)
    } else {
        (available_bp <= settings.warn_bp()).then_some(Threshold::Warn)
    }
}

fn is_rearmed(available_bp: u32, settings: &UsageSettings) -> bool {
    let [_, low_bp, _] = settings.thresholds();
    available_bp > settings.warn_bp().max(low_bp) + REARM_BP
}

/// The limits that lie in the project, or above all projects.
async fn readings(store: &dyn Store, settings: &UsageSettings, project: ProjectId) -> Out<Vec<Reading>> {
    let above = project == ProjectId::INSTALLATION;
    let mut readings = Vec::new();
    if (settings.track_by == TrackBy::Global) == above
        && let Some(limit) = settings.monthly_limit
    {
        let gauge = gauge_of(store, settings, project, false).await?;
        readings.push(Reading {
            key: "limit".to_owned(),
            subject: Subject::Project(project),
            amount: limit,
            start: gauge.window.start,
            available_bp: gauge.available_bp.unwrap_or_default(),
            mode: BudgetMode::Enforce,
            facts: json!({
                "limit": limit,
                "used": gauge.used,
                "measure": gauge.measure,
                "available_percent": f64::from(gauge.available_bp.unwrap_or_default()) / 100.0,
                "resets_at": gauge.window.end,
            }),
        });
    }
    let ours = |scope: &BudgetScope| scope.project().unwrap_or(ProjectId::INSTALLATION) == project;
    let now = store.ledger().now().await?;
    for budget in store.accounting().budgets().await?.into_iter().filter(|budget| ours(&budget.scope)) {
        let gauge = read_budget(store, budget, now).await?;
        let (available_bp, budget) = (gauge.available_bp(), &gauge.budget);
        readings.push(Reading {
            key: format!("budget:{}", budget.id),
            subject: Subject::Budget(budget.id),
            amount: budget.amount,
            start: gauge.window.end.and(gauge.window.start),
            available_bp,
            mode: budget.mode,
            facts: json!({
                "budget_id": budget.id,
                "scope": budget.scope.kind(),
                "subject": budget.scope.subject(),
                "limit": budget.amount,
                "used": gauge.used,
                "measure": budget.measure,
                "available_percent": f64::from(available_bp) / 100.0,
                "resets_at": gauge.window.end,
            }),
        });
    }
    Ok(readings)
}

async fn read_marks(ledger: &dyn UsageLedger, project: ProjectId) -> Out<Marks> {
    let value = ledger.setting(&key(project)).await?;
    value.map_or(Ok(Marks::new()), |value| serde_json::from_value(value).map_err(|error| unreadable(&error)))
}

fn key(project: ProjectId) -> String {
    format!("usage_announced:{project}")
}

#[cfg(test)]
mod tests;
