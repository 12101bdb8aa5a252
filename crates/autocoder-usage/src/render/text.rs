//! Numbers and small pictures in one line of text.

use crate::forecast::{Confidence, Exceeds};
use crate::view::ForecastView;

const STEPS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const DAY_S: f64 = 86_400.0;

/// One column for each number, as high as its share of the greatest; 0 is a dot.
#[must_use]
pub fn sparkline(numbers: &[u64]) -> String {
    let greatest = numbers.iter().copied().max().unwrap_or(0).max(1);
    let step = |number: u64| u128::from(number) * (STEPS.len() as u128 - 1) / u128::from(greatest);
    let column = |number: &u64| match number {
        0 => '·',
        number => usize::try_from(step(*number)).ok().and_then(|step| STEPS.get(step)).copied().unwrap_or('█'),
    };
    numbers.iter().map(column).collect()
}

/// A bar of `width` cells. It is full only when all is used.
#[must_use]
pub fn bar(used: u64, limit: u64, width: usize) -> String {
    let cells = if limit == 0 { width as u128 } else { u128::from(used) * width as u128 / u128::from(limit) };
    let full = usize::try_from(cells).unwrap_or(width).min(width);
    format!("{}{}", "█".repeat(full), "░".repeat(width - full))
}

/// Text without markup on one line; `also` names what stands for further characters.
pub(super) fn plain(text: &str, also: impl Fn(char) -> Option<String>) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '&' => safe.push_str("&amp;"),
            c if c.is_control() => safe.push(' '),
            c => match also(c) {
                Some(other) => safe.push_str(&other),
                None => safe.push(c),
            },
        }
    }
    safe
}

/// Digits in groups of three.
#[must_use]
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Nano-USD as dollars and cents, rounded half up.
#[must_use]
pub fn usd(nusd: u64) -> String {
    let cents = u128::from(nusd).saturating_add(5_000_000) / 10_000_000;
    format!("{}.{:02}", cents / 100, cents % 100)
}

/// "limit reached in about 7.0 days (5.6–9.5), before the reset in 8.0 (35,700 a day over 7 days, high confidence)".
#[must_use]
pub fn forecast_line(view: &ForecastView) -> String {
    let sure = match view.confidence {
        Confidence::None => return "none yet: nothing was used on a complete day".to_owned(),
        Confidence::Low => "low",
        Confidence::Medium => "medium",
        Confidence::High => "high",
    };
    let days = if view.days_counted == 1 { "1 day".to_owned() } else { format!("{} days", view.days_counted) };
    let rate = format!("{} a day over {days}, {sure} confidence", grouped(view.average_daily_tokens));
    let (Some(eta), Some(earliest)) = (view.days_until_limit, view.days_until_limit_earliest) else {
        return format!("no limit to reach ({rate})");
    };
    let range = match view.days_until_limit_latest {
        Some(latest) => format!("{earliest:.1}–{latest:.1}"),
        None => format!("{earliest:.1} or more"),
    };
    let place = match view.will_exceed {
        Some(Exceeds::Yes) => "before",
        Some(Exceeds::Maybe) => "perhaps before",
        Some(Exceeds::No) | None => "after",
    };
    let reset = view.resets_at.map(|at| at.seconds_since(view.as_of) as f64 / DAY_S);
    let reset = reset.map(|days| format!(", {place} the reset in {days:.1}")).unwrap_or_default();
    format!("limit reached in about {eta:.1} days ({range}){reset} ({rate})")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_drawn_and_written() {
        assert_eq!(sparkline(&[0, 1, 50, 100]), "·▁▄█");
        assert_eq!((sparkline(&[]), sparkline(&[0, 0])), (String::new(), "··".to_owned()));
        assert_eq!(sparkline(&[u64::MAX, u64::MAX - 1]), "█▇");
        for (used, limit, full) in [(0, 10, 0), (5, 10, 5), (99, 100, 9), (10, 10, 10), (u64::MAX, 1, 10), (0, 0, 10)] {
            assert_eq!(bar(used, limit, 10).matches('█').count(), full, "{used} of {limit}");
        }
        assert_eq!((grouped(999), grouped(1_234_567)), ("999".to_owned(), "1,234,567".to_owned()));
        for (nusd, text) in [(0, "0.00"), (4_999_999, "0.00"), (5_000_000, "0.01"), (12_500_000_000, "12.50")] {
            assert_eq!(usd(nusd), text);
        }
    }
}
