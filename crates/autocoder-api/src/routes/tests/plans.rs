//! Projects, features, tasks and whole plans: what each operation answers.

use serde_json::{Value, json};

use super::Site;

const NONE: Value = Value::Null;

/// One after the other; each must answer so, with that value at that place of the reply.
type Case = (&'static str, String, Value, (u16, &'static str), (&'static str, Value));

async fn play(site: &Site, cases: Vec<Case>) {
    for (method, path, body, (status, code), (place, value)) in cases {
        let reply = site.ask(method, &path, body).await;
        assert_eq!(reply.outcome(), (status, code.to_owned()), "{method} {path}: {}", reply.text);
        let found = reply.json().pointer(place).cloned().unwrap_or(NONE);
        assert_eq!(found, value, "{method} {path} {place}: {}", reply.text);
    }
}

#[actix_web::test]
async fn projects_are_made_edited_driven_and_deleted() {
    let site = Site::new();
    let folder = site.folder.path().canonicalize().unwrap();
    let (path, file) = (folder.join("a"), folder.join("file"));
    std::fs::create_dir(&path).unwrap();
    std::fs::write(&file, "").unwrap();
    let p = || "/projects/a".to_owned();
    let all = || "/projects".to_owned();
    let field = "/errors/0/field";
    play(
        &site,
        vec![
            ("POST", all(), json!({ "name": "a", "path": "code" }), (422, "invalid_field"), (field, json!("path"))),
            (
                "POST",
                all(),
                json!({ "name": "a", "path": "/no/where" }),
                (422, "invalid_field"),
                (field, json!("path")),
            ),
            ("POST", all(), json!({ "name": "a", "path": file }), (422, "invalid_field"), (field, json!("path"))),
            ("POST", all(), json!({ "name": "A", "path": path }), (422, "invalid_field"), (field, json!("name"))),
            (
                "POST",
                all(),
                json!({ "name": "a", "path": path, "x": 1 }),
                (422, "invalid_field"),
                ("/title", json!("Unprocessable Entity")),
            ),
            ("POST", all(), json!({ "name": "a", "path": path }), (201, ""), ("/path", json!(path))),
            ("POST", all(), json!({ "name": "a", "path": path }), (409, "name_taken"), ("/status", json!(409))),
            ("GET", all(), NONE, (200, ""), ("/items/0/name", json!("a"))),
            ("GET", p(), NONE, (200, ""), ("/settings/max_failures", json!(3))),
            ("GET", "/projects/b".into(), NONE, (404, "not_found"), ("/status", json!(404))),
            ("PATCH", p(), json!({ "title": "Ä" }), (200, ""), ("/title", json!("Ä"))),
            ("PATCH", p(), json!({ "title": null }), (422, "invalid_field"), (field, json!("title"))),
            (
                "PATCH",
                p(),
                json!({ "settings": { "verify": ["true"] } }),
                (200, ""),
                ("/settings/verify/0", json!("true")),
            ),
            (
                "PATCH",
                p(),
                json!({ "settings": { "max_failures": 5 } }),
                (200, ""),
                ("/settings/verify/0", json!("true")),
            ),
            (
                "PATCH",
                p(),
                json!({ "settings": { "max_failures": 0 } }),
                (422, "invalid_field"),
                (field, json!("settings.max_failures")),
            ),
            ("POST", format!("{}/start", p()), NONE, (422, "invalid_field"), (field, json!("project"))),
            ("POST", format!("{}/phases", p()), json!({ "name": "One" }), (201, ""), ("/status", json!("pending"))),
            ("POST", format!("{}/start", p()), NONE, (200, ""), ("/status", json!("active"))),
            ("POST", format!("{}/pause", p()), NONE, (200, ""), ("/status", json!("paused"))),
            ("POST", format!("{}/pause", p()), NONE, (409, "illegal_transition"), ("/status", json!(409))),
            ("POST", format!("{}/resume", p()), NONE, (200, ""), ("/status", json!("active"))),
            ("POST", format!("{}/archive", p()), NONE, (200, ""), ("/status", json!("archived"))),
            ("DELETE", p(), NONE, (200, ""), ("/deleted_tasks", json!(0))),
            ("GET", p(), NONE, (404, "not_found"), ("/status", json!(404))),
        ],
    )
    .await;
}

#[actix_web::test]
async fn features_are_made_edited_assigned_and_deleted() {
    let (site, shop) = Site::with_shop().await;
    let all = || "/projects/shop/features".to_owned();
    let f = |rest: &str| format!("/projects/shop/features/{}{rest}", shop.feature);
    let agent = "/agent_id";
    play(
        &site,
        vec![
            ("POST", all(), json!({ "name": " " }), (422, "invalid_field"), ("/errors/0/field", json!("name"))),
            ("POST", all(), json!({ "name": "X", "phase_id": 999_999 }), (404, "not_found"), ("/status", json!(404))),
            ("POST", all(), json!({ "name": "Pay" }), (201, ""), ("/phase_id", json!(shop.phase))),
            ("GET", all(), NONE, (200, ""), ("/items/1/name", json!("Pay"))),
            (
                "GET",
                format!("/projects/shop/phases/{}/features", shop.phase),
                NONE,
                (200, ""),
                ("/items/0/name", json!("Cart")),
            ),
            ("PATCH", f(""), json!({ "spec": "# Cart" }), (200, ""), ("/spec", json!("# Cart"))),
            ("GET", f(""), NONE, (200, ""), ("/spec", json!("# Cart"))),
            ("PUT", f(""), json!({ "name": "Basket" }), (200, ""), ("/spec", NONE)),
            ("GET", f("/tasks"), NONE, (200, ""), ("/items/2/name", json!("C"))),
            ("GET", f("/tasks?status=passing"), NONE, (200, ""), ("/items", json!([]))),
            ("POST", f("/assign"), json!({ "agent_id": "a b" }), (422, "invalid_field"), ("/status", json!(422))),
            ("POST", f("/assign"), json!({ "agent_id": "eve" }), (200, ""), (agent, json!("eve"))),
            ("POST", f("/assign"), json!({ "agent_id": null }), (200, ""), (agent, NONE)),
            (
                "POST",
                f("/assign"),
                json!({ "agent_id": "eve", "runner": "rehearsal" }),
                (422, "invalid_field"),
                ("/errors/0/field", json!("runner")),
            ),
            ("POST", f("/assign"), NONE, (200, ""), (agent, json!("coder-1"))),
            ("POST", f("/assign"), json!({ "runner": "rehearsal" }), (200, ""), (agent, json!("coder-2"))),
            ("GET", "/projects/shop/agents/coder-2".into(), NONE, (200, ""), ("/wanted", json!("running"))),
            ("POST", f("/spec"), NONE, (409, "illegal_transition"), ("/status", json!(409))),
            ("DELETE", f(""), NONE, (200, ""), ("/deleted_tasks", json!(3))),
            ("GET", f(""), NONE, (404, "not_found"), ("/status", json!(404))),
        ],
    )
    .await;
}

#[actix_web::test]
async fn tasks_are_made_edited_linked_and_deleted() {
    let (site, shop) = Site::with_shop().await;
    let [a, b, c] = shop.tasks;
    let t = |id: i64, rest: &str| format!("/projects/shop/tasks/{id}{rest}");
    let all = || "/projects/shop/tasks".to_owned();
    let batch = |tasks: Value| json!({ "feature_id": shop.feature, "tasks": tasks });
    play(
        &site,
        vec![
            (
                "POST",
                all(),
                json!({ "name": "D", "depends_on": [a], "feature_id": shop.feature }),
                (201, ""),
                ("/depends_on/0/id", json!(a)),
            ),
            ("POST", all(), json!({ "name": "Q" }), (201, ""), ("/feature_name", json!("Quick tasks"))),
            (
                "POST",
                all(),
                json!({ "name": "D", "status": "passing" }),
                (422, "invalid_field"),
                ("/status", json!(422)),
            ),
            (
                "POST",
                all(),
                json!({ "name": "D", "estimated_complexity": 6 }),
                (422, "invalid_field"),
                ("/errors/0/field", json!("estimated_complexity")),
            ),
            (
                "POST",
                format!("{}/batch", all()),
                batch(json!([])),
                (422, "invalid_field"),
                ("/errors/0/field", json!("tasks")),
            ),
            (
                "POST",
                format!("{}/batch", all()),
                batch(json!([{ "name": "" }])),
                (422, "invalid_field"),
                ("/errors/0/field", json!("tasks[0].name")),
            ),
            ("GET", t(b, ""), NONE, (200, ""), ("/evidence", json!([]))),
            (
                "PATCH",
                t(b, ""),
                json!({ "steps": ["look"], "estimated_complexity": 5 }),
                (200, ""),
                ("/estimated_complexity", json!(5)),
            ),
            ("PATCH", t(b, ""), json!({ "status": "passing" }), (422, "invalid_field"), ("/status", json!(422))),
            ("PATCH", t(c, "/skip"), json!({ "reason": "later" }), (200, ""), ("/skip_count", json!(1))),
            ("PATCH", t(c, "/skip"), NONE, (200, ""), ("/skip_count", json!(2))),
            ("GET", t(b, "/why"), NONE, (200, ""), ("/reasons/0/code", json!("dependency"))),
            (
                "PUT",
                t(a, "/dependencies"),
                json!({ "depends_on": [b] }),
                (422, "dependency_cycle"),
                ("/status", json!(422)),
            ),
            ("PUT", t(b, "/dependencies"), json!({ "depends_on": [] }), (200, ""), ("/is_blocked", json!(false))),
            ("GET", t(b, "/why"), NONE, (200, ""), ("/ready", json!(true))),
            ("POST", t(a, "/answer"), json!({ "text": "yes" }), (409, "illegal_transition"), ("/status", json!(409))),
            ("POST", t(a, "/reopen"), NONE, (409, "illegal_transition"), ("/status", json!(409))),
            ("DELETE", t(a, ""), NONE, (200, ""), ("/deleted_tasks", json!(1))),
            ("GET", t(a, ""), NONE, (404, "not_found"), ("/status", json!(404))),
            ("GET", t(a, "x"), NONE, (404, "not_found"), ("/status", json!(404))),
        ],
    )
    .await;
}

#[actix_web::test]
async fn agents_are_made_edited_told_and_deleted() {
    let (site, _) = Site::with_shop().await;
    let all = || "/projects/shop/agents".to_owned();
    let a = |rest: &str| format!("/projects/shop/agents/c.1{rest}");
    play(
        &site,
        vec![
            ("POST", all(), json!({ "id": "a b" }), (422, "invalid_field"), ("/status", json!(422))),
            (
                "POST",
                all(),
                json!({ "id": "c.1", "options": { "command": ["x"] } }),
                (201, ""),
                ("/wanted", json!("stopped")),
            ),
            ("POST", all(), json!({ "id": "c.1" }), (409, "name_taken"), ("/status", json!(409))),
            ("GET", all(), NONE, (200, ""), ("/items/0/runner", json!("claude-code"))),
            ("GET", a(""), NONE, (200, ""), ("/options/command/0", json!("x"))),
            ("PATCH", a(""), json!({ "model": "opus", "role": "reviewer" }), (200, ""), ("/model", json!("opus"))),
            ("POST", a("/start"), NONE, (200, ""), ("/wanted", json!("running"))),
            ("POST", a("/pause"), NONE, (200, ""), ("/wanted", json!("paused"))),
            ("POST", a("/resume"), NONE, (200, ""), ("/wanted", json!("running"))),
            ("POST", a("/stop"), NONE, (200, ""), ("/wanted", json!("stopped"))),
            ("DELETE", a(""), NONE, (204, ""), ("", NONE)),
            ("DELETE", a(""), NONE, (404, "not_found"), ("/status", json!(404))),
        ],
    )
    .await;
}
