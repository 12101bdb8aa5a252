//! The list of tools, who sees which, and what a tool is made of.

mod feature;
mod note;
mod phase;
mod project;
mod task;
mod usage;

use std::pin::Pin;
use std::sync::Arc;

use autocoder_core::agent::Role::{self, Coder, Planner, Reviewer, SpecWriter, Tester};
use autocoder_core::ids::ProjectId;
use autocoder_core::ports::Queries;
use autocoder_core::workflow::Context;
use rmcp::model::{JsonObject, MetaObject, Tool as Described, ToolAnnotations};
use rmcp::service::{RequestContext, RoleServer};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;

use crate::arguments;
use crate::claim::Connection;
use crate::reply::Reply;
use crate::schema::schema_of;

/// Every tool, and the roles that see it.
pub(crate) const TOOLS: &[Entry] = &[
    entry::<task::GetNext>(&[Coder]),
    entry::<task::MarkPassing>(&[Coder]),
    entry::<task::Release>(&[Coder]),
    entry::<task::Skip>(&[Coder]),
    entry::<task::Ask>(&[Coder]),
    entry::<usage::ShouldContinue>(Role::ALL),
    entry::<task::Get>(Role::ALL),
    entry::<task::List>(Role::ALL),
    entry::<feature::GetSpec>(Role::ALL),
    entry::<phase::GetCurrent>(Role::ALL),
    entry::<note::Add>(&[Coder, SpecWriter, Planner]),
    entry::<note::List>(Role::ALL),
    entry::<phase::CheckStatus>(&[Planner, Reviewer]),
    entry::<phase::MarkComplete>(&[Planner, Reviewer]),
    entry::<phase::Create>(&[Planner]),
    entry::<note::Report>(&[Reviewer]),
    entry::<feature::Create>(&[Planner]),
    entry::<feature::SetSpec>(&[Planner, SpecWriter]),
    entry::<feature::CreateTasks>(&[Planner, SpecWriter]),
    entry::<task::SetDependencies>(&[Planner, SpecWriter]),
    entry::<task::GetForRegression>(&[Tester]),
    entry::<task::ReportRegression>(&[Tester]),
    entry::<project::GetStats>(&[Planner, Reviewer]),
    entry::<project::GetSpec>(&[Planner, SpecWriter]),
    entry::<usage::GetRemaining>(&[Planner, Reviewer]),
];

/// A tool; the value is its arguments.
pub(crate) trait Tool: DeserializeOwned + JsonSchema + Send + 'static {
    /// What it is called by.
    const NAME: &'static str;
    /// What it is for; every agent's context pays for each byte.
    const ABOUT: &'static str;
    /// Whether an agent needs it in nearly every session.
    const HOT: bool = false;
    /// Whether it changes nothing.
    const READS: bool = false;

    fn call(self, caller: &Caller) -> impl Future<Output = Reply> + Send;
}

/// Who calls, and what the call works with.
pub(crate) struct Caller {
    pub(crate) connection: Arc<Connection>,
    pub(crate) client: RequestContext<RoleServer>,
}

impl Caller {
    pub(crate) fn context(&self) -> Context<'_> {
        self.connection.context()
    }

    pub(crate) fn project(&self) -> ProjectId {
        self.connection.session.project
    }

    pub(crate) fn queries(&self) -> &dyn Queries {
        self.connection.session.store.queries()
    }
}

type Running<'a> = Pin<Box<dyn Future<Output = Reply> + Send + 'a>>;

/// A tool in the list.
pub(crate) struct Entry {
    name: &'static str,
    about: &'static str,
    hot: bool,
    reads: bool,
    roles: &'static [Role],
    schema: fn() -> JsonObject,
    run: fn(&Caller, JsonObject) -> Running<'_>,
}

pub(crate) const fn entry<T: Tool>(roles: &'static [Role]) -> Entry {
    let (schema, run) = (schema_of::<T>, run::<T>);
    Entry { name: T::NAME, about: T::ABOUT, hot: T::HOT, reads: T::READS, roles, schema, run }
}

fn run<T: Tool>(caller: &Caller, arguments: JsonObject) -> Running<'_> {
    Box::pin(async move { arguments::read::<T>(arguments)?.call(caller).await })
}

impl Entry {
    pub(crate) const fn name(&self) -> &'static str {
        self.name
    }

    pub(crate) fn is_for(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }

    pub(crate) async fn call(&self, caller: &Caller, arguments: JsonObject) -> Reply {
        (self.run)(caller, arguments).await
    }

    pub(crate) fn described(&self) -> Described {
        let mut tool = Described::new(self.name, self.about, Arc::new((self.schema)()));
        if self.hot {
            let mut meta = MetaObject::new();
            meta.0.insert("anthropic/alwaysLoad".to_owned(), true.into());
            tool = tool.with_meta(meta);
        }
        if self.reads { tool.with_annotations(ToolAnnotations::new().read_only(true)) } else { tool }
    }
}

/// The tools of `tools` that `role` sees; without one, all.
pub(crate) fn listed(tools: &[Entry], role: Option<Role>) -> Vec<Described> {
    tools.iter().filter(|tool| role.is_none_or(|role| tool.is_for(role))).map(Entry::described).collect()
}

pub(crate) fn find<'a>(tools: &'a [Entry], name: &str) -> Option<&'a Entry> {
    tools.iter().find(|tool| tool.name == name)
}

/// How many bytes the descriptions of the tools take that `role` sees; without one, all.
#[must_use]
pub fn tools_bytes(role: Option<Role>) -> usize {
    serde_json::to_string(&listed(TOOLS, role)).map_or(0, |list| list.len())
}

/// The names of the tools that `role` sees; without one, of all.
#[must_use]
pub fn tool_names(role: Option<Role>) -> Vec<&'static str> {
    TOOLS.iter().filter(|tool| role.is_none_or(|role| tool.is_for(role))).map(|tool| tool.name).collect()
}
