//! Decimal numbers as whole pico-USD and back, without a float between.

/// The dearest token: 1 USD.
pub(super) const MOST: u64 = 1_000_000_000_000;

/// `text` times 10^`places` as a whole number. Digits behind it are refused, or rounded half up.
pub(super) fn scaled(text: &str, places: i32, rounds: bool) -> Result<u64, &'static str> {
    const RULE: &str = "must be a price such as `3` or `0.25`";
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{part}");
    let is_number = !whole.is_empty() && digits.len() <= 30 && digits.bytes().all(|byte| byte.is_ascii_digit());
    let exponent: i32 = exponent.parse().ok().filter(|power: &i32| power.abs() < 100).ok_or(RULE)?;
    let number: u128 = digits.parse().ok().filter(|_| is_number).ok_or(RULE)?;
    let shift = exponent + places - i32::try_from(part.len()).map_err(|_| RULE)?;
    let power = 10_u128.checked_pow(shift.unsigned_abs());
    let found = match (shift >= 0, power) {
        _ if number == 0 => Some(0),
        (true, power) => power.and_then(|power| number.checked_mul(power)),
        (false, Some(power)) if rounds => Some((number + power / 2) / power),
        (false, Some(power)) if number.is_multiple_of(power) => Some(number / power),
        (false, None) if rounds => Some(0),
        (false, _) => return Err("must be a whole number of pico-USD a token; use at most 6 decimals"),
    };
    let found = found.and_then(|found| u64::try_from(found).ok()).filter(|found| *found <= MOST);
    found.ok_or("is too high; use at most 1000000")
}

/// Pico-USD a token as USD per million tokens.
pub(crate) fn usd(pico: u64) -> String {
    let text = format!("{}.{:06}", pico / 1_000_000, pico % 1_000_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_are_read_and_written_exactly() {
        for (text, places, pico) in [
            ("3", 6, Some(3_000_000)),
            ("0.3", 6, Some(300_000)),
            ("3.75", 6, Some(3_750_000)),
            ("0.000001", 6, Some(1)),
            ("3e-06", 12, Some(3_000_000)),
            ("1.5E-7", 12, Some(150_000)),
            ("0", 6, Some(0)),
            ("0e-99", 6, Some(0)),
            ("1000000", 6, Some(MOST)),
            ("1000000.1", 6, None),
            ("0.0000001", 6, None),
            ("1e99", 6, None),
            ("-1", 6, None),
            ("+1", 6, None),
            (".5", 6, None),
            ("NaN", 6, None),
            ("1e999999999999", 6, None),
            ("1 ", 6, None),
            ("", 6, None),
        ] {
            assert_eq!(scaled(text, places, false).ok(), pico, "{text}");
        }
        assert_eq!(scaled("1.5000000000000002e-07", 12, true), Ok(150_000));
        assert_eq!(scaled("5e-13", 12, true), Ok(1));
        for pico in [0, 1, 300_000, 3_750_000, MOST] {
            assert_eq!(scaled(&usd(pico), 6, false), Ok(pico));
        }
    }
}
