//! What a provider says of its own limits: until when it refuses, and how full its windows are. Never guessed.

use autocoder_core::agent::RunnerKind;
use autocoder_core::ports::{Out, UsageLedger};
use autocoder_core::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::meter::unreadable;

/// How long others wait for the one that tries whether the provider answers again, in seconds.
const PROBE_S: i64 = 120;
/// Added to the reset that a provider names, in seconds: its clock is not ours.
const RESET_MARGIN_S: i64 = 90;
/// How long an overloaded provider is left alone, in seconds.
const OVERLOADED_S: i64 = 120;
/// How long a provider that names no reset is left alone at first, in seconds; doubled each time, up to an hour.
const UNKNOWN_RESET_S: i64 = 300;
const LONGEST_UNKNOWN_S: i64 = 3_600;
/// A window seen longer ago is not believed any more, in seconds.
const STALE_S: i64 = 6 * 3_600;

/// A provider that refused. Kept until it answered again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// Until when it is left alone.
    pub until: Timestamp,
    /// How often it has refused in a row.
    pub times: u32,
    /// When a run began that tries whether it answers again.
    pub probed_at: Option<Timestamp>,
}

/// Why a provider refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// A limit is reached, until the reset that it named.
    Limit(Option<Timestamp>),
    /// It has too much to do.
    Overload,
}

impl Refusal {
    /// The refusal after `before` in a row.
    #[must_use]
    pub fn after(before: Option<Self>, cause: Cause, now: Timestamp) -> Self {
        let times = before.map_or(0, |before| before.times).saturating_add(1);
        let until = match cause {
            Cause::Limit(Some(at)) if at > now => at.plus_seconds(RESET_MARGIN_S),
            Cause::Limit(_) => {
                let doubled = UNKNOWN_RESET_S.saturating_mul(1 << (times - 1).min(10));
                now.plus_seconds(doubled.min(LONGEST_UNKNOWN_S))
            }
            Cause::Overload => now.plus_seconds(OVERLOADED_S),
        };
        Self { until, times, probed_at: None }
    }

    /// Until when nobody else may start: the named time, and then as long as one run tries.
    #[must_use]
    pub fn blocks_until(&self, now: Timestamp) -> Option<Timestamp> {
        let tried = self.probed_at.map(|at| at.plus_seconds(PROBE_S));
        [Some(self.until), tried].into_iter().flatten().max().filter(|until| *until > now)
    }
}

/// One window of a provider, as an agent was told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProviderWindow {
    /// The provider's name of it, for example `five_hour`.
    pub window: String,
    /// The used share in hundredths of a per cent.
    pub used_bp: u32,
    /// When it starts anew.
    pub resets_at: Option<Timestamp>,
    /// When the agent was told.
    pub observed_at: Timestamp,
}

impl ProviderWindow {
    /// Whether it says something about now: not past its reset, and not too old.
    #[must_use]
    pub fn is_fresh(&self, now: Timestamp) -> bool {
        self.resets_at.is_none_or(|at| at > now) && now.seconds_since(self.observed_at) < STALE_S
    }
}

/// The refusal of the provider behind `runner`, if it has not answered since.
///
/// # Errors
/// Only what the store refuses.
pub async fn refusal(ledger: &dyn UsageLedger, runner: RunnerKind) -> Out<Option<Refusal>> {
    read(ledger, &refusal_key(runner)).await
}

/// Notes that the provider behind `runner` refused.
///
/// # Errors
/// Only what the store refuses.
pub async fn note_refusal(ledger: &dyn UsageLedger, runner: RunnerKind, cause: Cause) -> Out<Refusal> {
    let before = refusal(ledger, runner).await?;
    let refusal = Refusal::after(before, cause, ledger.now().await?);
    ledger.set_setting(&refusal_key(runner), json!(refusal)).await?;
    Ok(refusal)
}

/// Notes that a run begins; true when it is the one that tries whether the provider answers again.
///
/// # Errors
/// Only what the store refuses.
pub async fn begin_probe(ledger: &dyn UsageLedger, runner: RunnerKind) -> Out<bool> {
    let Some(refusal) = refusal(ledger, runner).await? else { return Ok(false) };
    let refusal = Refusal { probed_at: Some(ledger.now().await?), ..refusal };
    ledger.set_setting(&refusal_key(runner), json!(refusal)).await?;
    Ok(true)
}

/// Notes that the provider answered: its refusal is over.
///
/// # Errors
/// Only what the store refuses.
pub async fn note_answer(ledger: &dyn UsageLedger, runner: RunnerKind) -> Out<()> {
    ledger.set_setting(&refusal_key(runner), Value::Null).await
}

/// Forgets refusals whose time has passed: a person starts work again.
///
/// # Errors
/// Only what the store refuses.
pub async fn forget_past_refusals(ledger: &dyn UsageLedger) -> Out<()> {
    let now = ledger.now().await?;
    for runner in RunnerKind::ALL {
        if refusal(ledger, *runner).await?.is_some_and(|refusal| refusal.until <= now) {
            note_answer(ledger, *runner).await?;
        }
    }
    Ok(())
}

/// The windows of the provider behind `runner`, stale ones too.
///
/// # Errors
/// Only what the store refuses.
pub async fn windows(ledger: &dyn UsageLedger, runner: RunnerKind) -> Out<Vec<ProviderWindow>> {
    Ok(read(ledger, &windows_key(runner)).await?.unwrap_or_default())
}

/// Notes what an agent was told of windows; those it was not told of stay.
///
/// # Errors
/// Only what the store refuses.
pub async fn note_windows(ledger: &dyn UsageLedger, runner: RunnerKind, told: Vec<ProviderWindow>) -> Out<()> {
    let mut known = windows(ledger, runner).await?;
    known.retain(|window| told.iter().all(|new| new.window != window.window));
    known.extend(told);
    known.sort_by(|a, b| a.window.cmp(&b.window));
    ledger.set_setting(&windows_key(runner), json!(known)).await
}

async fn read<T: serde::de::DeserializeOwned>(ledger: &dyn UsageLedger, key: &str) -> Out<Option<T>> {
    let value = ledger.setting(key).await?.filter(|value| !value.is_null());
    value.map(|value| serde_json::from_value(value).map_err(|error| unreadable(&error))).transpose()
}

fn refusal_key(runner: RunnerKind) -> String {
    format!("provider_refusal.{runner}")
}

fn windows_key(runner: RunnerKind) -> String {
    format!("provider_windows.{runner}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(0);

    fn at(seconds: i64) -> Timestamp {
        NOW.plus_seconds(seconds)
    }

    #[test]
    fn a_provider_is_left_alone_as_long_as_it_says() {
        let twice = Some(Refusal { until: NOW, times: 2, probed_at: None });
        let often = Some(Refusal { until: NOW, times: 90, probed_at: Some(NOW) });
        for (before, cause, until) in [
            (None, Cause::Limit(Some(at(3_600))), 3_690),
            (often, Cause::Limit(Some(at(3_600))), 3_690),
            (None, Cause::Limit(None), 300),
            (None, Cause::Limit(Some(at(-5))), 300),
            (twice, Cause::Limit(None), 1_200),
            (often, Cause::Limit(None), 3_600),
            (None, Cause::Overload, 120),
        ] {
            let refusal = Refusal::after(before, cause, NOW);
            assert_eq!((refusal.until, refusal.probed_at), (at(until), None), "{before:?} {cause:?}");
        }
    }

    #[test]
    fn the_others_wait_while_one_tries() {
        let refusal = |probed_at| Refusal { until: at(100), times: 1, probed_at };
        for (probed_at, now, until) in [
            (None, 99, Some(at(100))),
            (None, 100, None),
            (Some(at(101)), 102, Some(at(221))),
            (Some(at(101)), 221, None),
        ] {
            assert_eq!(refusal(probed_at).blocks_until(at(now)), until, "{probed_at:?} {now}");
        }
    }

    #[test]
    fn a_window_is_believed_until_its_reset_and_for_six_hours() {
        let window =
            |resets_at| ProviderWindow { window: "five_hour".into(), used_bp: 9_300, resets_at, observed_at: NOW };
        for (resets_at, now, fresh) in
            [(Some(at(60)), 59, true), (Some(at(60)), 60, false), (None, STALE_S - 1, true), (None, STALE_S, false)]
        {
            assert_eq!(window(resets_at).is_fresh(at(now)), fresh, "{resets_at:?} {now}");
        }
    }
}
