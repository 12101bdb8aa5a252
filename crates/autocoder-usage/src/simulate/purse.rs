//! Purses: the budgets of a simulation, in tokens, and how they fill up again when their period ends.

use autocoder_core::budget::Period;
use autocoder_core::time::Timestamp;

use crate::admission;
use crate::gauge::available_bp;
use crate::period::Windows;

/// A budget in tokens (input + output).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Purse {
    /// How much may be used in one period.
    pub limit: u64,
    /// How much is used at the beginning.
    pub used: u64,
    /// When it starts from 0 again; none: never. Hours that roll on are taken as one window after the other.
    pub period: Option<Period>,
}

impl Purse {
    /// Every band on what is left now: tokens that never come back.
    #[must_use]
    pub const fn once(tokens: u64) -> Self {
        Self { limit: tokens, used: 0, period: None }
    }

    /// What is left.
    #[must_use]
    pub const fn left(&self) -> u64 {
        self.limit.saturating_sub(self.used)
    }

    fn resets_at(&self, now: Timestamp) -> Option<Timestamp> {
        match self.period.as_ref()? {
            Period::Rolling { hours } => Some(now.plus_seconds(3_600 * i64::from(*hours))),
            period => period.window(now).ok()?.end,
        }
    }
}

/// The purses of one play; all count.
#[derive(Clone, Debug)]
pub(super) struct Purses(Vec<(Purse, Option<Timestamp>)>);

impl Purses {
    pub(super) fn new(purses: &[Purse], now: Timestamp) -> Self {
        Self(purses.iter().map(|purse| (purse.clone(), purse.resets_at(now))).collect())
    }

    pub(super) fn spend(&mut self, tokens: u64) {
        for (purse, _) in &mut self.0 {
            purse.used = purse.used.saturating_add(tokens);
        }
    }

    /// What may be spent until one of them is empty; none: there is no purse.
    pub(super) fn left(&self) -> Option<u64> {
        self.0.iter().map(|(purse, _)| purse.left()).min()
    }

    /// What the tightest has left, in basis points.
    pub(super) fn available_bp(&self) -> Option<u32> {
        self.0.iter().filter_map(|(purse, _)| available_bp(purse.used, Some(purse.limit))).min()
    }

    /// What is left of each, and what of it is kept, as admission counts it.
    pub(super) fn left_of_each(&self, critical_bp: u32) -> impl Iterator<Item = admission::Left> {
        let floor = move |limit: u64| (u128::from(limit) * u128::from(critical_bp) / 10_000) as u64;
        self.0.iter().map(move |(purse, _)| admission::Left { left: purse.left(), floor: floor(purse.limit) })
    }

    pub(super) fn next_reset(&self) -> Option<Timestamp> {
        self.0.iter().filter_map(|(_, at)| *at).min()
    }

    /// Those whose time has come are full again.
    pub(super) fn reset(&mut self, now: Timestamp) {
        for (purse, at) in &mut self.0 {
            if at.is_some_and(|at| at <= now) {
                purse.used = 0;
                *at = purse.resets_at(now);
            }
        }
    }
}
