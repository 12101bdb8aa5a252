//! Repeated and conditional requests.

use actix_web::http::Method;
use serde_json::json;

use super::Site;

#[actix_web::test]
async fn a_change_of_another_version_than_the_named_one_is_refused() {
    let (site, shop) = Site::with_shop().await;
    let [task, ..] = shop.tasks;
    for (path, body) in [
        ("/projects/shop".to_owned(), json!({ "title": "S" })),
        (format!("/projects/shop/phases/{}", shop.phase), json!({ "name": "P" })),
        (format!("/projects/shop/features/{}", shop.feature), json!({ "name": "F" })),
        (format!("/projects/shop/tasks/{task}"), json!({ "name": "T" })),
    ] {
        let patch = async |etag: &str| {
            site.send(&site.ann, Method::PATCH, &path, Some(body.clone()), &[("if-match", etag)]).await
        };
        let before = site.get(&path).await.etag.unwrap();
        let edited = patch(&before).await;
        assert_eq!(edited.status, 200, "{path}: {}", edited.text);
        assert_ne!(edited.etag, Some(before.clone()));
        assert_eq!(patch(&before).await.outcome(), (412, "stale".to_owned()), "{path}");
        assert_eq!(patch("*").await.status, 200);
        assert_eq!(patch("W/1").await.outcome(), (400, "malformed".to_owned()));
        let read = site.get(&path).await;
        let version = read.json()["version"].as_i64().unwrap();
        assert_eq!(read.etag, Some(format!("\"{version}\"")));
    }
}

#[actix_web::test]
async fn a_repeated_request_has_one_effect_and_one_reply() {
    let (site, shop) = Site::with_shop().await;
    let [task, ..] = shop.tasks;
    for (number, (path, body)) in [
        ("/projects/shop/features".to_owned(), json!({ "name": "Pay" })),
        ("/projects/shop/tasks".to_owned(), json!({ "name": "D" })),
        ("/projects/shop/tasks/batch".to_owned(), json!({ "feature_id": shop.feature, "tasks": [{ "name": "E" }] })),
        ("/projects/shop/agents".to_owned(), json!({ "id": "a" })),
        (format!("/projects/shop/features/{}/assign", shop.feature), json!({})),
        (format!("/projects/shop/features/{}/spec/messages", shop.feature), json!({ "text": "hi" })),
        ("/projects/shop/pause".to_owned(), json!(null)),
    ]
    .into_iter()
    .enumerate()
    {
        let key = format!("key-{number}");
        let send = async |body: serde_json::Value| {
            let body = Some(body).filter(|body| !body.is_null());
            site.send(&site.ann, Method::POST, &path, body, &[("idempotency-key", &key)]).await
        };
        let (first, second) = futures_util::join!(send(body.clone()), send(body.clone()));
        assert!(first.status.is_success(), "{path}: {}", first.text);
        assert_eq!((second.head(), &second.text), (first.head(), &first.text), "{path}");
        let after = site.app.store.feed().newest().await.unwrap();
        let third = send(body.clone()).await;
        assert_eq!((third.head(), &third.text, third.replayed), (first.head(), &first.text, true), "{path}");
        assert_eq!(send(json!({ "name": "another" })).await.outcome(), (422, "invalid_field".to_owned()), "{path}");
        assert_eq!(site.app.store.feed().newest().await.unwrap(), after, "{path}");
    }
    // A refused request leaves its key unused.
    let path = format!("/projects/shop/tasks/{task}/reopen");
    let send = async || site.send(&site.ann, Method::POST, &path, None, &[("idempotency-key", "r")]).await;
    let outcomes = (send().await.outcome(), send().await.outcome());
    assert_eq!(outcomes.0, (409, "illegal_transition".to_owned()));
    assert_eq!(outcomes.1, outcomes.0);
}
