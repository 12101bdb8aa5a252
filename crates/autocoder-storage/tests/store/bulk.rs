//! Large plans: nothing of them is lost between the statements that carry them.

use autocoder_core::ports::Store;
use autocoder_testkit::builder::Plan;

use crate::opened::on_each;

#[tokio::test]
async fn a_plan_of_many_tasks_comes_in_whole() {
    on_each(async |at| {
        let plan = (0..50).fold(Plan::new("large").phase("One"), |plan, number| {
            let last = format!("F{number} 100");
            plan.feature(&format!("F{number}")).tasks(100).task(&format!("End {number}")).after(&[&last])
        });
        let id = plan.create(&at.cx()).await.unwrap();
        let rows = at.store.queries().plan(id).await.unwrap();
        assert_eq!((rows.features.len(), rows.tasks.len(), rows.edges.len()), (50, 5050, 50));
    })
    .await;
}
