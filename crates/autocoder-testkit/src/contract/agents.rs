//! Agents that are made for a feature, and agents that go.

use autocoder_core::agent::{AgentStatus, Role, RunnerKind, Wanted};
use autocoder_core::event::{Actor, EventKind};
use autocoder_core::ids::{AgentId, FeatureId, TokenId};
use autocoder_core::token::{Access, AgentTicket, NewToken};
use autocoder_core::workflow::{
    AgentPatch, assign_feature, assign_feature_to_new, create_token, delete_agent, note_agent, register_agent,
};

use super::Bed;
use super::bed::refusal;
use crate::builder::Plan;

fn named(name: &str) -> AgentId {
    AgentId(name.to_owned())
}

async fn token_of(bed: &Bed, agent: &str) -> TokenId {
    let agent = AgentTicket { agent: named(agent), run: None, claim: None };
    let new = NewToken {
        name: agent.agent.to_string(),
        access: Access::Agent,
        hash: agent.agent.to_string(),
        project: Some(bed.project),
        agent: Some(agent),
        expires_at: None,
    };
    create_token(&bed.cx(), new).await.unwrap().id
}

pub async fn a_feature_is_given_to_a_new_agent(bed: &mut Bed) {
    bed.lay(Plan::new("p").phase("One").feature("A").tasks(1).feature("B").tasks(1)).await;
    let (cx, project) = (bed.cx(), bed.project);
    for name in ["coder-1", "coder-3", "tester"] {
        register_agent(&cx, project, &named(name), AgentPatch::default()).await.unwrap();
    }
    let mark = bed.mark().await;
    let (a, b) = (bed.feature("A").await.id, bed.feature("B").await.id);
    let (feature, agent) = assign_feature_to_new(&cx, project, a, RunnerKind::Rehearsal).await.unwrap();
    assert_eq!((agent.id.0.as_str(), agent.role, agent.runner), ("coder-2", Role::Coder, RunnerKind::Rehearsal));
    assert_eq!((agent.wanted, agent.status), (Wanted::Running, AgentStatus::Stopped));
    assert_eq!(feature, bed.feature("A").await);
    assert_eq!(feature.agent.as_ref(), Some(&agent.id));
    assert_eq!(bed.kinds_since(mark).await, [EventKind::AgentRegistered, EventKind::FeatureAssigned]);
    let (_, next) = assign_feature_to_new(&cx, project, b, RunnerKind::Rehearsal).await.unwrap();
    assert_eq!(next.id.0, "coder-4");
    assert_eq!(bed.take("coder-4").await.task.name, "B 1");
    assert_eq!(bed.store.queries().agents(project).await.unwrap().len(), 5);
    let missing = assign_feature_to_new(&cx, project, FeatureId(i64::MAX), RunnerKind::Rehearsal).await;
    assert_eq!(refusal(missing), "not_found");
    let actor = Actor::Agent(named("coder-1"));
    let by_agent = assign_feature_to_new(&bed.cx_of(&actor), project, a, RunnerKind::Rehearsal).await;
    assert_eq!(refusal(by_agent), "person_needed");
}

pub async fn a_deleted_agent_leaves_its_features(bed: &mut Bed) {
    bed.lay(Plan::new("p").phase("One").feature("A").tasks(2).feature("B").tasks(1)).await;
    let (cx, project, a) = (bed.cx(), bed.project, bed.feature("A").await.id);
    assign_feature(&cx, project, a, Some(named("a"))).await.unwrap();
    assign_feature(&cx, project, bed.feature("B").await.id, Some(named("b"))).await.unwrap();
    let claim = bed.take("a").await;
    assert_eq!(refusal(delete_agent(&cx, project, &named("a")).await), "agent_working");
    bed.pass(&claim).await;
    note_agent(&cx, project, &named("a"), (AgentStatus::Working, None), ("h", "")).await.unwrap();
    assert_eq!(refusal(delete_agent(&cx, project, &named("a")).await), "agent_working");
    note_agent(&cx, project, &named("a"), (AgentStatus::Idle, None), ("h", "")).await.unwrap();
    let actor = Actor::Agent(named("a"));
    assert_eq!(refusal(delete_agent(&bed.cx_of(&actor), project, &named("a")).await), "person_needed");
    let (theirs, other) = (token_of(bed, "a").await, token_of(bed, "b").await);
    let mark = bed.mark().await;
    delete_agent(&cx, project, &named("a")).await.unwrap();
    let kinds = [EventKind::FeatureAssigned, EventKind::TokenRevoked, EventKind::AgentDeleted];
    assert_eq!(bed.kinds_since(mark).await, kinds);
    for (id, revoked) in [(theirs, true), (other, false)] {
        let token = bed.store.queries().token(id).await.unwrap().unwrap();
        assert_eq!(token.revoked_at.is_some(), revoked, "{token:?}");
    }
    let left: Vec<_> = bed.store.queries().agents(project).await.unwrap().into_iter().map(|agent| agent.id).collect();
    assert_eq!(left, [named("b")]);
    assert_eq!(bed.feature("A").await.agent, None);
    assert_eq!(bed.feature("B").await.agent, Some(named("b")));
    assert_eq!(refusal(delete_agent(&cx, project, &named("a")).await), "not_found");
    assert_eq!(bed.take("c").await.task.name, "A 2");
}
