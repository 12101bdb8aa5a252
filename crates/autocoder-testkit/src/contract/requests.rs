//! Requests with a key happen once; requests with a version change only what they saw; answers carry what is stored.

use autocoder_core::changes::Node;
use autocoder_core::error::Refused;
use autocoder_core::feature::{FeaturePatch, NewFeature};
use autocoder_core::phase::{NewPhase, PhasePatch};
use autocoder_core::ports::StoreError;
use autocoder_core::project::{NewProject, ProjectPatch};
use autocoder_core::request::{Reply, Request, RequestKey};
use autocoder_core::task::TaskPatch;
use autocoder_core::webhook::WebhookPatch;
use autocoder_core::workflow::{
    Context, Rejection, add_feature, add_phase, add_webhook, approve_phase, assign_feature, create_project,
    delete_feature, delete_phase, delete_project, delete_task, delete_webhook, edit_feature, edit_phase, edit_project,
    edit_task, edit_webhook, pause_project, reject_phase, reopen_phase, reopen_task, set_dependencies,
    skip_task_as_person, start_phase, start_project, submit_phase,
};

use super::Bed;
use super::bed::refusal;
use super::webhooks::a_webhook;
use crate::builder::Plan;

fn with_key(principal: &str, key: &str) -> Request {
    let key = RequestKey::new(principal.to_owned(), key, "hash".to_owned()).unwrap();
    Request { key: Some(key), expected: None }
}

pub async fn a_key_is_used_once(bed: &mut Bed) {
    bed.lay(Plan::new("p").phase("One").feature("A").tasks(1)).await;
    let request = with_key("ann", "k-1");
    let (cx, receipts) = (Context { request: Some(&request), ..bed.cx() }, bed.store.receipts());
    let key = request.key.as_ref().unwrap();
    assert_eq!(receipts.receipt(key).await.unwrap(), None);
    let new = |name: &str| NewFeature { name: name.to_owned(), ..NewFeature::default() };
    let made = add_feature(&cx, bed.project, new("B")).await.unwrap();
    let receipt = receipts.receipt(key).await.unwrap().unwrap();
    assert_eq!((&receipt.key, receipt.at, receipt.reply), (key, bed.clock.now(), None));
    assert_eq!(receipt.subject, format!("feature:{}", made.id));

    let (rows, mark) = (bed.rows().await, bed.mark().await);
    let again = [
        add_feature(&cx, bed.project, new("C")).await.map(drop),
        create_project(&cx, NewProject { name: "q".into(), path: "/q".into(), ..Default::default() }).await.map(drop),
    ];
    for answer in again {
        let Err(Refused::Store(StoreError::Taken { noun, name })) = answer else { panic!("{answer:?}") };
        assert_eq!((noun, name.as_str()), ("idempotency key", "k-1"));
    }
    bed.assert_unchanged(&rows, mark).await;
    assert!(bed.store.queries().project("q").await.unwrap().is_none());

    let other = with_key("bob", "k-1");
    add_feature(&Context { request: Some(&other), ..bed.cx() }, bed.project, new("C")).await.unwrap();
}

pub async fn a_refused_request_leaves_its_key_unused(bed: &mut Bed) {
    bed.lay(Plan::new("p").phase("One").feature("A").tasks(1)).await;
    let request = with_key("ann", "k-1");
    let cx = Context { request: Some(&request), ..bed.cx() };
    let phase = bed.phase("One").await.id;
    assert_eq!(refusal(approve_phase(&cx, bed.project, phase, "").await), "illegal_transition");
    assert_eq!(bed.store.receipts().receipt(request.key.as_ref().unwrap()).await.unwrap(), None);
    pause_project(&cx, bed.project).await.unwrap();
}

pub async fn the_first_reply_stays_until_the_receipt_is_forgotten(bed: &mut Bed) {
    bed.lay(Plan::new("p").phase("One")).await;
    let request = with_key("ann", "k-1");
    let (key, receipts) = (request.key.as_ref().unwrap(), bed.store.receipts());
    let reply = |status| Reply {
        status,
        etag: Some(format!("\"{status}\"")),
        location: (status == 201).then(|| "/api/ä".to_owned()),
        body: format!("{{\"ä\":{status}}}"),
    };
    receipts.keep_reply(key, &reply(500)).await.unwrap();
    assert_eq!(receipts.receipt(key).await.unwrap(), None);
    pause_project(&Context { request: Some(&request), ..bed.cx() }, bed.project).await.unwrap();
    for status in [201, 409] {
        receipts.keep_reply(key, &reply(status)).await.unwrap();
        assert_eq!(receipts.receipt(key).await.unwrap().unwrap().reply, Some(reply(201)));
    }
    let now = bed.clock.now();
    assert_eq!(receipts.forget_receipts(now).await.unwrap(), 0);
    assert_eq!(receipts.forget_receipts(now.plus_seconds(1)).await.unwrap(), 1);
    assert_eq!(receipts.receipt(key).await.unwrap(), None);
}

pub async fn another_version_than_the_expected_one_is_stale(bed: &mut Bed) {
    bed.lay(Plan::new("p").phase("One").feature("A").tasks(2)).await;
    let (project, phase, feature, task) =
        (bed.view().await, bed.phase("One").await, bed.feature("A").await, bed.task("A 1").await);
    let webhook = add_webhook(&bed.cx(), a_webhook(None)).await.unwrap();
    let (rows, mark, at) = (bed.rows().await, bed.mark().await, bed.project);
    for wrong in [-1, 1] {
        let expecting = |node, version: i64| Request { key: None, expected: Some((node, version + wrong)) };
        let requests = [
            expecting(Node::Project(at), project.version),
            expecting(Node::Phase(phase.id), phase.version),
            expecting(Node::Feature(feature.id), feature.version),
            expecting(Node::Task(task.id), task.version),
            expecting(Node::Webhook(webhook.id), webhook.version),
        ];
        let [on_project, on_phase, on_feature, on_task, on_webhook] =
            requests.each_ref().map(|request| Context { request: Some(request), ..bed.cx() });
        let codes = [
            refusal(edit_project(&on_project, at, ProjectPatch::default()).await),
            refusal(pause_project(&on_project, at).await),
            refusal(delete_project(&on_project, at, true).await),
            refusal(edit_phase(&on_phase, at, phase.id, PhasePatch::default()).await),
            refusal(start_phase(&on_phase, at, phase.id).await),
            refusal(delete_phase(&on_phase, at, phase.id, true).await),
            refusal(edit_feature(&on_feature, at, feature.id, FeaturePatch::default()).await),
            refusal(assign_feature(&on_feature, at, feature.id, None).await),
            refusal(delete_feature(&on_feature, at, feature.id, true).await),
            refusal(edit_task(&on_task, at, task.id, TaskPatch::default()).await),
            refusal(skip_task_as_person(&on_task, at, task.id, "").await),
            refusal(set_dependencies(&on_task, at, task.id, Vec::new()).await),
            refusal(delete_task(&on_task, at, task.id, true).await),
            refusal(edit_webhook(&on_webhook, webhook.id, WebhookPatch::default()).await),
            refusal(delete_webhook(&on_webhook, webhook.id).await),
        ];
        assert_eq!(codes, ["stale"; 15]);
    }
    bed.assert_unchanged(&rows, mark).await;
    let seen = Request { key: None, expected: Some((Node::Task(task.id), task.version)) };
    let cx = Context { request: Some(&seen), ..bed.cx() };
    edit_task(&cx, at, task.id, TaskPatch::default()).await.unwrap();
    assert_eq!(refusal(edit_task(&cx, at, task.id, TaskPatch::default()).await), "stale");
}

pub async fn answers_carry_the_stored_version(bed: &mut Bed) {
    bed.lay(Plan::new("p").phase("One").feature("A").tasks(2)).await;
    let (cx, at) = (bed.cx(), bed.project);
    let (phase, feature, task) = (bed.phase("One").await.id, bed.feature("A").await.id, bed.id("A 1").await);
    let title = ProjectPatch { title: Some("P".to_owned()), ..ProjectPatch::default() };
    for project in [
        edit_project(&cx, at, title).await.unwrap(),
        pause_project(&cx, at).await.unwrap(),
        start_project(&cx, at).await.unwrap(),
    ] {
        assert!(project.version > 1, "{project:?}");
    }
    assert_eq!(bed.view().await.version, 4);
    let edited = edit_phase(&cx, at, phase, PhasePatch::default()).await.unwrap();
    assert_eq!(edited, bed.phase("One").await);
    let edited = edit_feature(&cx, at, feature, FeaturePatch::default()).await.unwrap();
    assert_eq!(edited, bed.feature("A").await);
    assert_eq!(assign_feature(&cx, at, feature, None).await.unwrap(), bed.feature("A").await);
    for answer in [
        edit_task(&cx, at, task, TaskPatch::default()).await.unwrap(),
        skip_task_as_person(&cx, at, task, "later").await.unwrap(),
    ] {
        assert!(answer.version > 1, "{answer:?}");
    }
    let claim = bed.take("a").await;
    assert_eq!(claim.task, bed.task(&claim.task.name).await);
    assert_eq!(claim.feature.version, bed.feature("A").await.version);
    assert_eq!(bed.pass(&claim).await, bed.task(&claim.task.name).await);
    let reopened = reopen_task(&cx, at, claim.task.id, "").await.unwrap();
    assert_eq!(reopened, bed.task(&claim.task.name).await);
    bed.work("a").await;
    let no = Rejection { reason: "no".to_owned(), reopen: Vec::new() };
    assert_eq!(reject_phase(&cx, at, phase, &no).await.unwrap(), bed.phase("One").await);
    bed.work("a").await;
    assert_eq!(submit_phase(&cx, at, phase).await.unwrap(), bed.phase("One").await);
    assert_eq!(approve_phase(&cx, at, phase, "").await.unwrap(), bed.phase("One").await);
    assert_eq!(reopen_phase(&cx, at, phase, "").await.unwrap(), bed.phase("One").await);
    let second = add_phase(&cx, at, NewPhase { name: "Two".to_owned(), ..NewPhase::default() }).await.unwrap();
    assert_eq!(second, bed.phase("Two").await);
    let webhook = add_webhook(&cx, a_webhook(None)).await.unwrap();
    let webhook = edit_webhook(&cx, webhook.id, WebhookPatch::default()).await.unwrap();
    assert_eq!(bed.store.queries().webhooks().await.unwrap(), [webhook]);
}
