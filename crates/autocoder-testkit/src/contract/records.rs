//! What is kept beside the plan: usage, runs, settings, and which crew drives a project.

use autocoder_core::event::EventKind;
use autocoder_core::ids::{AgentId, Attempt, PhaseId, RunId, TaskId};
use autocoder_core::ports::RunEnd;
use autocoder_core::run::{Run, RunKind, RunOutcome, Tokens};
use autocoder_core::time::Timestamp;
use autocoder_core::usage_record::{UsageQuality, UsageRecord, UsageSum};
use autocoder_core::workflow::{join_crew, leave_crew};
use serde_json::json;

use super::Bed;
use super::bed::refusal;
use crate::builder::Plan;

async fn run(bed: &Bed, task: Option<TaskId>) -> Run {
    let run = Run {
        id: RunId(0),
        project: bed.project,
        agent: AgentId("a".to_owned()),
        task,
        feature: None,
        kind: RunKind::Code,
        attempt: Attempt(1),
        rehearsal: true,
        started_at: bed.clock.now(),
        ended_at: None,
        outcome: None,
        detail: None,
        tokens: Tokens::default(),
        cost_reported_nusd: None,
        log_path: Some("/logs/1".to_owned()),
        branch: Some("autocoder/f-1".to_owned()),
    };
    let id = bed.store.ledger().start_run(run.clone()).await.unwrap();
    Run { id, ..run }
}

fn record(run: &Run, message: &str, at: Timestamp, tokens: Tokens) -> UsageRecord {
    UsageRecord {
        source: format!("session-{}", run.id),
        message_id: message.to_owned(),
        project: run.project,
        phase: None,
        feature: None,
        task: run.task,
        agent: run.agent.clone(),
        run: run.id,
        at,
        model: "model-1".to_owned(),
        tokens,
        cost_nusd: Some(tokens.output * 10),
        quality: UsageQuality::Exact,
        rehearsal: run.rehearsal,
    }
}

pub async fn usage_counts_a_message_once_and_grows_to_the_fuller_count(bed: &mut Bed) {
    bed.lay(Plan::new("p").phase("One").feature("A").tasks(1)).await;
    let run = run(bed, None).await;
    let (ledger, at) = (bed.store.ledger(), bed.clock.now());
    let first = Tokens { input: 10, output: 1, cache_read: 5, cache_write_5m: 7, ..Tokens::default() };
    let fuller = Tokens { input: 10, output: 90, cache_write_5m: 3, cache_write_1h: 4, ..Tokens::default() };
    let sum = UsageSum { project: Some(bed.project), rehearsal: true, ..UsageSum::default() };
    ledger.record(vec![record(&run, "m1", at, first), record(&run, "m1", at, fuller)]).await.unwrap();
    ledger.record(vec![record(&run, "m1", at, first)]).await.unwrap();
    let full = Tokens { input: 10, output: 90, cache_read: 5, cache_write_5m: 3, cache_write_1h: 4 };
    assert_eq!(ledger.used(&sum).await.unwrap(), full);
    ledger.record(vec![record(&run, "m2", at, Tokens { input: 1, ..Tokens::default() })]).await.unwrap();
    assert_eq!(ledger.used(&sum).await.unwrap(), Tokens { input: 11, ..full });
    ledger.record(Vec::new()).await.unwrap();
}

pub async fn usage_adds_up_by_what_it_is_asked_for(bed: &mut Bed) {
    bed.lay(Plan::new("p").phase("One").feature("A").tasks(2)).await;
    let (task, phase) = (bed.id("A 1").await, bed.phase("One").await.id);
    let (of_task, free) = (run(bed, Some(task)).await, run(bed, None).await);
    let (ledger, start) = (bed.store.ledger(), bed.clock.now());
    let input = |input| Tokens { input, ..Tokens::default() };
    let mut records: Vec<_> =
        (0..400).map(|number| record(&free, &format!("m{number}"), start.plus_seconds(number), input(1))).collect();
    records.push(UsageRecord { phase: Some(phase), ..record(&of_task, "m0", start, input(1_000)) });
    records.push(UsageRecord { rehearsal: false, ..record(&of_task, "m1", start, input(20_000)) });
    ledger.record(records).await.unwrap();
    let rehearsal = UsageSum { rehearsal: true, ..UsageSum::default() };
    let (from, until) = (Some(start.plus_seconds(100)), Some(start.plus_seconds(110)));
    for (sum, expected) in [
        (rehearsal.clone(), 1_400),
        (UsageSum::default(), 20_000),
        (UsageSum { project: Some(bed.project), ..rehearsal.clone() }, 1_400),
        (UsageSum { project: Some(autocoder_core::ids::ProjectId(i64::MAX)), ..rehearsal.clone() }, 0),
        (UsageSum { task: Some(task), ..rehearsal.clone() }, 1_000),
        (UsageSum { phase: Some(phase), ..rehearsal.clone() }, 1_000),
        (UsageSum { phase: Some(PhaseId(i64::MAX)), ..rehearsal.clone() }, 0),
        (UsageSum { from, until, ..rehearsal.clone() }, 10),
        (UsageSum { from, ..rehearsal }, 300),
    ] {
        assert_eq!(ledger.used(&sum).await.unwrap(), input(expected), "{sum:?}");
    }
}

pub async fn a_run_ends_once(bed: &mut Bed) {
    bed.lay(Plan::new("p").phase("One").feature("A").tasks(1)).await;
    let (first, second) = (run(bed, Some(bed.id("A 1").await)).await, run(bed, None).await);
    let (ledger, project) = (bed.store.ledger(), bed.project);
    assert_eq!(ledger.now().await.unwrap(), bed.clock.now());
    assert_eq!(ledger.open_runs(project).await.unwrap(), [first.clone(), second.clone()]);
    let tokens = Tokens { input: 1, output: 2, cache_read: 3, cache_write_5m: 4, cache_write_1h: 5 };
    let end = RunEnd {
        at: bed.clock.now().plus_seconds(9),
        outcome: RunOutcome::LimitReached,
        detail: Some("until noon".to_owned()),
        tokens,
        cost_reported_nusd: Some(7),
    };
    ledger.end_run(first.id, end.clone()).await.unwrap();
    ledger.end_run(first.id, RunEnd { outcome: RunOutcome::Completed, ..end.clone() }).await.unwrap();
    let ended = Run {
        ended_at: Some(end.at),
        outcome: Some(RunOutcome::LimitReached),
        detail: end.detail,
        tokens,
        cost_reported_nusd: Some(7),
        ..first
    };
    assert_eq!(ledger.open_runs(project).await.unwrap(), std::slice::from_ref(&second));
    assert_eq!(ledger.runs(project, None, 9).await.unwrap(), [second.clone(), ended]);
    assert_eq!(ledger.runs(project, Some(&AgentId("a".to_owned())), 1).await.unwrap(), [second]);
    assert_eq!(ledger.runs(project, Some(&AgentId("b".to_owned())), 9).await.unwrap(), []);
}

pub async fn a_setting_is_what_was_written_last(bed: &mut Bed) {
    let ledger = bed.store.ledger();
    assert_eq!(ledger.setting("budget").await.unwrap(), None);
    for value in [json!({ "limit": 5, "at": [1, null] }), json!("none"), json!(null)] {
        ledger.set_setting("budget", value.clone()).await.unwrap();
        assert_eq!(ledger.setting("budget").await.unwrap(), Some(value));
    }
    assert_eq!(ledger.setting("other").await.unwrap(), None);
}

pub async fn a_crew_keeps_a_second_one_out(bed: &mut Bed) {
    bed.lay(Plan::new("p").phase("One").feature("A").tasks(1)).await;
    let (project, mark, version) = (bed.project, bed.mark().await, bed.view().await.version);
    join_crew(&bed.cx(), project, "one:1", None).await.unwrap();
    bed.clock.advance(19);
    assert_eq!(refusal(join_crew(&bed.cx(), project, "two:2", Some("two:1")).await), "crew_running");
    join_crew(&bed.cx(), project, "one:1", None).await.unwrap();
    bed.clock.advance(19);
    assert_eq!(bed.view().await.driven_by.as_deref(), Some("one:1"));
    assert_eq!(refusal(join_crew(&bed.cx(), project, "two:2", None).await), "crew_running");
    leave_crew(&bed.cx(), project, "two:2", "").await.unwrap();
    bed.clock.advance(1);
    assert_eq!(bed.view().await.driven_by, None);
    join_crew(&bed.cx(), project, "two:2", None).await.unwrap();
    join_crew(&bed.cx(), project, "three:3", Some("two:2")).await.unwrap();
    leave_crew(&bed.cx(), project, "two:2", "late").await.unwrap();
    leave_crew(&bed.cx(), project, "three:3", "done").await.unwrap();
    join_crew(&bed.cx(), project, "four:4", None).await.unwrap();
    use EventKind::{CrewStarted, CrewStopped};
    let kinds = [CrewStarted, CrewStarted, CrewStarted, CrewStopped, CrewStarted];
    assert_eq!(bed.kinds_since(mark).await, kinds);
    assert_eq!(bed.view().await.version, version);
}

pub async fn a_run_is_found_by_its_id(bed: &mut Bed) {
    bed.lay(Plan::new("p").phase("One").feature("A").tasks(1)).await;
    let (first, second) = (run(bed, None).await, run(bed, Some(TaskId(7))).await);
    for run in [first, second] {
        assert_eq!(bed.store.ledger().run(run.id).await.unwrap(), Some(run));
    }
    assert_eq!(bed.store.ledger().run(RunId(i64::MAX)).await.unwrap(), None);
}
