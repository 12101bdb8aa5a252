//! Claims: few statements, no task twice, whoever asks at once.

use std::collections::BTreeSet;

use autocoder_core::ids::{AgentId, ProjectId};
use autocoder_core::ports::{Scope, Store};
use autocoder_core::project::ProjectSettings;
use autocoder_core::workflow::{AgentPatch, Claiming, Context, claim_task, register_agent};
use autocoder_testkit::builder::Plan;

use crate::opened::{Opened, on_each};

async fn plan(at: &Opened, features: usize, tasks: usize) -> ProjectId {
    let settings = ProjectSettings { writers_per_feature: 64, ..ProjectSettings::default() };
    let plan = Plan::new("many").settings(settings).phase("One");
    let plan = (0..features).fold(plan, |plan, number| plan.feature(&format!("F{number}")).tasks(tasks));
    plan.create(&at.cx()).await.unwrap()
}

async fn claim(cx: &Context<'_>, project: ProjectId, agent: &str) -> Option<i64> {
    match claim_task(cx, project, &AgentId(agent.to_owned()), None).await.unwrap() {
        Claiming::Task(claim) => Some(claim.task.id.0),
        Claiming::None(_) => None,
    }
}

#[tokio::test]
async fn a_claim_takes_at_most_six_statements() {
    on_each(async |at| {
        let project = plan(&at, 2, 5).await;
        claim(&at.cx(), project, "a").await.unwrap();
        // The phase and the feature have started; an agent that is known asks again.
        claim(&at.cx(), project, "b").await.unwrap();
        register_agent(&at.cx(), project, &AgentId("c".to_owned()), AgentPatch::default()).await.unwrap();
        let before = at.store.statements();
        claim(&at.cx(), project, "c").await.unwrap();
        // The lock of a project is PostgreSQL's second half of BEGIN.
        let begin = u64::from(!at.is_sqlite());
        assert!(at.store.statements() - before <= 6 + begin, "{}", at.store.statements() - before);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_two_of_32_claimers_get_one_task() {
    on_each(async |at| {
        let project = plan(&at, 4, 25).await;
        let other = at.again().await;
        let at = std::sync::Arc::new(at);
        let claimers: Vec<_> = (0..32)
            .map(|number| {
                let (at, other) = (at.clone(), other.clone());
                tokio::spawn(async move {
                    let store: &dyn Store = if number % 2 == 0 { &at.store } else { &other };
                    let mut got = Vec::new();
                    for round in 0..4 {
                        got.extend(claim(&at.cx_on(store), project, &format!("a{number}-{round}")).await);
                    }
                    got
                })
            })
            .collect();
        let mut all = Vec::new();
        for claimer in claimers {
            all.extend(claimer.await.unwrap());
        }
        assert_eq!(all.len(), 100);
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), 100);
        let counts = at.store.queries().counts(project).await.unwrap();
        assert_eq!((counts.in_progress, counts.pending), (100, 0));
        let features = at.store.queries().features(project, None).await.unwrap();
        assert!(features.iter().all(|feature| feature.tasks_in_progress == 25));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn blocks_of_ids_never_overlap() {
    on_each(async |at| {
        let asking: Vec<_> = (0..16)
            .map(|_| {
                let store = at.store.clone();
                tokio::spawn(async move { store.begin(Scope::Installation).await.unwrap().new_ids(10).await.unwrap() })
            })
            .collect();
        let mut firsts = BTreeSet::new();
        for first in asking {
            firsts.insert(first.await.unwrap());
        }
        let firsts: Vec<_> = firsts.into_iter().collect();
        assert!(firsts.windows(2).all(|pair| pair[1] - pair[0] >= 10), "{firsts:?}");
    })
    .await;
}
