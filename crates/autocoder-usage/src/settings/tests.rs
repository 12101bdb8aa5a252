//! Good and bad settings.

use super::*;

fn bad_fields(settings: &UsageSettings) -> Vec<&'static str> {
    settings.validate().err().unwrap_or_default().iter().map(SettingsError::field).collect()
}

#[test]
fn the_defaults_are_the_seeds_and_valid() {
    let settings = serde_json::from_str::<UsageSettings>("{}").unwrap();
    assert_eq!(settings, UsageSettings::default());
    assert_eq!(settings.validate(), Ok(()));
    assert_eq!(settings.thresholds(), [500, 1_000, 2_500]);
    assert_eq!(settings.warn_bp(), 2_000);
}

#[test]
fn the_seeds_configuration_is_read_and_written_back() {
    let text = r#"{"monthly_limit":null,"warn_at_percentage":0.2,"pause_at_percentage":0.05,"reset_day":31,"track_by":"global","measure":"all_tokens"}"#;
    let settings = serde_json::from_str::<UsageSettings>(text).unwrap();
    assert_eq!((settings.monthly_limit, settings.reset_day), (None, 31));
    assert_eq!((settings.track_by, settings.measure), (TrackBy::Global, Measure::AllTokens));
    let written = serde_json::to_string(&settings).unwrap();
    assert_eq!(serde_json::from_str::<UsageSettings>(&written).unwrap(), settings);
}

#[test]
fn an_unknown_or_mistyped_setting_is_refused() {
    for text in [
        r#"{"limit":5}"#,
        r#"{"monthly_limit":-1}"#,
        r#"{"monthly_limit":"1"}"#,
        r#"{"reset_day":256}"#,
        r#"{"track_by":"phase"}"#,
        r#"{"measure":"cost"}"#,
    ] {
        assert!(serde_json::from_str::<UsageSettings>(text).is_err(), "{text}");
    }
}

#[test]
fn every_bad_setting_is_named() {
    let text = format!(
        r#"{{"monthly_limit":{0},"rehearsal_limit":{0},"warn_at_percentage":1.5,"pause_at_percentage":0,"low_at_percentage":-1,
            "moderate_at_percentage":2,"reset_day":32,"time_zone":"Nowhere"}}"#,
        u64::MAX
    );
    let all = [
        "monthly_limit",
        "rehearsal_limit",
        "warn_at_percentage",
        "pause_at_percentage",
        "low_at_percentage",
        "moderate_at_percentage",
        "reset_day",
        "time_zone",
    ];
    assert_eq!(bad_fields(&serde_json::from_str(&text).unwrap()), all);
}

#[test]
fn shares_must_rise_from_pause_to_moderate() {
    for (warn, pause, low, moderate, bad) in [
        (0.0, 0.05, 0.05, 0.05, &[][..]),
        (1.0, 1.0, 1.0, 1.0, &[]),
        (0.2, 0.11, 0.10, 0.25, &["low_at_percentage"]),
        (0.2, 0.05, 0.30, 0.25, &["moderate_at_percentage"]),
        (0.2, 0.000_01, 0.10, 0.25, &["pause_at_percentage"]),
        (f64::NAN, 0.05, 0.10, 0.25, &["warn_at_percentage"]),
        (-0.1, 0.05, f64::NAN, 0.25, &["warn_at_percentage", "low_at_percentage", "moderate_at_percentage"]),
        (0.2, f64::INFINITY, 0.10, 0.25, &["pause_at_percentage", "low_at_percentage"]),
    ] {
        let settings = UsageSettings {
            warn_at_percentage: warn,
            pause_at_percentage: pause,
            low_at_percentage: low,
            moderate_at_percentage: moderate,
            ..UsageSettings::default()
        };
        assert_eq!(bad_fields(&settings), bad, "{settings:?}");
    }
}

#[test]
fn an_error_says_what_to_write() {
    let settings = UsageSettings { pause_at_percentage: 5.0, low_at_percentage: 5.0, ..UsageSettings::default() };
    let messages: Vec<_> = settings.validate().unwrap_err().iter().map(ToString::to_string).collect();
    assert_eq!(messages[0], "pause_at_percentage `5` must be from 0.0001 to 1; for example `0.05`");
}

#[test]
fn the_measure_decides_whether_the_cache_counts() {
    let tokens = Tokens { input: 9, output: 89, cache_read: 27_000, cache_write_5m: 3_000, cache_write_1h: 600 };
    assert_eq!(Measure::TotalTokens.of(&tokens, 9), 98);
    assert_eq!(Measure::AllTokens.of(&tokens, 9), 30_698);
    for (nusd, weighted) in [(0, 0), (2_999, 0), (3_000, 1), (24_312_000, 8_104), (u64::MAX, u64::MAX / 3_000)] {
        assert_eq!(Measure::WeightedTokens.of(&tokens, nusd), weighted, "{nusd}");
    }
}
