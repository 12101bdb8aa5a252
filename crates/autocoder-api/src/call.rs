//! One request of the API: who asks, under which conditions, and the ways to find what it names.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::http::header::IF_MATCH;
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use autocoder_core::changes::Node;
use autocoder_core::ids::{FeatureId, PhaseId, ProjectId, TaskId};
use autocoder_core::limits::Checks;
use autocoder_core::ports::{Queries, Store};
use autocoder_core::request::{Request, RequestKey};
use autocoder_core::token::Access;
use autocoder_core::view::{FeatureView, PhaseView, ProjectView, TaskView};
use autocoder_core::workflow::{self, Context};

use crate::app::App;
use crate::problem::Problem;
use crate::security::Caller;

/// What a handler works with. Everything it finds is only what this caller may see.
pub(crate) struct Call {
    pub(crate) app: web::Data<App>,
    pub(crate) caller: Caller,
    if_match: Option<i64>,
    request: Request,
}

impl FromRequest for Call {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::of(request))
    }
}

impl Call {
    fn of(request: &HttpRequest) -> Result<Self, Problem> {
        let extensions = request.extensions();
        let app = request.app_data::<web::Data<App>>().expect("the server gives every route its state").clone();
        let caller = extensions.get::<Caller>().expect("the gatekeeper stands before every route").clone();
        let if_match = request.headers().get(IF_MATCH).map(|value| version(value.to_str().unwrap_or_default()));
        let if_match = if_match.transpose()?.flatten();
        let key = extensions.get::<RequestKey>().cloned();
        Ok(Self { app, caller, if_match, request: Request { key, expected: None } })
    }

    pub(crate) fn store(&self) -> &dyn Store {
        &*self.app.store
    }

    pub(crate) fn queries(&self) -> &dyn Queries {
        self.app.store.queries()
    }

    /// For a use case that makes something new.
    pub(crate) fn context(&self) -> Context<'_> {
        Context {
            store: &*self.app.store,
            usage: &*self.app.usage,
            actor: &self.caller.actor,
            request: Some(&self.request),
        }
    }

    /// For a use case that changes `node`: an `If-Match` of the request is about its version.
    pub(crate) fn changing(&mut self, node: Node) -> Result<Context<'_>, Problem> {
        self.request.expected = self.if_match.map(|version| (node, version));
        Ok(self.context())
    }

    /// The project of that name.
    pub(crate) async fn project(&self, name: &str) -> Result<ProjectView, Problem> {
        let missing = checked_name(name)?;
        let project = self.queries().project(name).await?.ok_or_else(&missing)?;
        if self.caller.sees(project.id) { Ok(project) } else { Err(missing()) }
    }

    /// The id of the project of that name, where nothing else of it is needed.
    pub(crate) async fn project_id(&self, name: &str) -> Result<ProjectId, Problem> {
        let missing = checked_name(name)?;
        let project = self.queries().project_id(name).await?.ok_or_else(&missing)?;
        if self.caller.sees(project) { Ok(project) } else { Err(missing()) }
    }

    pub(crate) async fn phase(&self, project: ProjectId, id: PhaseId) -> Result<PhaseView, Problem> {
        let phases = self.queries().phases(project).await?;
        phases.into_iter().find(|phase| phase.id == id).ok_or_else(|| Problem::missing("phase", id))
    }

    pub(crate) async fn feature(&self, project: ProjectId, id: FeatureId) -> Result<FeatureView, Problem> {
        self.queries().feature(project, id).await?.ok_or_else(|| Problem::missing("feature", id))
    }

    /// One feature, and whether it can be worked on beside the others.
    pub(crate) async fn whole_feature(&self, project: ProjectId, id: FeatureId) -> Result<FeatureView, Problem> {
        let feature = self.feature(project, id).await?;
        let independence = workflow::can_run_independently(self.queries(), project, &feature).await?;
        Ok(FeatureView { independence: Some(independence), ..feature })
    }

    pub(crate) async fn task(&self, project: ProjectId, id: TaskId) -> Result<TaskView, Problem> {
        self.queries().task(project, id).await?.ok_or_else(|| Problem::missing("task", id))
    }

    /// Refuses a caller that has less than this, where a part of an operation needs more than the rest.
    pub(crate) fn must_have(&self, needed: Access) -> Result<(), Problem> {
        if self.caller.access.allows(needed) {
            return Ok(());
        }
        let detail = format!("this needs the access `{needed}`, the token has `{}`", self.caller.access);
        Err(Problem::new(StatusCode::FORBIDDEN, "forbidden", detail))
    }

    /// Refuses a caller that is bound to one project.
    pub(crate) fn must_see_all(&self) -> Result<(), Problem> {
        if self.caller.project.is_none() {
            return Ok(());
        }
        let detail = "this token is bound to one project, and this concerns all";
        Err(Problem::new(StatusCode::FORBIDDEN, "forbidden", detail))
    }
}

/// Refuses what cannot be an agent's name, under the name that the field has here.
pub(crate) fn checked_agent(field: &str, name: &str) -> Result<(), Problem> {
    let mut checks = Checks::default();
    checks.agent_name(field, name);
    checks.finish().map_err(Problem::from)
}

/// How to say that there is no project of that name, which is a possible one.
fn checked_name(name: &str) -> Result<impl Fn() -> Problem, Problem> {
    let mut checks = Checks::default();
    checks.project_name("name", name);
    let missing = move || Problem::missing("project", name.chars().take(80).collect::<String>());
    checks.finish().map_err(|_| missing())?;
    Ok(missing)
}

/// The version that an `If-Match` names; none: any.
fn version(tag: &str) -> Result<Option<i64>, Problem> {
    if tag.trim() == "*" {
        return Ok(None);
    }
    let quoted = tag.trim().strip_prefix('"').and_then(|tag| tag.strip_suffix('"'));
    let version = quoted.filter(|tag| tag.bytes().all(|byte| byte.is_ascii_digit())).and_then(|tag| tag.parse().ok());
    version.map(Some).ok_or_else(|| {
        let tag = tag.chars().take(80).collect::<String>();
        Problem::malformed(format!("If-Match is `{tag}`, must be an ETag as it was given, like `\"3\"`, or `*`"))
    })
}
