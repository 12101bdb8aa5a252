//! What finished tasks teach.

use autocoder_core::ids::{AgentId, RunId, TaskId};
use autocoder_core::run::Tokens;
use autocoder_core::usage_record::{ObservationQuery, UsageQuality, UsageRecord};

use super::Bed;
use crate::builder::Plan;

fn record(bed: &Bed, message: &str, task: TaskId, model: &str, tokens: u64) -> UsageRecord {
    UsageRecord {
        source: "s".to_owned(),
        message_id: message.to_owned(),
        project: bed.project,
        phase: None,
        feature: None,
        task: Some(task),
        agent: AgentId("a".to_owned()),
        run: RunId(1),
        at: bed.clock.now(),
        model: model.to_owned(),
        tokens: Tokens { input: tokens, output: 1, cache_read: 1_000_000, ..Tokens::default() },
        cost_nusd: None,
        quality: UsageQuality::Exact,
        rehearsal: false,
    }
}

pub async fn finished_tasks_teach_what_they_took(bed: &mut Bed) {
    bed.lay(Plan::new("p").phase("One").feature("A").tasks(4)).await;
    let mut tasks = Vec::new();
    for _ in 0..3 {
        let claim = bed.take("a").await;
        tasks.push((claim.task.id, claim.task.complexity));
        bed.pass(&claim).await;
        bed.clock.advance(60);
    }
    let open = bed.take("a").await.task.id;
    let records = vec![
        record(bed, "1", tasks[0].0, "x", 100),
        record(bed, "2", tasks[0].0, "x", 200),
        record(bed, "3", tasks[1].0, "y", 400),
        record(bed, "4", tasks[1].0, "x", 800),
        UsageRecord { rehearsal: true, ..record(bed, "5", tasks[2].0, "x", 1_600) },
        record(bed, "6", open, "x", 3_200),
    ];
    bed.store.ledger().record(records).await.unwrap();
    let seen = async |rehearsal, tasks| {
        let found = bed.store.accounting().observations(&ObservationQuery { rehearsal, tasks }).await.unwrap();
        assert!(found.iter().all(|one| one.project == bed.project), "{found:?}");
        found.into_iter().map(|one| (one.complexity, one.model, one.tokens)).collect::<Vec<_>>()
    };
    let of = |task: usize, model: &str, tokens| (tasks[task].1, model.to_owned(), tokens);
    let real = [of(1, "x", 801), of(1, "y", 401), of(0, "x", 302)];
    assert_eq!(seen(false, 9).await, real);
    assert_eq!(seen(false, 1).await, real[..2], "the newest task with all its models");
    assert_eq!(seen(true, 9).await, [of(2, "x", 1_601)]);
    assert_eq!(seen(false, 0).await, []);
}
