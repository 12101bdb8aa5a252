//! Lists: columns and their counts, parts and their cursors, searches and graphs.

use serde_json::{Value, json};

use super::Site;

fn ids(items: &Value) -> Vec<i64> {
    items.as_array().unwrap().iter().map(|item| item["id"].as_i64().unwrap()).collect()
}

#[actix_web::test]
async fn columns_have_all_tasks_once_and_their_counts_add_up() {
    let (site, shop) = Site::with_shop().await;
    let (project, task, fence) = site.claim("shop", "a").await;
    let system = autocoder_core::event::Actor::System;
    autocoder_core::workflow::pass_task(&site.context(&system), project, task, &fence, vec![]).await.unwrap();
    let (_, asked, fence) = site.claim("shop", "a").await;
    let question = autocoder_core::task::Question { text: "?".into(), ..Default::default() };
    autocoder_core::workflow::ask_task(&site.context(&system), project, asked, &fence, question).await.unwrap();
    for name in ["D", "E"] {
        site.post("/projects/shop/tasks", json!({ "name": name, "feature_id": shop.feature })).await;
    }
    site.claim("shop", "a").await;
    let all = site.get("/projects/shop/tasks").await.json();
    assert_eq!(all["counts"], json!({ "pending": 3, "in_progress": 1, "done": 1 }));
    assert_eq!(all["cursors"], json!({ "pending": null, "in_progress": null, "done": null }));
    assert_eq!(all["pending"].as_array().unwrap().iter().filter(|card| card["status"] == "needs_input").count(), 1);
    let of_feature = site.get(&format!("/projects/shop/tasks?feature_id={}", shop.feature)).await.json();
    assert_eq!(of_feature, all);

    let mut seen = Vec::new();
    let mut path = "/projects/shop/tasks?limit=1".to_owned();
    loop {
        let part = site.get(&path).await.json();
        assert_eq!(part["counts"], all["counts"]);
        seen.extend(ids(&part["pending"]));
        let Some(cursor) = part["cursors"]["pending"].as_str() else { break };
        path = format!("/projects/shop/tasks?limit=1&pending_cursor={cursor}");
    }
    assert_eq!(seen, ids(&all["pending"]));

    let found = site.get("/projects/shop/tasks?q=d").await.json();
    assert_eq!(found["counts"].as_object().unwrap().values().map(|n| n.as_i64().unwrap()).sum::<i64>(), 1);
    let list = site.get("/projects/shop/tasks?status=all&limit=2").await.json();
    assert_eq!(ids(&list["items"]).len(), 2);
    let next = list["next_cursor"].as_str().unwrap();
    let rest = site.get(&format!("/projects/shop/tasks?status=all&cursor={next}")).await.json();
    assert_eq!(ids(&list["items"]).len() + ids(&rest["items"]).len(), 5);
}

#[actix_web::test]
async fn what_a_list_does_not_know_is_refused() {
    let (site, shop) = Site::with_shop().await;
    let phase = shop.phase;
    let feature = shop.feature;
    for (path, field) in [
        ("/projects?limit=0".to_owned(), "limit"),
        ("/projects/shop/tasks?limit=1001".to_owned(), "limit"),
        ("/projects/shop/tasks?cursor=1".to_owned(), "cursor"),
        ("/projects/shop/tasks?status=all&done_cursor=1".to_owned(), "status"),
        ("/projects/shop/tasks?done_cursor=x".to_owned(), "done_cursor"),
        ("/projects/shop/tasks?status=done".to_owned(), "status"),
        ("/projects/shop/tasks?statu=all".to_owned(), "statu"),
        ("/projects/shop/tasks?q=%00".to_owned(), "q"),
        (format!("/projects/shop/graph?phase_id={phase}&feature_id={feature}"), "feature_id"),
        ("/search?q=".to_owned(), "q"),
        ("/inbox?cursor=x".to_owned(), "cursor"),
    ] {
        let reply = site.get(&path).await;
        assert_eq!(reply.outcome(), (422, "invalid_field".to_owned()), "{path}: {}", reply.text);
        assert_eq!(reply.json()["errors"][0]["field"], field, "{path}: {}", reply.text);
    }
}

#[actix_web::test]
async fn a_graph_and_a_search_show_the_plan() {
    let (site, shop) = Site::with_shop().await;
    let [a, b, _] = shop.tasks;
    for path in
        ["graph".to_owned(), format!("graph?phase_id={}", shop.phase), format!("graph?feature_id={}", shop.feature)]
    {
        let graph = site.get(&format!("/projects/shop/{path}")).await.json();
        assert_eq!(ids(&graph["nodes"]), shop.tasks);
        assert_eq!(graph["edges"], json!([{ "task_id": b, "depends_on": a }]));
    }
    let found = site.get("/search?q=CAR").await.json();
    assert_eq!(
        found["items"],
        json!([{ "kind": "feature", "id": shop.feature, "project_name": "shop", "name": "Cart" }])
    );
}
