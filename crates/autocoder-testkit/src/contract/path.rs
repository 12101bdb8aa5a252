//! The whole way of a plan, from the first claim to the completed project.

use autocoder_core::event::EventKind;
use autocoder_core::feature::FeatureStatus;
use autocoder_core::phase::PhaseStatus;
use autocoder_core::project::ProjectStatus;
use autocoder_core::workflow::approve_phase;

use super::Bed;
use crate::builder::Plan;

pub async fn two_phases_are_worked_and_approved_to_the_end(bed: &mut Bed) {
    let plan = Plan::new("shop").phase("Foundation").feature("Skeleton").tasks(2).phase("Polish").feature("Colours");
    bed.lay(plan.tasks(1)).await;
    assert_eq!(bed.phase("Foundation").await.status, PhaseStatus::Pending);

    let first = bed.take("coder-1").await;
    assert_eq!((first.task.name.as_str(), first.phase.status), ("Skeleton 1", PhaseStatus::InProgress));
    assert_eq!(bed.feature("Skeleton").await.status, FeatureStatus::InProgress);
    bed.assert_counters().await;
    bed.pass(&first).await;

    let (names, idle) = bed.work("coder-1").await;
    assert_eq!(names, ["Skeleton 2"]);
    assert_eq!(idle.reason.as_str(), "phase_awaiting_approval");
    let foundation = bed.phase("Foundation").await;
    assert_eq!(foundation.status, PhaseStatus::AwaitingApproval);
    assert_eq!(bed.phase("Polish").await.status, PhaseStatus::Pending);

    let approved = approve_phase(&bed.cx(), bed.project, foundation.id, " good ").await.unwrap();
    let decision = approved.decision.unwrap();
    assert_eq!((decision.by.as_str(), decision.note.as_str(), decision.at), ("ann", "good", bed.clock.now()));
    assert_eq!(bed.phase("Polish").await.status, PhaseStatus::InProgress);

    let (names, _) = bed.work("coder-2").await;
    assert_eq!(names, ["Colours 1"]);
    approve_phase(&bed.cx(), bed.project, bed.phase("Polish").await.id, "").await.unwrap();
    let project = bed.view().await;
    assert_eq!((project.status, project.phases_completed, project.tasks_completed), (ProjectStatus::Completed, 2, 3));
    assert_eq!(bed.why_idle("coder-1").await, "project_complete stop");
    assert_eq!(bed.events().await.last().map(|event| event.kind), Some(EventKind::ProjectCompleted));
}
