//! Usage over HTTP: what is used, budgets, schedules, settings and the forecast.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use autocoder_tests::{Autocoder, Server};
use serde_json::{Value, json};

/// The names of the fields at fault.
fn fields(problem: &Value) -> Vec<&str> {
    problem["errors"].as_array().unwrap().iter().map(|error| error["field"].as_str().unwrap()).collect()
}

#[test]
fn budgets_are_made_shown_changed_and_deleted() {
    let autocoder = Autocoder::with_plan();
    let server = Server::start(&autocoder);
    let phase = autocoder.id("phase", "One");
    let period = json!({ "kind": "monthly", "reset_day": 31, "time_zone": "Europe/Berlin" });
    let new = json!({ "scope": "phase", "project": "p", "subject": phase, "amount": 500, "period": period });
    let made = server.call("POST", "/usage/budgets", &new).expect(201);
    let said = (&made["measure"], &made["mode"], &made["used"], &made["remaining"], &made["project_name"]);
    assert_eq!(said, (&json!("tokens"), &json!("enforce"), &json!(0), &json!(500), &json!("p")));
    let place = format!("/usage/budgets/{}", made["id"]);
    let edit = json!({ "amount": 0, "period": { "kind": "rolling", "hours": 5 } });
    let edited = server.call("PATCH", &place, &edit).expect(200);
    assert_eq!(
        (&edited["percentage_used"], &edited["version"], &edited["subject"]),
        (&json!(100.0), &json!(2), &json!(phase))
    );
    let old = server.request("PATCH", &place).header("if-match", "\"1\"").json(&json!({ "amount": 1 }));
    server.send(old).refused(412, "stale");
    assert_eq!(server.get("/usage/projects/p")["band"], "critical");
    assert_eq!(server.get("/usage/budgets?limit=1")["items"][0]["id"], made["id"]);
    let keyed = || server.request("POST", "/usage/budgets").header("idempotency-key", "k-1");
    let first = server.send(keyed().json(&new)).expect(201);
    assert_eq!(server.send(keyed().json(&new)).expect(201)["id"], first["id"], "a repetition makes nothing");
    let _ = server.call("DELETE", &place, &Value::Null).expect(204);
    for method in ["PATCH", "DELETE"] {
        server.call(method, &place, &json!({})).refused(404, "not_found");
    }
    assert_eq!(server.get("/usage/budgets")["items"].as_array().unwrap().len(), 1);
}

#[test]
fn a_bad_budget_names_every_field() {
    let autocoder = Autocoder::with_plan();
    let server = Server::start(&autocoder);
    let base = json!({ "scope": "global", "amount": 1, "period": { "kind": "lifetime" } });
    for (change, expected) in [
        (json!({ "amount": 9_007_199_254_740_992_u64 }), vec!["amount"]),
        (json!({ "amount": -1 }), vec!["amount"]),
        (json!({ "scope": "team" }), vec!["scope"]),
        (json!({ "scope": "project" }), vec!["project"]),
        (json!({ "scope": "project", "project": "q" }), vec!["project"]),
        (json!({ "project": "p", "subject": "1" }), vec!["project", "subject"]),
        (json!({ "scope": "phase", "project": "p", "subject": "4711" }), vec!["subject"]),
        (json!({ "scope": "agent", "project": "p", "subject": "a b" }), vec!["subject"]),
        (
            json!({ "period": { "kind": "monthly", "reset_day": 0, "time_zone": "Mars" } }),
            vec!["period.reset_day", "period.time_zone"],
        ),
    ] {
        let mut body = base.clone();
        body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        let problem = server.call("POST", "/usage/budgets", &body).expect(422);
        assert_eq!(fields(&problem), expected, "{body}");
    }
    assert_eq!(server.get("/usage/budgets")["items"], json!([]));
}

#[test]
fn schedules_are_made_shown_changed_and_deleted() {
    let autocoder = Autocoder::with_plan();
    let server = Server::start(&autocoder);
    let new = json!({ "days": ["sunday", "monday"], "starts": "22:00", "ends": "06:00", "time_zone": "Asia/Tokyo" });
    let made = server.call("POST", "/projects/p/schedules", &new).expect(201);
    assert_eq!((&made["days"], &made["enabled"]), (&json!(["monday", "sunday"]), &json!(true)));
    let place = format!("/projects/p/schedules/{}", made["id"]);
    let edited = server.call("PATCH", &place, &json!({ "enabled": false })).expect(200);
    assert_eq!((&edited["enabled"], &edited["starts"]), (&json!(false), &json!("22:00")));
    assert_eq!(server.get("/projects/p/schedules")["items"], json!([edited]));
    let bad = json!({ "days": [], "starts": "24:00", "ends": "6", "time_zone": "Mars" });
    let problem = server.call("POST", "/projects/p/schedules", &bad).expect(422);
    assert_eq!(fields(&problem), ["days", "time_zone", "starts", "ends"]);
    let problem = server.call("PATCH", &place, &json!({ "days": ["someday"] })).expect(422);
    assert_eq!(fields(&problem), ["days[0]"]);
    let _ = server.call("DELETE", &place, &Value::Null).expect(204);
    server.call("PATCH", &place, &json!({})).refused(404, "not_found");
    server.call("DELETE", &place, &Value::Null).refused(404, "not_found");
    server.call("POST", "/projects/q/schedules", &new).refused(404, "not_found");
    server.send(server.request("GET", "/projects/q/schedules")).refused(404, "not_found");
}

#[test]
fn settings_are_replaced_as_a_whole() {
    let autocoder = Autocoder::with_plan();
    let server = Server::start(&autocoder);
    let defaults = server.get("/usage/settings");
    assert_eq!((&defaults["monthly_limit"], &defaults["track_by"]), (&json!(1_000_000), &json!("project")));
    let put = server.call("PUT", "/usage/settings", &json!({ "monthly_limit": 5, "track_by": "global" })).expect(200);
    assert_eq!((&put["monthly_limit"], &put["warn_at_percentage"]), (&json!(5), &json!(0.2)));
    assert_eq!(server.get("/usage/settings"), put);
    assert_eq!(server.get("/usage")["limit"], 5);
    assert_eq!(autocoder.json(&["usage", "settings"]), put, "the command sees the same");
    let problem = server.call("PUT", "/usage/settings", &json!({ "reset_day": 0, "time_zone": "Mars" })).expect(422);
    assert_eq!(fields(&problem), ["reset_day", "time_zone"]);
    let viewer = server.token("viewer");
    let by_viewer = server.anonymous("PUT", "/usage/settings").bearer_auth(viewer);
    server.send(by_viewer.json(&json!({}))).refused(403, "forbidden");
}

#[test]
fn usage_history_and_forecast_are_there_before_anything_was_used() {
    let autocoder = Autocoder::with_plan();
    let server = Server::start(&autocoder);
    let project = server.get("/usage/projects/p");
    for (field, value) in [
        ("total_tokens", json!(0)),
        ("cache_read_tokens", json!(0)),
        ("limit", json!(1_000_000)),
        ("remaining", json!(1_000_000)),
        ("percentage_used", json!(0.0)),
        ("rehearsal_tokens", json!(0)),
    ] {
        assert_eq!(project[field], value, "{field}");
    }
    assert!(project["reset_date"].is_string());
    assert_eq!(server.get("/usage")["projects"][0]["project_name"], "p");
    let days = server.get("/usage/history?days=3&project=p");
    assert_eq!(days["items"].as_array().unwrap().len(), 3);
    assert_eq!(days["items"][2]["date"], days["until"]);
    for group in ["model", "project", "phase", "feature"] {
        assert_eq!(server.get(&format!("/usage/history?group_by={group}"))["items"], json!([]));
    }
    for query in ["days=0", "days=367", "days=x", "group_by=hour", "from=1"] {
        server.send(server.request("GET", &format!("/usage/history?{query}"))).refused(422, "invalid_field");
    }
    let forecast = server.get("/projects/p/forecast");
    assert_eq!((&forecast["confidence"], &forecast["days_until_limit"]), (&json!("none"), &Value::Null));
    assert_eq!((&forecast["tasks_finished"], &forecast["done_at"]), (&json!(0), &Value::Null));
    for path in ["/usage/projects/q", "/projects/q/forecast", "/usage/history?project=q"] {
        server.send(server.request("GET", path)).refused(404, "not_found");
    }
}
