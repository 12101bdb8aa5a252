//! Why there is no task.

use autocoder_core::agent::Wanted;
use autocoder_core::ids::AgentId;
use autocoder_core::project::{NewProject, ProjectSettings};
use autocoder_core::task::Question;
use autocoder_core::workflow::{
    AgentPatch, add_phase, archive_project, ask_task, assign_feature, create_project, edit_agent, pause_project,
    resume_project, start_project, why_task,
};

use super::Bed;
use super::bed::{fence, refusal};
use crate::builder::Plan;

pub async fn every_reason_is_given_when_it_holds(bed: &mut Bed) {
    let empty = NewProject { name: "empty".to_owned(), path: "/p".to_owned(), ..NewProject::default() };
    bed.project = create_project(&bed.cx(), empty).await.unwrap().id;
    assert_eq!(bed.why_idle("a").await, "phase_not_started stop");
    add_phase(&bed.cx(), bed.project, autocoder_core::phase::NewPhase { name: "One".to_owned(), ..Default::default() })
        .await
        .unwrap();
    assert_eq!(bed.why_idle("a").await, "no_spec stop");

    let settings = ProjectSettings { max_failures: 1, ..ProjectSettings::default() };
    let plan = Plan::new("p").settings(settings).phase("One").feature("A").task("A 1").task("A 2").after(&["A 1"]);
    bed.lay(plan.feature("B").tasks(1)).await;
    let feature = bed.feature("B").await.id;
    assign_feature(&bed.cx(), bed.project, feature, Some(AgentId("b".to_owned()))).await.unwrap();
    let (first, second) = (bed.take("a").await, bed.take("b").await);
    let idle = bed.idle("c").await;
    assert_eq!((idle.reason.as_str(), idle.retry_at), ("all_claimed", Some(bed.clock.now().plus_seconds(120))));
    let tally = idle.counts.unwrap();
    assert_eq!((tally.features, tally.tasks, tally.ready, tally.in_progress, tally.passing), (2, 3, 0, 2, 0));
    let question = Question { text: "Why?".to_owned(), ..Question::default() };
    ask_task(&bed.cx(), bed.project, second.task.id, &fence(&second), question).await.unwrap();
    assert_eq!(bed.why_idle("b").await, "all_claimed wait");
    bed.fail(&first).await;
    assert_eq!(bed.why_idle("b").await, "needs_input stop");
    autocoder_core::workflow::answer_task(&bed.cx(), bed.project, second.task.id, "so").await.unwrap();
    assert_eq!(bed.why_idle("a").await, "all_claimed stop");
    let second = bed.take("b").await;
    bed.pass(&second).await;
    assert_eq!(bed.why_idle("b").await, "max_attempts stop");

    bed.lay(Plan::new("scoped").phase("One").feature("A").tasks(1).phase("Two").feature("B").tasks(1)).await;
    let feature = bed.feature("B").await.id;
    assign_feature(&bed.cx(), bed.project, feature, Some(AgentId("a".to_owned()))).await.unwrap();
    assert_eq!(bed.why_idle("a").await, "scope_empty stop");
}

pub async fn a_paused_project_or_agent_gets_nothing_new(bed: &mut Bed) {
    bed.lay(Plan::new("p").phase("One").feature("A").tasks(1).feature("B").tasks(1)).await;
    let claim = bed.take("a").await;
    pause_project(&bed.cx(), bed.project).await.unwrap();
    assert_eq!(refusal(pause_project(&bed.cx(), bed.project).await), "illegal_transition");
    assert_eq!(bed.why_idle("b").await, "paused stop");
    assert_eq!(bed.take("a").await.task.id, claim.task.id);
    bed.pass(&claim).await;
    assert_eq!(bed.why_idle("a").await, "paused stop");
    resume_project(&bed.cx(), bed.project).await.unwrap();
    archive_project(&bed.cx(), bed.project).await.unwrap();
    assert_eq!(bed.why_idle("a").await, "paused stop");
    start_project(&bed.cx(), bed.project).await.unwrap();
    for wanted in [Wanted::Paused, Wanted::Stopped] {
        let patch = AgentPatch { wanted: Some(wanted), ..AgentPatch::default() };
        edit_agent(&bed.cx(), bed.project, &AgentId("a".to_owned()), patch).await.unwrap();
        assert_eq!(bed.why_idle("a").await, "paused stop");
    }
    assert_eq!(bed.take("b").await.task.name, "B 1");
}

pub async fn a_refusing_provider_is_waited_for(bed: &mut Bed) {
    bed.lay(Plan::new("p").phase("One").feature("A").tasks(1)).await;
    let until = bed.clock.now().plus_seconds(300);
    bed.meter.0.blocked_until = Some(until);
    let idle = bed.idle("a").await;
    assert_eq!((idle.reason.as_str(), idle.advice.as_str(), idle.retry_at), ("limit_rejected", "wait", Some(until)));
    bed.clock.advance(300);
    bed.take("a").await;
}

pub async fn a_lapsed_claim_is_in_nobodys_way(bed: &mut Bed) {
    bed.lay(Plan::new("p").phase("One").feature("A").tasks(1)).await;
    let claim = bed.take("a").await;
    let why = async || why_task(&bed.cx(), bed.project, claim.task.id).await.unwrap();
    let held = why().await;
    assert_eq!((held.ready, held.reasons.len(), held.reasons[0].code), (false, 1, "claimed"));
    assert!(held.reasons[0].text.contains("`a` holds it"), "{held:?}");
    bed.clock.advance(120);
    let lapsed = why().await;
    assert_eq!((lapsed.ready, lapsed.reasons), (true, Vec::new()));
    bed.take("b").await;
}
