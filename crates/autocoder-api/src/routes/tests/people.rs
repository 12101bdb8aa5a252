//! What a person does at a gate, with a question, and with a proposed plan.

use std::process::Command;

use autocoder_core::event::Actor;
use autocoder_core::ids::{AgentId, FeatureId};
use autocoder_core::task::{Evidence, NewTask, Prerequisite, Question};
use autocoder_core::workflow::{ask_task, pass_task, propose_tasks};
use serde_json::json;

use super::Site;

#[actix_web::test]
async fn a_review_shows_tasks_evidence_and_the_code_that_changed() {
    let (site, shop) = Site::with_shop().await;
    let git = |args: &[&str]| {
        let person = ["-c", "user.name=ann", "-c", "user.email=a@localhost"];
        let folder = site.folder.path().join("shop");
        let output = Command::new("git").args(person).args(args).current_dir(folder).output().unwrap();
        assert!(output.status.success(), "{output:?}");
    };
    let review = format!("/projects/shop/phases/{}/review", shop.phase);
    assert_eq!(site.get(&review).await.json()["diff"], json!(null));
    git(&["init", "-q", "-b", "trunk"]);
    git(&["commit", "-q", "--allow-empty", "-m", "first"]);
    git(&["checkout", "-q", "-b", "autocoder/main"]);
    std::fs::write(site.folder.path().join("shop/cart.txt"), "one\n").unwrap();
    git(&["add", "-A"]);
    git(&["commit", "-qm", "cart"]);
    git(&["checkout", "-q", "trunk"]);

    let (project, task, fence) = site.claim("shop", "coder-1").await;
    let evidence = Evidence {
        task,
        attempt: fence.attempt,
        command: "npm test".to_owned(),
        exit_code: Some(0),
        output_end: format!("{}ü", "x".repeat(5_000)),
        commit: None,
        at: autocoder_core::time::Timestamp(0),
    };
    pass_task(&site.context(&Actor::System), project, task, &fence, vec![evidence]).await.unwrap();
    let reply = site.get(&review).await;
    let json = reply.json();
    let shown = &json["features"][0]["tasks"][0];
    assert_eq!((&shown["passes"], &shown["evidence"]["command"]), (&json!(true), &json!("npm test")));
    assert_eq!(shown["evidence"]["output_end"].as_str().unwrap().len(), 2_000);
    assert_eq!((&json["diff"]["base"], &json["diff"]["insertions"]), (&json!("trunk"), &json!(1)));
    assert!(json["diff"]["patch"].as_str().unwrap().contains("+one"), "{}", reply.text);
}

#[actix_web::test]
async fn a_question_is_in_the_inbox_until_it_is_answered() {
    let (site, _) = Site::with_shop().await;
    let (project, task, fence) = site.claim("shop", "coder-1").await;
    let question = Question { text: "Which?".to_owned(), choices: vec!["this".to_owned()], recommendation: None };
    ask_task(&site.context(&Actor::System), project, task, &fence, question).await.unwrap();
    let inbox = site.get("/inbox?project=shop").await.json();
    assert_eq!((&inbox["items"][0]["kind"], &inbox["items"][0]["choices"][0]), (&json!("question"), &json!("this")));
    let task = format!("/projects/shop/tasks/{task}");
    assert_eq!(site.post(&format!("{task}/answer"), json!({ "text": " " })).await.status, 422);
    let answered = site.post(&format!("{task}/answer"), json!({ "text": "this" })).await.json();
    assert_eq!((&answered["status"], &answered["answer"]), (&json!("pending"), &json!("this")));
    assert_eq!(site.get("/inbox").await.json()["items"], json!([]));
}

#[actix_web::test]
async fn a_spec_is_asked_for_talked_about_and_given_up() {
    let (site, _) = Site::with_shop().await;
    let made = site.post("/projects/shop/features", json!({ "name": "Pay" })).await;
    let feature = format!("/projects/shop/features/{}", made.id());
    assert_eq!(site.get("/inbox").await.json()["items"][0]["kind"], "spec");
    let said = site.post(&format!("{feature}/spec/messages"), json!({ "text": "by card" })).await;
    assert_eq!((said.status.as_u16(), &said.json()["author"]), (201, &json!("person:ann")));
    let messages = site.get(&format!("{feature}/spec/messages")).await.json();
    assert_eq!(messages["items"][0], said.json());
    let stopped = site.ask("POST", &format!("{feature}/spec/stop"), json!(null)).await.json();
    assert_eq!(stopped["spec_requested_at"], json!(null));
    assert_eq!(site.get("/inbox").await.json()["items"], json!([]));
    let again = site.ask("POST", &format!("{feature}/spec"), json!(null)).await.json();
    assert!(again["spec_requested_at"].is_string(), "{again}");
}

#[actix_web::test]
async fn accepted_proposals_become_tasks_and_declined_ones_do_not() {
    let (site, shop) = Site::with_shop().await;
    let project = site.app.store.queries().project("shop").await.unwrap().unwrap().id;
    let writer = Actor::Agent(AgentId("writer".to_owned()));
    let task = |name: &str, depends_on| NewTask { name: name.to_owned(), depends_on, ..NewTask::default() };
    let new = vec![task("X", vec![]), task("Y", vec![Prerequisite::Sibling(0)]), task("Z", vec![])];
    propose_tasks(&site.context(&writer), project, FeatureId(shop.feature), new).await.unwrap();
    let path = format!("/projects/shop/features/{}/proposals", shop.feature);
    let listed = site.get(&path).await.json();
    let id = |place: usize| listed["items"][place]["id"].clone();
    assert_eq!(listed["items"][1]["task"]["depends_on"], json!([{ "proposal": id(0) }]));

    let alone = site.post(&path, json!({ "accept": [id(1)] })).await;
    assert_eq!(alone.json()["errors"][0]["field"], "accept[0]", "{}", alone.text);
    let decided = site.post(&path, json!({ "accept": [id(1), id(0)], "decline": [id(2)] })).await.json();
    assert_eq!((&decided["tasks"][0]["name"], &decided["tasks"][1]["name"]), (&json!("X"), &json!("Y")));
    let open = site.get(&format!("{path}?status=open")).await.json();
    assert_eq!(open["items"], json!([]));
    let declined = site.get(&format!("{path}?status=declined")).await.json();
    assert_eq!(declined["items"][0]["task"]["name"], "Z");
}
