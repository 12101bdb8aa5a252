//! Whole plans as files: out, in, and what is wrong with one.

use serde_json::{Value, json};

use super::Site;

#[actix_web::test]
async fn a_plan_comes_back_as_it_went_in() {
    let (site, _) = Site::with_shop().await;
    site.project("copy").await;
    let plan = site.get("/projects/shop/plan").await;
    let dry = site.post("/projects/copy/plan?dry_run=true", plan.json()).await.json();
    assert_eq!((&dry["tasks"], &dry["report"]), (&json!(3), &json!(null)));
    let done = site.post("/projects/copy/plan", plan.json()).await;
    assert_eq!(done.json()["report"]["tasks"], json!({ "added": 3, "updated": 0, "unchanged": 0 }), "{}", done.text);
    let again = site.post("/projects/copy/plan", plan.json()).await.json();
    assert_eq!(again["report"]["tasks"]["unchanged"], 3);
    let tasks = |reply: &Value| reply["phases"][0]["features"][0]["tasks"].clone();
    assert_eq!(tasks(&site.get("/projects/copy/plan?format=json").await.json()), tasks(&plan.json()));
    let ann = &site.ann;
    let yaml = site.send(ann, "GET".parse().unwrap(), "/projects/shop/plan", None, &[("accept", "text/yaml")]).await;
    assert!(yaml.text.starts_with("version: 1\n"), "{}", yaml.text);

    let bad = site.post("/projects/copy/plan", json!({ "version": 1, "phases": [{ "nam": "x" }] })).await;
    assert_eq!(bad.outcome(), (422, "invalid_plan".to_owned()));
    let problem = bad.json()["errors"][0].clone();
    assert!(problem["rule"].as_str().unwrap().starts_with("line 1: "), "{problem}");
    let form = [("content-type", "text/plain")];
    let refused = site.send(ann, "POST".parse().unwrap(), "/projects/copy/plan", None, &form).await;
    assert_eq!(refused.outcome(), (415, "not_json".to_owned()));
}
