//! Tokens of people, programs and agents.

use autocoder_core::event::{Actor, EventKind};
use autocoder_core::ids::{AgentId, Attempt, ProjectId, RunId, TaskId, TokenId};
use autocoder_core::ports::Scope;
use autocoder_core::token::{Access, AgentTicket, NewToken};
use autocoder_core::workflow::{create_token, delete_project, revoke_token};

use super::Bed;
use super::bed::refusal;
use crate::builder::Plan;

fn a_token(access: Access, project: Option<ProjectId>) -> NewToken {
    NewToken { name: "laptop".to_owned(), access, hash: "ab12".to_owned(), project, agent: None, expires_at: None }
}

fn an_agents_token(project: ProjectId) -> NewToken {
    let (run, claim) = (Some(RunId(7)), Some((TaskId(9), Attempt(3))));
    let ticket = AgentTicket { agent: AgentId("coder-1".to_owned()), run, claim };
    NewToken { agent: Some(ticket), ..a_token(Access::Agent, Some(project)) }
}

pub async fn a_token_is_made_and_taken_back(bed: &mut Bed) {
    let project = bed.lay(Plan::new("p").phase("One")).await;
    let (cx, queries, mark) = (bed.cx(), bed.store.queries(), bed.mark().await);
    let expires_at = Some(bed.clock.now().plus_seconds(60));
    let admin = create_token(&cx, NewToken { expires_at, ..a_token(Access::Admin, None) }).await.unwrap();
    let viewer = create_token(&cx, a_token(Access::Viewer, Some(project))).await.unwrap();
    let system = bed.cx_of(&Actor::System);
    let agents = create_token(&system, an_agents_token(project)).await.unwrap();
    for token in [&admin, &viewer, &agents] {
        assert_eq!(queries.token(token.id).await.unwrap().as_ref(), Some(token));
        let mut unit = bed.store.begin(Scope::Installation).await.unwrap();
        assert_eq!(unit.token(token.id).await.unwrap().as_ref(), Some(token));
    }
    assert_eq!(queries.tokens().await.unwrap(), [admin.clone(), viewer.clone()]);
    assert!(admin.is_live(bed.clock.now()) && !admin.is_live(bed.clock.now().plus_seconds(60)));
    let revoked = revoke_token(&cx, admin.id).await.unwrap();
    assert_eq!(revoked.revoked_at, Some(bed.clock.now()));
    bed.clock.advance(9);
    assert_eq!(revoke_token(&cx, admin.id).await.unwrap(), revoked);
    assert_eq!(queries.token(admin.id).await.unwrap(), Some(revoked));
    assert_eq!(queries.tokens().await.unwrap(), std::slice::from_ref(&viewer));
    revoke_token(&system, agents.id).await.unwrap();
    use EventKind::{TokenCreated, TokenRevoked};
    let kinds = [TokenCreated, TokenCreated, TokenCreated, TokenRevoked, TokenRevoked];
    assert_eq!(bed.kinds_since(mark).await, kinds);
    delete_project(&cx, project, true).await.unwrap();
    assert_eq!((queries.token(viewer.id).await.unwrap(), queries.tokens().await.unwrap()), (None, Vec::new()));
}

pub async fn a_bad_token_is_not_made(bed: &mut Bed) {
    let project = bed.lay(Plan::new("p").phase("One")).await;
    let (cx, agent) = (bed.cx(), Actor::Agent(AgentId("coder-1".to_owned())));
    let mark = bed.mark().await;
    let now = Some(bed.clock.now());
    let codes = [
        refusal(create_token(&bed.cx_of(&agent), an_agents_token(project)).await),
        refusal(revoke_token(&bed.cx_of(&agent), TokenId(1)).await),
        refusal(create_token(&cx, NewToken { project: None, ..an_agents_token(project) }).await),
        refusal(create_token(&cx, NewToken { access: Access::Editor, ..an_agents_token(project) }).await),
        refusal(create_token(&cx, NewToken { name: " ".to_owned(), ..a_token(Access::Viewer, None) }).await),
        refusal(create_token(&cx, NewToken { expires_at: now, ..a_token(Access::Viewer, None) }).await),
        refusal(create_token(&cx, a_token(Access::Viewer, Some(ProjectId(i64::MAX)))).await),
        refusal(revoke_token(&cx, TokenId(i64::MAX)).await),
    ];
    let [person, field] = ["person_needed", "invalid_field"];
    assert_eq!(codes, [person, person, field, field, field, field, "stale", "not_found"]);
    assert_eq!(bed.kinds_since(mark).await, []);
}
