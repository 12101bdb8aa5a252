//! Who may do what: every operation is asked with less than it needs.

use actix_web::http::Method;
use serde_json::{Value, json};

use super::Site;

#[actix_web::test]
async fn a_viewer_changes_nothing() {
    let (site, shop) = Site::with_shop().await;
    let viewer = site.token("viewer", None).await;
    let before = site.app.store.feed().newest().await.unwrap();
    let mut asked = 0;
    for (path, method) in super::foreign::operations() {
        if method == Method::GET || path.starts_with("/auth") {
            continue;
        }
        let path = path.replace("{name}", "shop").replace("{id}", &shop.feature.to_string());
        let reply = site.send(&viewer, method.clone(), &path, Some(json!({})), &[]).await;
        assert_eq!(reply.outcome(), (403, "forbidden".to_owned()), "{method} {path}: {}", reply.text);
        asked += 1;
    }
    assert!(asked > 40, "{asked}");
    assert_eq!(site.app.store.feed().newest().await.unwrap(), before);
}

#[actix_web::test]
async fn what_programs_run_is_for_admins() {
    let (site, _) = Site::with_shop().await;
    let (editor, admin) = (site.token("editor", None).await, site.token("admin", None).await);
    site.post("/projects/shop/agents", json!({ "id": "a", "options": { "command": ["x"] } })).await;
    let command = |words: &[&str]| json!({ "options": { "command": words } });
    let folder = site.folder.path();
    let with_id = json!({ "id": "b", "options": { "command": ["x"] } });
    let new = json!({ "name": "new", "path": folder });
    for (method, path, body, by_editor) in [
        ("POST", "/projects", new, 403),
        ("PATCH", "/projects/shop", json!({ "settings": { "verify": ["true"] } }), 403),
        ("PATCH", "/projects/shop", json!({ "title": "Shop" }), 200),
        ("POST", "/projects/shop/agents", with_id, 403),
        ("POST", "/projects/shop/agents", json!({ "id": "c" }), 201),
        ("PATCH", "/projects/shop/agents/a", command(&["y"]), 403),
        ("PATCH", "/projects/shop/agents/a", command(&["y"]), 200),
        ("DELETE", "/projects/shop", Value::Null, 403),
    ] {
        let method: Method = method.parse().unwrap();
        let body = Some(body).filter(|body| !body.is_null());
        let reply = site.send(&editor, method.clone(), path, body.clone(), &[]).await;
        assert_eq!(reply.status, by_editor, "{method} {path}: {}", reply.text);
        if by_editor == 403 {
            let reply = site.send(&admin, method.clone(), path, body, &[]).await;
            assert!(reply.status.is_success(), "{method} {path}: {}", reply.text);
        }
    }
}

#[actix_web::test]
async fn a_token_of_one_project_sees_no_other() {
    let (site, _) = Site::with_shop().await;
    site.project("blog").await;
    site.post("/projects/blog/features", json!({ "name": "Cart too" })).await;
    site.post("/projects/shop/features", json!({ "name": "Cart again" })).await;
    let bound = site.token("admin", Some("blog")).await;
    let get = async |path: &str| site.send(&bound, Method::GET, path, None, &[]).await.json();
    let names = |list: &Value, field: &str| -> Vec<String> {
        list["items"].as_array().unwrap().iter().map(|item| item[field].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names(&get("/projects").await, "name"), ["blog"]);
    assert_eq!(names(&get("/inbox").await, "project_name"), ["blog"]);
    assert_eq!(names(&get("/search?q=cart&limit=1").await, "name"), ["Cart too"]);
    let missing = get("/projects/none").await.to_string();
    assert_eq!(get("/projects/shop").await.to_string(), missing.replace("none", "shop"));
    assert_eq!(get("/inbox?project=shop").await["code"], "not_found");
    let new = json!({ "name": "new", "path": site.folder.path() });
    let refused = site.send(&bound, Method::POST, "/projects", Some(new), &[]).await;
    assert_eq!(refused.outcome(), (403, "forbidden".to_owned()));
}
