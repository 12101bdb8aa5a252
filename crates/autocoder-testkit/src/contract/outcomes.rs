//! What becomes of a claimed task: passed, failed, released, skipped, asked about, reopened.

use autocoder_core::feature::FeatureStatus;
use autocoder_core::project::ProjectSettings;
use autocoder_core::task::{Evidence, Question, Task, TaskStatus};
use autocoder_core::workflow::{
    answer_task, ask_task, fail_task, pass_task, release_task, reopen_task, skip_task, skip_task_as_person,
};

use super::Bed;
use super::bed::{fence, refusal};
use crate::builder::Plan;

pub async fn passing_twice_with_the_same_claim_is_once(bed: &mut Bed) {
    bed.lay(Plan::new("p").phase("One").feature("A").tasks(2)).await;
    let claim = bed.take("a").await;
    bed.pass(&claim).await;
    let (rows, mark) = (bed.rows().await, bed.mark().await);
    assert_eq!(bed.pass(&claim).await.status, TaskStatus::Passing);
    bed.clock.advance(600);
    assert_eq!(bed.pass(&claim).await.status, TaskStatus::Passing);
    bed.assert_unchanged(&rows, mark).await;
}

pub async fn failures_back_off_and_block_in_the_end(bed: &mut Bed) {
    bed.lay(Plan::new("p").phase("One").feature("A").tasks(1)).await;
    for (failures, wait) in [(1, 120), (2, 240)] {
        let claim = bed.take("a").await;
        let failed = bed.fail(&claim).await;
        let retry_at = bed.clock.now().plus_seconds(wait);
        assert_eq!((failed.status, failed.failures), (TaskStatus::Pending, failures));
        assert_eq!((failed.not_before, failed.blocked_reason.as_deref()), (Some(retry_at), Some("red")));
        bed.clock.advance(wait - 1);
        let idle = bed.idle("a").await;
        assert_eq!((idle.reason.as_str(), idle.advice.as_str(), idle.retry_at), ("backoff", "wait", Some(retry_at)));
        bed.clock.advance(1);
    }
    let claim = bed.take("a").await;
    assert_eq!((claim.attempt().0, claim.task.not_before), (3, None));
    let blocked = bed.fail(&claim).await;
    assert_eq!((blocked.status, blocked.failures, blocked.not_before), (TaskStatus::Blocked, 3, None));
    assert_eq!(bed.why_idle("a").await, "max_attempts stop");
}

pub async fn a_long_row_of_failures_backs_off_an_hour_at_most(bed: &mut Bed) {
    let settings = ProjectSettings { max_failures: 100, ..ProjectSettings::default() };
    bed.lay(Plan::new("p").settings(settings).phase("One").feature("A").tasks(1)).await;
    for wait in [120, 240, 480, 960, 1_920, 3_600, 3_600] {
        let claim = bed.take("a").await;
        assert_eq!(bed.fail(&claim).await.not_before, Some(bed.clock.now().plus_seconds(wait)));
        bed.clock.advance(wait);
    }
}

pub async fn reopening_a_blocked_task_starts_its_failures_over(bed: &mut Bed) {
    let settings = ProjectSettings { max_failures: 1, ..ProjectSettings::default() };
    bed.lay(Plan::new("p").settings(settings).phase("One").feature("A").tasks(1)).await;
    let claim = bed.take("a").await;
    let id = bed.fail(&claim).await.id;
    assert_eq!(bed.task("A 1").await.status, TaskStatus::Blocked);
    let reopened = reopen_task(&bed.cx(), bed.project, id, "try again").await.unwrap();
    assert_eq!((reopened.status, reopened.failures), (TaskStatus::Pending, 0));
    assert_eq!(refusal(reopen_task(&bed.cx(), bed.project, id, "").await), "illegal_transition");
    assert_eq!(bed.take("b").await.attempt().0, 2);
}

pub async fn reopening_a_passing_task_takes_its_feature_back(bed: &mut Bed) {
    let plan = Plan::new("p").phase("One").feature("A").tasks(1).feature("B").task("B 1").after(&["A 1"]);
    bed.lay(plan.feature("C").tasks(1)).await;
    let claim = bed.take("a").await;
    bed.pass(&claim).await;
    assert_eq!(bed.feature("A").await.status, FeatureStatus::Completed);
    bed.assert_counters().await;
    reopen_task(&bed.cx(), bed.project, claim.task.id, "broken").await.unwrap();
    assert_eq!(bed.feature("A").await.status, FeatureStatus::InProgress);
    let waiting = bed.task("B 1").await;
    assert_eq!((waiting.open_prerequisites, waiting.is_ready()), (1, false));
    bed.assert_counters().await;
    let (names, _) = bed.work("a").await;
    assert_eq!(names, ["A 1", "B 1", "C 1"]);
}

pub async fn a_skipped_task_goes_behind_all_others_and_is_counted(bed: &mut Bed) {
    bed.lay(Plan::new("p").phase("One").feature("A").tasks(2).task("A last").priority(900)).await;
    let claim = bed.take("a").await;
    bed.clock.advance(60);
    let skipped = skip_task(&bed.cx(), bed.project, claim.task.id, &fence(&claim), "later").await.unwrap();
    assert_eq!((skipped.priority, skipped.skip_count, skipped.failures), (901, 1, 0));
    assert_eq!((skipped.eligible_since, skipped.status), (bed.clock.now(), TaskStatus::Pending));
    let second = bed.id("A 2").await;
    let skipped = skip_task_as_person(&bed.cx(), bed.project, second, "").await.unwrap();
    assert_eq!((skipped.priority, skipped.skip_count), (902, 1));
    let (names, _) = bed.work("a").await;
    assert_eq!(names, ["A last", "A 1", "A 2"]);
    assert_eq!(refusal(skip_task_as_person(&bed.cx(), bed.project, second, "").await), "illegal_transition");
}

pub async fn a_question_waits_for_its_answer(bed: &mut Bed) {
    bed.lay(Plan::new("p").phase("One").feature("A").tasks(1)).await;
    let claim = bed.take("a").await;
    let choices = vec!["red".to_owned(), "blue".to_owned()];
    let question = Question { text: "Which colour?".to_owned(), choices, recommendation: Some("blue".to_owned()) };
    let (id, held) = (claim.task.id, fence(&claim));
    let blank = ask_task(&bed.cx(), bed.project, id, &held, Question::default()).await;
    assert_eq!(refusal(blank), "invalid_field");
    let asked = ask_task(&bed.cx(), bed.project, id, &held, question.clone()).await.unwrap();
    assert_eq!((asked.status, asked.question.as_ref()), (TaskStatus::NeedsInput, Some(&question)));
    assert_eq!(bed.why_idle("a").await, "needs_input stop");
    assert_eq!(refusal(answer_task(&bed.cx(), bed.project, id, " ").await), "invalid_field");
    answer_task(&bed.cx(), bed.project, id, "red").await.unwrap();
    assert_eq!(refusal(answer_task(&bed.cx(), bed.project, id, "red").await), "illegal_transition");
    let again = bed.take("b").await;
    assert_eq!((again.task.question, again.task.answer.as_deref()), (Some(question), Some("red")));
}

pub async fn releasing_is_no_failure(bed: &mut Bed) {
    bed.lay(Plan::new("p").phase("One").feature("A").tasks(1)).await;
    let claim = bed.take("a").await;
    let back = release_task(&bed.cx(), bed.project, claim.task.id, &fence(&claim), "stopped").await.unwrap();
    assert_eq!((back.status, back.failures, back.not_before, back.lease), (TaskStatus::Pending, 0, None, None));
    assert_eq!(bed.take("b").await.attempt().0, 2);
}

pub async fn evidence_is_kept_newest_first(bed: &mut Bed) {
    bed.lay(Plan::new("p").phase("One").feature("A").tasks(1)).await;
    let claim = bed.take("a").await;
    let red = evidence(bed, &claim.task, "npm test", Some(1));
    let held = fence(&claim);
    fail_task(&bed.cx(), bed.project, claim.task.id, &held, "red", vec![red.clone()]).await.unwrap();
    bed.clock.advance(120);
    let claim = bed.take("a").await;
    let green = [evidence(bed, &claim.task, "npm run build", None), evidence(bed, &claim.task, "npm test", Some(0))];
    pass_task(&bed.cx(), bed.project, claim.task.id, &fence(&claim), green.to_vec()).await.unwrap();
    let kept = bed.store.queries().evidence(bed.project, claim.task.id).await.unwrap();
    let [first, second] = green;
    assert_eq!(kept, [second, first, red]);
}

fn evidence(bed: &Bed, task: &Task, command: &str, exit_code: Option<i32>) -> Evidence {
    Evidence {
        task: task.id,
        attempt: task.attempt,
        command: command.to_owned(),
        exit_code,
        output_end: "…\n3 tests".to_owned(),
        commit: exit_code.map(|_| "0123abcd".to_owned()),
        at: bed.clock.now(),
    }
}
