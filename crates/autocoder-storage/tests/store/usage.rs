//! Usage: counted once however often it is delivered, and the same from the roll-up as from the records.

use autocoder_core::ids::{AgentId, Attempt, ProjectId, RunId, TaskId};
use autocoder_core::ports::{RunEnd, Store};
use autocoder_core::project::NewProject;
use autocoder_core::run::{Run, RunKind, RunOutcome, Tokens};
use autocoder_core::time::Timestamp;
use autocoder_core::usage_record::{UsageQuality, UsageRecord, UsageSum};
use autocoder_core::workflow::create_project;

use crate::opened::{Opened, on_each};

const HOUR: i64 = 3_600_000_000;

async fn project(at: &Opened) -> ProjectId {
    let new = NewProject { name: "p".to_owned(), path: "/p".to_owned(), ..NewProject::default() };
    create_project(&at.cx(), new).await.unwrap().id
}

fn record(project: ProjectId, message: &str, hour: i64, output: u64) -> UsageRecord {
    UsageRecord {
        source: "session".to_owned(),
        message_id: message.to_owned(),
        project,
        phase: None,
        feature: None,
        task: Some(TaskId(7)),
        agent: AgentId("a".to_owned()),
        run: RunId(1),
        at: Timestamp(hour * HOUR),
        model: "m".to_owned(),
        tokens: Tokens { input: 1, output, ..Tokens::default() },
        cost_nusd: None,
        quality: UsageQuality::Exact,
        rehearsal: false,
    }
}

#[tokio::test]
async fn a_message_counts_once_and_grows_to_its_fullest_report() {
    on_each(async |at| {
        let (id, ledger) = (project(&at).await, at.store.ledger());
        let growing = [("a", 5), ("b", 7), ("a", 9), ("a", 2)].map(|(message, output)| record(id, message, 1, output));
        for _ in 0..2 {
            ledger.record(growing.to_vec()).await.unwrap();
        }
        let expected = Tokens { input: 2, output: 16, ..Tokens::default() };
        assert_eq!(ledger.used(&UsageSum::default()).await.unwrap(), expected);
        let by_task = UsageSum { task: Some(TaskId(7)), ..UsageSum::default() };
        assert_eq!(ledger.used(&by_task).await.unwrap(), expected);
        assert_eq!(ledger.used(&UsageSum { rehearsal: true, ..by_task }).await.unwrap(), Tokens::default());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_message_delivered_to_several_processes_at_once_counts_once() {
    on_each(async |at| {
        let id = project(&at).await;
        let records: Vec<_> = (0..600).map(|number| record(id, &number.to_string(), number, 1)).collect();
        let mut writers = Vec::new();
        for _ in 0..4 {
            let (store, records) = (at.again().await, records.clone());
            writers.push(tokio::spawn(async move { store.ledger().record(records).await }));
        }
        for writer in writers {
            writer.await.unwrap().unwrap();
        }
        assert_eq!(at.store.ledger().used(&UsageSum::default()).await.unwrap().output, 600);
    })
    .await;
}

#[tokio::test]
async fn any_span_of_time_adds_up_the_same_by_day_and_by_record() {
    on_each(async |at| {
        let (id, ledger) = (project(&at).await, at.store.ledger());
        let records = (-30..130).map(|hour| record(id, &hour.to_string(), hour, 1)).collect();
        ledger.record(records).await.unwrap();
        for (from, until, found) in [
            (None, None, 160),
            (Some(0), None, 130),
            (Some(1), None, 129),
            (None, Some(0), 30),
            (None, Some(25), 55),
            (Some(-25), Some(50), 75),
            (Some(0), Some(48), 48),
            (Some(1), Some(23), 22),
            (Some(23), Some(25), 2),
            (Some(30), Some(30), 0),
            (Some(40), Some(30), 0),
        ] {
            let time = |hour: Option<i64>| hour.map(|hour| Timestamp(hour * HOUR));
            for project in [None, Some(id)] {
                let sum = UsageSum { project, from: time(from), until: time(until), ..UsageSum::default() };
                assert_eq!(ledger.used(&sum).await.unwrap().output, found, "{from:?} {until:?}");
                let by_record = UsageSum { task: Some(TaskId(7)), ..sum };
                assert_eq!(ledger.used(&by_record).await.unwrap().output, found, "{from:?} {until:?}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_run_ends_once_and_settings_are_kept() {
    on_each(async |at| {
        let (id, ledger) = (project(&at).await, at.store.ledger());
        let run = Run {
            id: RunId(0),
            project: id,
            agent: AgentId("a".to_owned()),
            task: None,
            feature: None,
            kind: RunKind::Code,
            attempt: Attempt(1),
            rehearsal: true,
            started_at: at.clock.now(),
            ended_at: None,
            outcome: None,
            detail: None,
            tokens: Tokens::default(),
            cost_reported_nusd: None,
            log_path: Some("log".to_owned()),
            branch: None,
        };
        let first = ledger.start_run(run.clone()).await.unwrap();
        let second = ledger.start_run(run).await.unwrap();
        assert!(first < second);
        for outcome in [RunOutcome::LimitReached, RunOutcome::Crashed] {
            let end = RunEnd {
                at: at.clock.now(),
                outcome,
                detail: None,
                tokens: Tokens { output: 3, ..Tokens::default() },
                cost_reported_nusd: Some(5),
            };
            ledger.end_run(first, end).await.unwrap();
        }
        let open = ledger.open_runs(id).await.unwrap();
        assert_eq!(open.iter().map(|run| run.id).collect::<Vec<_>>(), [second]);
        let runs = ledger.runs(id, Some(&AgentId("a".to_owned())), 5).await.unwrap();
        assert_eq!(runs.iter().map(|run| run.id).collect::<Vec<_>>(), [second, first]);
        assert_eq!((runs[1].outcome, runs[1].tokens.output), (Some(RunOutcome::LimitReached), 3));
        ledger.set_setting("k", serde_json::json!(1)).await.unwrap();
        ledger.set_setting("k", serde_json::json!({ "a": [true] })).await.unwrap();
        assert_eq!(ledger.setting("k").await.unwrap(), Some(serde_json::json!({ "a": [true] })));
        assert_eq!(ledger.setting("x").await.unwrap(), None);
    })
    .await;
}
