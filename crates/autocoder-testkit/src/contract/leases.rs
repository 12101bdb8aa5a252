//! Leases: they lapse, they are renewed, and who lost one changes nothing.

use autocoder_core::ids::{AgentId, Attempt};
use autocoder_core::scheduler::Claim;
use autocoder_core::task::{Question, TaskStatus};
use autocoder_core::workflow::{
    self, Fence, ask_task, check_claim, fail_task, pass_task, reap_lapsed, release_task, renew_claim, skip_task,
};

use super::Bed;
use super::bed::{fence, refusal};
use crate::builder::Plan;

/// Every call of a claim's holder is refused, and nothing is changed.
async fn assert_fenced(bed: &Bed, claim: &Claim, fence: &Fence) {
    let (rows, mark) = (bed.rows().await, bed.mark().await);
    let (cx, project, id) = (bed.cx(), bed.project, claim.task.id);
    let question = Question { text: "Which?".to_owned(), ..Question::default() };
    let codes = [
        refusal(pass_task(&cx, project, id, fence, Vec::new()).await),
        refusal(fail_task(&cx, project, id, fence, "red", Vec::new()).await),
        refusal(release_task(&cx, project, id, fence, "").await),
        refusal(skip_task(&cx, project, id, fence, "").await),
        refusal(ask_task(&cx, project, id, fence, question).await),
        refusal(renew_claim(&cx, project, id, fence).await),
        refusal(check_claim(&cx, project, id, fence).await),
    ];
    assert_eq!(codes, ["lease_lost"; 7]);
    bed.assert_unchanged(&rows, mark).await;
}

pub async fn a_lapsed_lease_is_free_and_the_late_writer_is_fenced(bed: &mut Bed) {
    bed.lay(Plan::new("p").phase("One").feature("A").tasks(1)).await;
    let late = bed.take("a").await;
    bed.clock.advance(120);
    assert_fenced(bed, &late, &fence(&late)).await;
    let mark = bed.mark().await;
    let claim = bed.take("b").await;
    assert_eq!((claim.task.id, claim.attempt().0, claim.task.failures), (late.task.id, 2, 0));
    let kinds: Vec<_> = bed.kinds_since(mark).await.iter().map(ToString::to_string).collect();
    assert_eq!(kinds, ["task.lapsed", "agent.registered", "task.claimed"]);
    assert_fenced(bed, &late, &fence(&late)).await;
    bed.pass(&claim).await;
    assert_fenced(bed, &late, &fence(&late)).await;
}

pub async fn an_agents_own_lapsed_task_comes_first(bed: &mut Bed) {
    bed.lay(Plan::new("p").phase("One").feature("A").tasks(2).feature("B").tasks(1)).await;
    bed.take("b").await;
    let own = bed.take("a").await;
    assert_eq!(own.task.name, "B 1");
    bed.clock.advance(121);
    let again = bed.take("a").await;
    assert_eq!((again.task.name.as_str(), again.attempt().0), ("B 1", 2));
    assert_eq!(bed.task("A 1").await.status, TaskStatus::Pending);
    bed.clock.advance(121);
    assert_eq!(reap_lapsed(&bed.cx(), bed.project).await.unwrap(), 1);
    assert_eq!(reap_lapsed(&bed.cx(), bed.project).await.unwrap(), 0);
    assert_eq!(bed.task("B 1").await.status, TaskStatus::Pending);
}

pub async fn a_renewed_lease_lives_on(bed: &mut Bed) {
    bed.lay(Plan::new("p").phase("One").feature("A").tasks(1)).await;
    let claim = bed.take("a").await;
    let (before, mark) = (bed.task("A 1").await, bed.mark().await);
    for _ in 0..5 {
        bed.clock.advance(100);
        let expires = renew_claim(&bed.cx(), bed.project, claim.task.id, &fence(&claim)).await.unwrap();
        assert_eq!(expires, bed.clock.now().plus_seconds(120));
    }
    let after = bed.task("A 1").await;
    assert_eq!(after.version, before.version);
    assert_eq!(after.lease.map(|lease| lease.expires), Some(bed.clock.now().plus_seconds(120)));
    assert_eq!(bed.kinds_since(mark).await, []);
    let held = workflow::held_task(&bed.cx(), bed.project, &AgentId("a".to_owned())).await.unwrap();
    assert_eq!(held.map(|task| task.id), Some(claim.task.id));
    assert_eq!(bed.pass(&claim).await.status, TaskStatus::Passing);
}

pub async fn a_wrong_fence_changes_nothing(bed: &mut Bed) {
    bed.lay(Plan::new("p").phase("One").feature("A").tasks(2)).await;
    let claim = bed.take("a").await;
    let right = fence(&claim);
    for wrong in [
        Fence { agent: AgentId("b".to_owned()), ..right.clone() },
        Fence { attempt: Attempt(0), ..right.clone() },
        Fence { attempt: Attempt(2), ..right.clone() },
    ] {
        assert_fenced(bed, &claim, &wrong).await;
    }
    assert_eq!(check_claim(&bed.cx(), bed.project, claim.task.id, &right).await.unwrap().task.id, claim.task.id);
}
