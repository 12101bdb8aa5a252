//! Notes of agents, and the errands of roles without tasks.

use autocoder_core::agent::Role;
use autocoder_core::errand::Errand;
use autocoder_core::event::{Actor, EventKind};
use autocoder_core::feature::NewFeature;
use autocoder_core::ids::{AgentId, PhaseId};
use autocoder_core::note::{NOTE_BYTES, NOTES_PER_PHASE, NoteKind};
use autocoder_core::project::ProjectPatch;
use autocoder_core::workflow::{
    Errands, Rejection, add_feature, add_note, add_spec_message, create_tasks, delete_phase, edit_project,
    end_spec_turn, next_errand, pause_project, reject_phase, resume_project, start_spec, stop_spec,
};

use super::Bed;
use super::bed::refusal;
use crate::builder::Plan;

async fn due(bed: &Bed, role: Role, taken: &[Errand]) -> Option<Errand> {
    let agent = AgentId(format!("{role}-1"));
    match next_errand(&bed.cx(), bed.project, (&agent, role), taken).await.unwrap() {
        Errands::Due(errand) => Some(errand),
        Errands::None(_) => None,
    }
}

pub async fn notes_are_kept_for_their_phase(bed: &mut Bed) {
    bed.lay(Plan::new("p").phase("One").feature("A").tasks(1).phase("Two").feature("B").tasks(1)).await;
    let (project, queries, mark) = (bed.project, bed.store.queries(), bed.mark().await);
    let (one, two) = (bed.phase("One").await.id, bed.phase("Two").await.id);
    let agent = Actor::Agent(AgentId("coder-1".to_owned()));
    let first = add_note(&bed.cx_of(&agent), project, None, NoteKind::Decision, " SQLite\nit is ").await.unwrap();
    let second = add_note(&bed.cx(), project, Some(two), NoteKind::Interface, "`GET /b`").await.unwrap();
    assert_eq!((first.phase, first.author.as_str(), first.text.as_str()), (one, "agent:coder-1", "SQLite\nit is"));
    assert_eq!(queries.notes(project, Some(one)).await.unwrap(), std::slice::from_ref(&first));
    assert_eq!(queries.notes(project, None).await.unwrap(), [first, second]);
    assert_eq!(bed.kinds_since(mark).await, [EventKind::NoteAdded; 2]);
    let long = "x".repeat(NOTE_BYTES + 1);
    for text in [" ", &long, "a\0"] {
        assert_eq!(refusal(add_note(&bed.cx(), project, None, NoteKind::Decision, text).await), "invalid_field");
    }
    let missing = add_note(&bed.cx(), project, Some(PhaseId(i64::MAX)), NoteKind::Decision, "x").await;
    assert_eq!(refusal(missing), "not_found");
    for _ in 1..NOTES_PER_PHASE {
        add_note(&bed.cx(), project, Some(two), NoteKind::Decision, "x").await.unwrap();
    }
    assert_eq!(refusal(add_note(&bed.cx(), project, Some(two), NoteKind::Decision, "x").await), "invalid_field");
    delete_phase(&bed.cx(), project, two, false).await.unwrap();
    assert_eq!(queries.notes(project, None).await.unwrap().len(), 1);
    bed.lay(Plan::new("other").phase("One").feature("A").tasks(1)).await;
    assert_eq!(bed.store.queries().notes(bed.project, Some(one)).await.unwrap(), []);
}

pub async fn a_turn_about_a_spec_is_due_when_a_person_has_spoken(bed: &mut Bed) {
    bed.lay(Plan::new("p").phase("One").feature("A").tasks(1)).await;
    assert_eq!(due(bed, Role::SpecWriter, &[]).await, None);
    let (project, phase) = (bed.project, bed.phase("One").await.id);
    let new = |name: &str| NewFeature { name: name.to_owned(), ..NewFeature::default() };
    let first = add_feature(&bed.cx(), project, new("B")).await.unwrap().id;
    bed.clock.advance(1);
    let second = add_feature(&bed.cx(), project, new("C")).await.unwrap().id;
    let turn = |feature| Some(Errand::Spec { phase, feature });
    assert_eq!(due(bed, Role::SpecWriter, &[]).await, turn(first), "asked for first");
    assert_eq!(due(bed, Role::SpecWriter, &[Errand::Spec { phase, feature: first }]).await, turn(second));
    start_spec(&bed.cx(), project, first).await.unwrap();
    assert_eq!(due(bed, Role::SpecWriter, &[]).await, turn(first), "a run that died is done again");

    let (mark, writer) = (bed.mark().await, Actor::Agent(AgentId("w".to_owned())));
    bed.clock.advance(1);
    end_spec_turn(&bed.cx_of(&writer), project, first, Some("Which colour?")).await.unwrap();
    assert_eq!(bed.kinds_since(mark).await, [EventKind::SpecMessage, EventKind::SpecEnded]);
    assert_eq!(due(bed, Role::SpecWriter, &[]).await, turn(second), "a person speaks now");
    stop_spec(&bed.cx(), project, second).await.unwrap();
    assert_eq!(due(bed, Role::SpecWriter, &[]).await, None);
    add_spec_message(&bed.cx(), project, first, "Black").await.unwrap();
    assert_eq!(due(bed, Role::SpecWriter, &[]).await, turn(first));
    pause_project(&bed.cx(), project).await.unwrap();
    assert_eq!(due(bed, Role::SpecWriter, &[]).await, None);
    resume_project(&bed.cx(), project).await.unwrap();
    let task = autocoder_core::task::NewTask { name: "x".to_owned(), ..Default::default() };
    create_tasks(&bed.cx(), project, first, vec![task]).await.unwrap();
    assert_eq!(due(bed, Role::SpecWriter, &[]).await, None, "it has tasks");
}

pub async fn a_plan_a_test_and_a_review_are_due_by_what_is_stored(bed: &mut Bed) {
    bed.lay(Plan::new("empty")).await;
    assert_eq!(due(bed, Role::Planner, &[]).await, None, "no spec");
    let spec = ProjectPatch { spec: Some("# Shop".to_owned()), ..ProjectPatch::default() };
    edit_project(&bed.cx(), bed.project, spec).await.unwrap();
    assert_eq!(due(bed, Role::Planner, &[]).await, Some(Errand::Plan));
    assert_eq!(due(bed, Role::Planner, &[Errand::Plan]).await, None);

    bed.lay(Plan::new("p").phase("One").feature("A").tasks(2)).await;
    let (project, phase) = (bed.project, bed.phase("One").await.id);
    assert_eq!(due(bed, Role::Tester, &[]).await, None, "nothing passes");
    assert_eq!(due(bed, Role::Reviewer, &[]).await, None);
    bed.work("a").await;
    assert_eq!(due(bed, Role::Tester, &[]).await, None, "at its gate");
    assert_eq!(due(bed, Role::Reviewer, &[]).await, Some(Errand::Review { phase }));
    add_note(&bed.cx(), project, Some(phase), NoteKind::Report, "All is well").await.unwrap();
    assert_eq!(due(bed, Role::Reviewer, &[]).await, None, "there is a report");
    bed.clock.advance(1);
    let again = Rejection { reason: "Too slow".to_owned(), reopen: Vec::new() };
    reject_phase(&bed.cx(), project, phase, &again).await.unwrap();
    assert_eq!(due(bed, Role::Tester, &[]).await, None, "no tokens were used that it could have a share of");
    assert_eq!(due(bed, Role::Reviewer, &[]).await, None);
    bed.work("a").await;
    assert_eq!(due(bed, Role::Reviewer, &[]).await, Some(Errand::Review { phase }), "the report is from before");
}
