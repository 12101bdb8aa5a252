//! What happened, what needs a person, and what lists show.

use autocoder_core::ids::{EventId, TaskId};
use autocoder_core::phase::PhaseStatus;
use autocoder_core::ports::TaskFilter;
use autocoder_core::project::ProjectSettings;
use autocoder_core::task::{Question, TaskStatus};
use autocoder_core::view::InboxKind;
use autocoder_core::workflow::{approve_phase, archive_project, ask_task, pick_for_regression, report_regression};
use serde_json::json;

use super::Bed;
use super::bed::{fence, refusal};
use crate::builder::Plan;

pub async fn every_change_has_its_event_and_ids_rise(bed: &mut Bed) {
    bed.lay(Plan::new("p").phase("One").feature("A").tasks(1)).await;
    bed.clock.advance(5);
    let claim = bed.take("a").await;
    bed.pass(&claim).await;
    approve_phase(&bed.cx(), bed.project, claim.phase.id, "fine").await.unwrap();
    let events = bed.events().await;
    let told: Vec<_> = events.iter().map(|event| format!("{} {} {}", event.actor, event.kind, event.subject)).collect();
    let (project, phase, feature, task) = (bed.project, claim.phase.id, claim.feature.id, claim.task.id);
    let expected = [
        format!("person:ann project.created project:{project}"),
        format!("person:ann plan.imported project:{project}"),
        "agent:a agent.registered agent:a".to_owned(),
        format!("agent:a phase.started phase:{phase}"),
        format!("agent:a feature.started feature:{feature}"),
        format!("agent:a task.claimed task:{task}"),
        format!("person:ann task.passed task:{task}"),
        format!("person:ann feature.completed feature:{feature}"),
        format!("person:ann phase.awaiting_approval phase:{phase}"),
        format!("person:ann phase.completed phase:{phase}"),
        format!("person:ann project.completed project:{project}"),
    ];
    assert_eq!(told, expected);
    assert!(events.is_sorted_by(|a, b| a.id < b.id));
    assert!(events.iter().skip(2).all(|event| event.at == bed.clock.now()));
    let claimed = json!({ "name": "A 1", "feature_id": feature, "attempt": 1, "agent_id": "a" });
    assert_eq!(events[5].payload, claimed);
}

pub async fn the_feed_goes_on_behind_a_cursor(bed: &mut Bed) {
    assert_eq!(bed.mark().await, EventId(0));
    let first = bed.lay(Plan::new("one").phase("One").feature("A").tasks(1)).await;
    let second = bed.lay(Plan::new("two").phase("One").feature("A").tasks(1)).await;
    bed.take("a").await;
    let (mark, feed) = (bed.mark().await, bed.store.feed());
    let all = feed.after(EventId(0), None, 100).await.unwrap();
    assert_eq!(all.last().map(|event| event.id), Some(mark));
    let (mut cursor, mut read) = (EventId(0), Vec::new());
    loop {
        let part = feed.after(cursor, None, 3).await.unwrap();
        assert!(part.len() <= 3);
        let Some(last) = part.last() else { break };
        cursor = last.id;
        read.extend(part);
    }
    assert_eq!(read, all);
    let of = |project| all.iter().filter(|event| event.project_id == project).cloned().collect::<Vec<_>>();
    assert_eq!(feed.after(EventId(0), Some(first), 100).await.unwrap(), of(first));
    assert_eq!(feed.after(EventId(0), Some(second), 2).await.unwrap(), of(second)[..2]);
}

pub async fn the_inbox_shows_what_needs_a_person(bed: &mut Bed) {
    let other = bed.lay(Plan::new("other").phase("One").feature("A").tasks(1)).await;
    bed.work("a").await;
    bed.clock.advance(1);
    let settings = ProjectSettings { max_failures: 1, ..ProjectSettings::default() };
    let plan = Plan::new("p").settings(settings).phase("One").feature("A").tasks(1).feature("B").tasks(1);
    bed.lay(plan.feature("unplanned")).await;
    let [first, second] = [bed.take("a").await, bed.take("b").await];
    bed.clock.advance(1);
    bed.fail(&second).await;
    bed.clock.advance(1);
    let choices = vec!["yes".to_owned(), "no".to_owned()];
    let question =
        Question { text: "Ship?".to_owned(), choices: choices.clone(), recommendation: Some("no".to_owned()) };
    ask_task(&bed.cx(), bed.project, first.task.id, &fence(&first), question).await.unwrap();
    let queries = bed.store.queries();
    let mine = queries.inbox(Some(bed.project)).await.unwrap();
    let told: Vec<_> = mine.iter().map(|item| (item.kind, item.name.as_str(), item.text.as_deref())).collect();
    let expected = [
        (InboxKind::Spec, "unplanned", None),
        (InboxKind::Blocked, "B 1", Some("red")),
        (InboxKind::Question, "A 1", Some("Ship?")),
    ];
    assert_eq!(told, expected);
    let now = bed.clock.now();
    assert_eq!(mine.iter().map(|item| now.seconds_since(item.since)).collect::<Vec<_>>(), [2, 1, 0]);
    let asked = mine.last().unwrap();
    assert_eq!((&asked.choices, asked.recommendation.as_deref()), (&choices, Some("no")));
    assert_eq!((asked.id, asked.project_name.as_str()), (first.task.id.0, "p"));
    let all = queries.inbox(None).await.unwrap();
    assert_eq!((all[0].kind, all[0].project_name.as_str(), &all[1..]), (InboxKind::Gate, "other", &mine[..]));
    archive_project(&bed.cx(), bed.project).await.unwrap();
    let left = queries.inbox(None).await.unwrap();
    assert_eq!(left, all[..1], "what is archived needs nobody");
    archive_project(&bed.cx(), other).await.unwrap();
    assert_eq!(queries.inbox(None).await.unwrap(), [], "its gate does not either");
}

pub async fn regression_takes_the_least_recently_verified_first(bed: &mut Bed) {
    bed.lay(Plan::new("p").phase("One").feature("A").tasks(4)).await;
    for _ in 0..3 {
        let claim = bed.take("a").await;
        bed.pass(&claim).await;
        bed.clock.advance(10);
    }
    let mut picked = Vec::new();
    for limit in [2, 2, 1, 9] {
        let tasks = pick_for_regression(&bed.cx(), bed.project, limit).await.unwrap();
        picked.push(tasks.iter().map(|task| task.name.clone()).collect::<Vec<_>>().join(" "));
        bed.clock.advance(10);
    }
    assert_eq!(picked, ["A 1 A 2", "A 3 A 1", "A 2", "A 1 A 3 A 2"]);
    for limit in [0, 101] {
        assert_eq!(refusal(pick_for_regression(&bed.cx(), bed.project, limit).await), "invalid_field");
    }
}

pub async fn a_regression_reopens_or_adds_a_repair(bed: &mut Bed) {
    bed.lay(Plan::new("p").phase("One").feature("A").tasks(2).phase("Two").feature("B").tasks(1)).await;
    let claim = bed.take("a").await;
    bed.pass(&claim).await;
    let reopened = report_regression(&bed.cx(), bed.project, claim.task.id, "it crashes").await.unwrap();
    assert_eq!((reopened.id, reopened.status), (claim.task.id, TaskStatus::Pending));
    assert_eq!(refusal(report_regression(&bed.cx(), bed.project, claim.task.id, "x").await), "illegal_transition");
    bed.work("a").await;
    let refused = report_regression(&bed.cx(), bed.project, claim.task.id, "it crashes").await;
    assert_eq!(refusal(refused), "phase_awaiting_approval");
    approve_phase(&bed.cx(), bed.project, claim.phase.id, "").await.unwrap();
    let repair = report_regression(&bed.cx(), bed.project, claim.task.id, "it crashes").await.unwrap();
    assert_eq!((repair.name.as_str(), repair.category.as_str()), ("Repair: A 1", "regression"));
    assert_eq!(bed.feature("Regressions").await.phase, bed.phase("Two").await.id);
    assert_eq!(bed.task("A 1").await.status, TaskStatus::Passing);
    assert_eq!(bed.phase("One").await.status, PhaseStatus::Completed);
    assert_eq!(bed.work("a").await.0, ["Repair: A 1", "B 1"]);
}

pub async fn lists_are_paged_and_filtered(bed: &mut Bed) {
    bed.lay(Plan::new("other").phase("One").feature("A").tasks(5)).await;
    bed.lay(Plan::new("p").phase("One").feature("Äpfel").tasks(3).feature("50%_off").tasks(3)).await;
    bed.take("a").await;
    let feature = bed.feature("50%_off").await.id;
    let status = Some(TaskStatus::InProgress);
    let text = |text: &str| TaskFilter { text: Some(text.to_owned()), ..TaskFilter::default() };
    for (filter, count) in [
        (TaskFilter::default(), 6),
        (TaskFilter { status, ..TaskFilter::default() }, 1),
        (TaskFilter { feature: Some(feature), ..TaskFilter::default() }, 3),
        (TaskFilter { feature: Some(feature), status, ..TaskFilter::default() }, 0),
        (text("OFF 2"), 1),
        (text("%"), 3),
        (text("_"), 3),
        (text("f%f"), 0),
        (text("\\"), 0),
        (text("Äpfel"), 3),
        (text("ÄPFEL"), 3),
    ] {
        let page = bed.store.queries().tasks(bed.project, &filter).await.unwrap();
        assert_eq!((page.items.len(), page.next_cursor), (count, None), "{filter:?}");
        let every = TaskFilter { status: None, ..filter.clone() };
        let (listed, counted) =
            (bed.store.queries().tasks(bed.project, &every).await.unwrap(), TaskFilter { limit: 1, ..filter });
        let counts = bed.store.queries().counts_of(bed.project, &counted).await.unwrap();
        assert_eq!(counts.total(), listed.items.len() as i64, "{counted:?}");
    }
    let (mut after, mut sizes, mut ids) = (None, Vec::new(), Vec::new());
    loop {
        let filter = TaskFilter { after, limit: 4, ..TaskFilter::default() };
        let page = bed.store.queries().tasks(bed.project, &filter).await.unwrap();
        sizes.push(page.items.len());
        ids.extend(page.items.iter().map(|card| card.id));
        let Some(cursor) = page.next_cursor else { break };
        after = Some(TaskId(cursor.parse().unwrap()));
    }
    assert_eq!(sizes, [4, 2]);
    assert_eq!(ids, bed.rows().await.tasks.iter().map(|task| task.id).collect::<Vec<_>>());
}
