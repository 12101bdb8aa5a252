//! `autocoder usage` and `autocoder schedule`: limits, what is used of them, and windows.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use autocoder_tests::Autocoder;
use serde_json::json;

#[test]
fn budgets_are_listed_added_edited_and_deleted() {
    let autocoder = Autocoder::with_plan();
    let phase = autocoder.id("phase", "One");
    let add = ["usage", "budgets", "add"];
    let hours = autocoder.json(&["usage", "budgets", "add", "200000", "--period", "5h"]);
    assert_eq!((&hours["scope"], &hours["period"]["hours"], &hours["used"]), (&json!("global"), &json!(5), &json!(0)));
    let cost = autocoder.json(&[&add[..], &["$12.50", "--project", "p", "--period", "weekly"]].concat());
    assert_eq!((&cost["measure"], &cost["amount"]), (&json!("cost_nusd"), &json!(12_500_000_000_u64)));
    assert_eq!(cost["project_name"], "p");
    let of_phase = ["9", "--project", "p", "--scope", "phase", "--subject", &phase];
    assert!(autocoder.ok(&[&add[..], &of_phase].concat()).contains(&format!("used by phase {phase}, enforce")));
    let text = autocoder.ok(&["usage", "budgets", "list"]);
    assert!(text.starts_with("ID") && text.contains("12.50 USD") && text.contains("weekly, monday (UTC)"), "{text}");
    let ours = autocoder.json(&["usage", "budgets", "list", "--project", "p"]);
    assert_eq!(ours["items"].as_array().map(Vec::len), Some(2));
    let id = hours["id"].to_string();
    let edited = autocoder.json(&["usage", "budgets", "edit", &id, "--amount", "5", "--mode", "warn"]);
    assert_eq!((&edited["amount"], &edited["mode"], &edited["version"]), (&json!(5), &json!("warn"), &json!(2)));
    assert_eq!(autocoder.ok(&["usage", "budgets", "delete", &id]), format!("budget {id} deleted\n"));
    autocoder.bad(3, &["usage", "budgets", "delete", &id], "there is no budget");
    autocoder.bad(3, &["usage", "budgets", "edit", &id, "--amount", "1"], "there is no budget");
}

#[test]
fn a_bad_budget_is_told_the_rule() {
    let autocoder = Autocoder::with_plan();
    let feature = autocoder.id("feature", "Page");
    let of_feature = ["9", "--project", "p", "--scope", "feature", "--subject", &feature];
    autocoder.bad(2, &["usage", "budgets", "add", "x"], "must be a whole number of tokens, or dollars");
    autocoder.bad(3, &["usage", "budgets", "list", "--project", "q"], "there is no project `q`");
    for (arguments, message) in [
        (&["9", "--mode", "stop"][..], "unknown budget mode `stop`"),
        (&["9", "--scope", "project"], "project is needed for the scope `project`"),
        (&["9", "--scope", "phase", "--project", "p"], "subject is needed"),
        (&["9", "--scope", "phase", "--project", "p", "--subject", "4711"], "the project has no such phase"),
        (&["9", "--period", "hourly"], "must be `monthly`, `weekly`"),
        (&["9", "--period", "0h"], "period.hours is `0`"),
        (&["9", "--period", "daily", "--time-zone", "Mars"], "must be an IANA time zone"),
        (&["9", "--period", "monthly", "--reset-day", "32"], "period.reset_day is `32`"),
        (&of_feature, "a feature's budget cannot do"),
    ] {
        autocoder.bad(2, &[&["usage", "budgets", "add"], arguments].concat(), message);
    }
    autocoder.ok(&[&["usage", "budgets", "add"], &of_feature[..], &["--mode", "warn"]].concat());
}

#[test]
fn usage_is_shown_for_a_project_and_for_all() {
    let autocoder = Autocoder::with_plan();
    let shown = autocoder.json(&["usage", "show"]);
    assert_eq!(
        (&shown["total_tokens"], &shown["limit"], &shown["band"]),
        (&json!(0), &json!(1_000_000), &json!("normal"))
    );
    assert_eq!(autocoder.json(&["usage", "show", "--all"])["projects"][0]["project_name"], "p");
    assert!(autocoder.ok(&["usage", "show", "--all"]).contains("no limit"));
    let history = autocoder.json(&["usage", "history", "--days", "7"]);
    assert_eq!(history["items"].as_array().map(Vec::len), Some(7));
    let features = autocoder.json(&["usage", "history", "--project", "p", "--group-by", "feature"]);
    assert_eq!((&features["group_by"], &features["items"]), (&json!("feature"), &json!([])));
    assert!(autocoder.ok(&["usage", "history"]).starts_with("DAY"));
    autocoder.bad(2, &["usage", "history", "--days", "0"], "0 is not in 1..=366");
    autocoder.bad(2, &["usage", "history", "--group-by", "hour"], "unknown group `hour`");
    autocoder.bad(3, &["usage", "history", "--project", "q"], "there is no project `q`");
}

#[test]
fn outside_of_the_schedule_the_next_task_waits() {
    let autocoder = Autocoder::with_plan();
    let made = autocoder.json(&["schedule", "add", "daily", "00:00", "00:00"]);
    assert_eq!((&made["enabled"], &made["days"][6]), (&json!(true), &json!("sunday")));
    assert!(autocoder.json(&["task", "next"])["task"].is_object());
    let id = made["id"].to_string();
    // A window of one minute that is a day away is closed now, whatever the time.
    let far = day_after_tomorrow();
    let edit = ["schedule", "edit", &id, "--days", far, "--starts", "12:00", "--ends", "12:01"];
    assert!(autocoder.ok(&edit).contains(&format!("{far} from 12:00 to 12:01 (UTC)")));
    let next = autocoder.json(&["task", "next"]);
    assert_eq!((&next["reason"], &next["advice"]), (&json!("paused"), &json!("wait")));
    assert!(next["retry_at"].as_str().is_some_and(|at| at.ends_with("T12:00:00Z")), "{next}");
    let task = autocoder.id("task", "A");
    assert!(autocoder.ok(&["why", &task]).contains("outside of its schedules"));
    assert!(autocoder.json(&["usage", "show"])["closed_until"].is_string());
    assert!(autocoder.ok(&["schedule", "edit", &id, "--enabled", "false"]).ends_with("switched off\n"));
    assert!(autocoder.json(&["task", "next"])["task"].is_object());
    assert!(autocoder.ok(&["schedule", "list"]).contains("12:00 to 12:01"));
    assert_eq!(autocoder.ok(&["schedule", "delete", &id]), format!("schedule {id} deleted\n"));
    autocoder.bad(3, &["schedule", "delete", &id], "there is no schedule");
    autocoder.bad(3, &["schedule", "list", "--project", "q"], "there is no project `q`");
    let quiet = autocoder.ok(&["schedule", "add", "daily", "00:00", "00:00", "--kind", "quiet"]);
    assert!(quiet.contains("quiet, monday"), "{quiet}");
    assert!(autocoder.ok(&["schedule", "list"]).contains("closed now; the next start is 20"));
    let dear = autocoder.json(&["schedule", "add", "mon", "22:00", "06:00", "--max-cost", "2.5"]);
    assert_eq!((&dear["kind"], &dear["max_cost_nusd"]), (&json!("work"), &json!(2_500_000_000_u64)));
    let id = dear["id"].to_string();
    assert_eq!(autocoder.json(&["schedule", "edit", &id, "--any-cost"])["max_cost_nusd"], json!(null));
    autocoder.bad(
        2,
        &["schedule", "add", "mon", "01:00", "02:00", "--kind", "quiet", "--max-cost", "1"],
        "goes only with a window for work",
    );
    autocoder.bad(2, &["schedule", "edit", &id, "--max-cost", "-1"], "must be from 0 to 1000000");
    autocoder.bad(2, &["schedule", "add", "m", "09:00", "17:00"], "must be days such as");
    autocoder.bad(2, &["schedule", "add", "mon", "9", "25:00"], "starts is `9`");
    autocoder.bad(2, &["schedule", "add", "mon", "09:00", "17:00", "--time-zone", "Mars"], "must be an IANA time zone");
    autocoder.bad(2, &["schedule", "edit", &id], "required arguments were not provided");
}

/// Its name in UTC.
fn day_after_tomorrow() -> &'static str {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    // 1970 began on a Thursday.
    let names = ["thursday", "friday", "saturday", "sunday", "monday", "tuesday", "wednesday"];
    names[usize::try_from((since.as_secs() / 86_400 + 2) % 7).unwrap()]
}
