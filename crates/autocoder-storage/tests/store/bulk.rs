//! Large plans: how long an import takes, and that nothing in it is lost.

use std::time::Instant;

use autocoder_core::ports::Store;
use autocoder_testkit::builder::Plan;

use crate::opened::on_each;

#[tokio::test]
async fn a_plan_of_many_tasks_comes_in_whole() {
    on_each(async |at| {
        let count: usize = std::env::var("TASKS").ok().and_then(|n| n.parse().ok()).unwrap_or(5000);
        let mut plan = Plan::new("large").phase("One");
        for number in 0..count / 100 {
            plan = plan.feature(&format!("F{number}")).tasks(100).task(&format!("last {number}")).after(&[&format!("F{number} 100")]);
        }
        let start = Instant::now();
        let id = plan.create(&at.cx()).await.unwrap();
        println!("import {:?}", start.elapsed());
        let start = Instant::now();
        let rows = at.store.queries().plan(id).await.unwrap();
        println!("export {:?}", start.elapsed());
        assert_eq!((rows.tasks.len(), rows.edges.len()), (count + count/100, count / 100));
    })
    .await;
}
