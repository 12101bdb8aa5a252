//! Ids of another project are as missing as none, whatever the operation.

use actix_web::http::Method;
use serde_json::{Value, json};

use super::Site;

/// Every operation of the document, without `/api`.
pub(super) fn operations() -> Vec<(String, Method)> {
    let document = serde_json::to_value(crate::openapi::document()).unwrap();
    let mut all = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in item.as_object().unwrap().keys().filter(|key| key.len() <= 6) {
            let path = path.strip_prefix("/api").unwrap().to_owned();
            all.push((path, method.to_uppercase().parse().unwrap()));
        }
    }
    all
}

/// A body that the operation takes.
fn body(path: &str, method: &Method) -> Option<Value> {
    let last = path.rsplit('/').next().unwrap_or_default();
    match (method.as_str(), last) {
        ("GET" | "DELETE", _) => None,
        ("PUT", "dependencies") => Some(json!({ "depends_on": [] })),
        ("PUT", _) => Some(json!({ "name": "x" })),
        ("POST", "reject" | "reopen") => Some(json!({ "reason": "x" })),
        ("POST", "answer" | "messages") => Some(json!({ "text": "x" })),
        ("POST", "proposals") => Some(json!({ "accept": [1] })),
        _ => Some(json!({})),
    }
}

#[actix_web::test]
async fn a_foreign_id_gets_the_reply_of_a_missing_one() {
    let (site, shop) = Site::with_shop().await;
    site.project("blog").await;
    let mut asked = 0;
    for (path, method) in operations() {
        let Some((noun, _)) = path.strip_prefix("/projects/{name}/").and_then(|rest| rest.split_once('/')) else {
            continue;
        };
        let foreign = match noun {
            "phases" => shop.phase,
            "features" => shop.feature,
            "tasks" => shop.tasks[0],
            _ => continue,
        };
        let at = |id: i64| {
            let path = path.replace("{name}", "blog");
            ["{id}", "{phase_id}", "{feature_id}"].iter().fold(path, |path, name| path.replace(name, &id.to_string()))
        };
        if at(1) == at(2) {
            continue;
        }
        let ask = async |id: i64| site.send(&site.ann, method.clone(), &at(id), body(&path, &method), &[]).await;
        let (there, missing) = (ask(foreign).await, ask(987_654).await);
        assert_eq!(missing.outcome(), (404, "not_found".to_owned()), "{method} {path}: {}", missing.text);
        assert_eq!(there.text, missing.text.replace("987654", &foreign.to_string()), "{method} {path}");
        asked += 1;
    }
    assert!(asked > 25, "{asked}");
}

#[actix_web::test]
async fn a_foreign_id_in_a_body_or_query_is_missing_too() {
    let (site, shop) = Site::with_shop().await;
    site.project("blog").await;
    let (phase, feature, [task, ..]) = (shop.phase, shop.feature, shop.tasks);
    let own = site.post("/projects/blog/tasks", json!({ "name": "own" })).await.id();
    for (method, path, body) in [
        ("POST", "features".to_owned(), json!({ "name": "x", "phase_id": phase })),
        ("POST", "tasks".to_owned(), json!({ "name": "x", "feature_id": feature })),
        ("POST", "tasks".to_owned(), json!({ "name": "x", "depends_on": [task] })),
        ("POST", "tasks/batch".to_owned(), json!({ "feature_id": feature, "tasks": [{ "name": "x" }] })),
        ("PUT", format!("tasks/{own}/dependencies"), json!({ "depends_on": [task] })),
        ("GET", format!("tasks?feature_id={feature}"), Value::Null),
        ("GET", format!("graph?phase_id={phase}"), Value::Null),
        ("GET", format!("graph?feature_id={feature}"), Value::Null),
    ] {
        let reply = site.ask(method, &format!("/projects/blog/{path}"), body).await;
        assert_eq!(reply.outcome(), (404, "not_found".to_owned()), "{method} {path}: {}", reply.text);
    }
}
