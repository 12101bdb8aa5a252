//! The meter: what the ledger has counted, against the settings, as the level that the scheduler asks for.

use std::sync::Arc;

use async_trait::async_trait;
use autocoder_core::agent::RunnerKind;
use autocoder_core::ids::ProjectId;
use autocoder_core::ports::{Out, Store, StoreError, UsageLedger, UsageMeter};
use autocoder_core::scheduler::{BandThresholds, UsageLevel};
use autocoder_core::time::Timestamp;
use autocoder_core::usage_record::UsageSum;
use serde_json::json;

use crate::gauge::{Gauge, gauge, rehearsal_gauge};
use crate::settings::{TrackBy, UsageSettings};

/// Under which key the ledger keeps the settings.
const SETTINGS: &str = "usage";

/// Measures real work, or rehearsals, whose usage counts apart.
pub struct LedgerMeter {
    store: Arc<dyn Store>,
    runner: RunnerKind,
}

impl LedgerMeter {
    /// The meter for agents that `runner` drives.
    #[must_use]
    pub fn new(store: Arc<dyn Store>, runner: RunnerKind) -> Self {
        Self { store, runner }
    }
}

#[async_trait]
impl UsageMeter for LedgerMeter {
    async fn level(&self, project: ProjectId) -> Out<UsageLevel> {
        let ledger = self.store.ledger();
        let rehearsal = self.runner == RunnerKind::Rehearsal;
        let settings = read_settings(ledger).await?;
        let [critical_bp, low_bp, moderate_bp] = settings.thresholds();
        let limit = if rehearsal { settings.rehearsal_limit } else { settings.monthly_limit };
        // Without a limit there is nothing to add up.
        let gauge = match limit {
            Some(_) => Some(gauge_of(ledger, &settings, project, rehearsal).await?),
            None => None,
        };
        Ok(UsageLevel {
            available_bp: gauge.as_ref().and_then(|gauge| gauge.available_bp),
            thresholds: BandThresholds { critical_bp, low_bp, moderate_bp },
            resets_at: gauge.and_then(|gauge| gauge.window.end),
            blocked_until: provider_limit(ledger, self.runner).await?,
        })
    }
}

/// The settings in force.
///
/// # Errors
/// Only what the store refuses, or settings that do not read.
pub async fn read_settings(ledger: &dyn UsageLedger) -> Out<UsageSettings> {
    match ledger.setting(SETTINGS).await? {
        None => Ok(UsageSettings::default()),
        Some(value) => serde_json::from_value(value).map_err(|error| unreadable(&error)),
    }
}

/// Keeps settings that were validated.
///
/// # Errors
/// Only what the store refuses.
pub async fn write_settings(ledger: &dyn UsageLedger, settings: &UsageSettings) -> Out<()> {
    ledger.set_setting(SETTINGS, json!(settings)).await
}

/// What the project has used in the current period, against its limit.
///
/// # Errors
/// Only what the store refuses.
pub async fn read_gauge(ledger: &dyn UsageLedger, project: ProjectId, rehearsal: bool) -> Out<Gauge> {
    gauge_of(ledger, &read_settings(ledger).await?, project, rehearsal).await
}

async fn gauge_of(
    ledger: &dyn UsageLedger,
    settings: &UsageSettings,
    project: ProjectId,
    rehearsal: bool,
) -> Out<Gauge> {
    let now = ledger.now().await?;
    let window = settings.period().window(now).map_err(|error| unreadable(&error))?;
    let project = (settings.track_by == TrackBy::Project).then_some(project);
    let sum = UsageSum { project, from: window.start, until: window.end, rehearsal, ..UsageSum::default() };
    let used = settings.measure.of(&ledger.used(&sum).await?);
    let read = if rehearsal { rehearsal_gauge } else { gauge };
    read(settings, used, now).map_err(|error| unreadable(&error))
}

/// Until when the provider behind `runner` refuses, by its own word.
///
/// # Errors
/// Only what the store refuses.
pub async fn provider_limit(ledger: &dyn UsageLedger, runner: RunnerKind) -> Out<Option<Timestamp>> {
    let value = ledger.setting(&limit_key(runner)).await?;
    Ok(value.and_then(|value| serde_json::from_value(value).ok()))
}

/// Notes that the provider behind `runner` refuses until then.
///
/// # Errors
/// Only what the store refuses.
pub async fn note_provider_limit(ledger: &dyn UsageLedger, runner: RunnerKind, until: Timestamp) -> Out<()> {
    ledger.set_setting(&limit_key(runner), json!(until)).await
}

fn limit_key(runner: RunnerKind) -> String {
    format!("provider_limit.{runner}")
}

fn unreadable(error: &dyn std::fmt::Display) -> StoreError {
    StoreError::Failed { step: "reading the usage settings", detail: error.to_string() }
}
