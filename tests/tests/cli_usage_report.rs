//! `autocoder usage`: what is used in bars and words, reports, and prices.

use autocoder_tests::Autocoder;
use serde_json::json;

#[test]
fn prices_are_shown_replaced_and_taken_back() {
    let autocoder = Autocoder::new();
    let built_in = autocoder.json(&["usage", "prices"]);
    assert_eq!(built_in["source"], "built_in");
    assert_eq!(built_in["models"]["claude-sonnet-4-5"]["cache_write_1h"], "6");
    assert!(autocoder.ok(&["usage", "prices"]).contains("other models are unpriced"));
    let ours = json!({ "version": "mine", "models": { "gpt-6": { "input": "1.25", "output": 10 } } });
    let file = autocoder.file("prices.json", ours.to_string());
    let file = file.to_string_lossy();
    let said = autocoder.ok(&["usage", "prices", "--update", &file]);
    assert_eq!(said, "prices mine are in force\n");
    let shown = autocoder.json(&["usage", "prices"]);
    let prices = json!({ "input": "1.25", "output": "10", "cache_read": "1.25", "cache_write_5m": "1.5625", "cache_write_1h": "2.5" });
    assert_eq!(shown, json!({ "version": "mine", "source": "file", "models": { "gpt-6": prices } }));
    autocoder.ok(&["usage", "prices", "--update", &file]);
    let printed = autocoder.file("again.json", shown.to_string());
    autocoder.ok(&["usage", "prices", "--update", &printed.to_string_lossy()]);
    let toml = autocoder.file("p.toml", "version = \"t\"\n[models.m]\ninput = 1\noutput = \"2\"\n");
    autocoder.ok(&["usage", "prices", "--update", &toml.to_string_lossy()]);
    assert_eq!(autocoder.json(&["usage", "prices", "--built-in"]), built_in);
}

#[test]
fn bad_prices_name_the_field_and_change_nothing() {
    let autocoder = Autocoder::new();
    let before = autocoder.json(&["usage", "prices"]);
    for (text, message) in [
        ("{", "is not JSON"),
        ("[]", "models must be an object"),
        (r#"{"version":"v","models":{"m":{"input":-1,"output":1}}}"#, "models.m.input must be a price"),
        (r#"{"version":"v","models":{"m":{"input":0.0000001,"output":1}}}"#, "at most 6 decimals"),
        (r#"{"version":"v","models":{"m":{"input":1}}}"#, "models.m.output is missing"),
        (r#"{"models":{"m":{"input":1,"output":1}}}"#, "version must be"),
    ] {
        let file = autocoder.file("bad.json", text);
        autocoder.bad(2, &["usage", "prices", "--update", &file.to_string_lossy()], message);
    }
    let file = |input: u64| {
        let document = json!({ "version": "v", "models": { "m": { "input": input, "output": 1 } } });
        autocoder.file("v.json", document.to_string()).to_string_lossy().into_owned()
    };
    autocoder.ok(&["usage", "prices", "--update", &file(1)]);
    autocoder.bad(2, &["usage", "prices", "--update", &file(2)], "already with other prices");
    autocoder.bad(2, &["usage", "prices", "--update", "x", "--built-in"], "cannot be used with");
    assert_eq!(autocoder.json(&["usage", "prices", "--built-in"]), before);
}

#[test]
fn a_report_has_every_form() {
    let autocoder = Autocoder::with_plan();
    autocoder.ok(&["usage", "budgets", "add", "200000", "--project", "p"]);
    let text = autocoder.ok(&["usage", "report", "--project", "p"]);
    assert!(text.starts_with("# Usage of p\n") && text.contains("## Budgets") && text.contains("Forecast"), "{text}");
    let days = ["--from", "2026-01-30", "--to", "2026-02-01"];
    let csv = autocoder.ok(&[&["usage", "report", "--format", "csv"], &days[..]].concat());
    assert!(csv.starts_with("group,name,tokens,") && csv.contains("\r\nday,2026-01-30,0,"), "{csv}");
    let report = autocoder.json(&["usage", "report", "--project", "p"]);
    assert_eq!((&report["project_name"], &report["total"]["tokens"]), (&json!("p"), &json!(0)));
    assert_eq!(report["estimates"].as_array().map(Vec::len), Some(5));
    let file = autocoder.folder("").join("report.html");
    let said = autocoder.ok(&["usage", "report", "--format", "html", "--output", &file.to_string_lossy()]);
    assert!(said.starts_with("report written to"), "{said}");
    let html = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(html.starts_with("<!doctype html>") && html.contains("default-src 'none'"), "{html}");
    assert!(!html.contains("http://") && !html.contains("https://") && !html.contains("<script"), "{html}");
}

#[test]
fn a_bad_report_is_told_the_rule() {
    let autocoder = Autocoder::with_plan();
    autocoder.bad(2, &["usage", "report", "--from", "2026-02-30"], "must be a date such as");
    autocoder.bad(2, &["usage", "report", "--from", "2026-02-02", "--to", "2026-02-01"], "must be at most 366 days");
    autocoder.bad(2, &["usage", "report", "--format", "pdf"], "invalid value 'pdf'");
    autocoder.bad(3, &["usage", "report", "--project", "q"], "there is no project `q`");
}

#[test]
fn usage_is_drawn_and_says_its_measure() {
    let autocoder = Autocoder::with_plan();
    let settings = autocoder.json(&["usage", "settings", "--measure", "weighted_tokens"]);
    assert_eq!(settings["measure"], "weighted_tokens");
    autocoder.ok(&["usage", "budgets", "add", "500", "--measure", "weighted_tokens"]);
    let text = autocoder.ok(&["usage", "show", "--by", "task"]);
    for part in ["░░░░", "weighted_tokens", "500 weighted tokens", "··············", "nothing was used", "TASK"]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert_eq!(autocoder.json(&["usage", "show"])["measure"], "weighted_tokens");
    autocoder.bad(2, &["usage", "show", "--by", "hour"], "unknown group `hour`");
}
