//! The list of operations: each with its handler, its documentation and who may call it. There is no other way to add
//! a route, so one without a stated permission does not compile.

use std::collections::BTreeMap;

use actix_web::http::Method;
use actix_web::middleware::from_fn;
use actix_web::{Handler, Responder, Route, web};
use autocoder_core::token::Access;
use utoipa::__dev::SchemaReferences;
use utoipa::openapi::path::{HttpMethod, Operation, PathItem};
use utoipa::openapi::schema::Schema;
use utoipa::openapi::{ComponentsBuilder, OpenApi, RefOr};

use crate::security::permit;

/// Who may call an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Permission {
    /// Everybody, without a token.
    Public,
    /// Whoever has at least this access.
    At(Access),
}

/// The operations of the API: their routes, or their documentation.
pub(crate) enum Operations {
    /// What a worker answers by: the path of each route, and the methods that each path knows.
    Routes(Vec<(String, Route)>, BTreeMap<String, Vec<String>>),
    /// What the document says of them; workers have no use for it.
    Documents(BTreeMap<String, Vec<(HttpMethod, Operation)>>, Vec<(String, RefOr<Schema>)>),
}

/// Adds operations to a list: `operations!(list, "phases"; Viewer list, Editor create)`. Each is a module with a
/// function `handle` that carries `#[utoipa::path]`.
macro_rules! operations {
    ($list:expr, $tag:literal; $($access:ident $verb:ident),* $(,)?) => { $(
        $list.add::<$verb::__path_handle, _, _>(
            $tag,
            $crate::operations::Permission::At(autocoder_core::token::Access::$access),
            $verb::handle,
        );
    )* };
}
pub(crate) use operations;

impl Operations {
    /// For the routes of one worker.
    pub(crate) fn routes() -> Self {
        Self::Routes(Vec::new(), BTreeMap::new())
    }

    /// For the document.
    pub(crate) fn documents() -> Self {
        Self::Documents(BTreeMap::new(), Vec::new())
    }

    /// Adds one operation; `P` is its documentation.
    pub(crate) fn add<P, H, Args>(&mut self, tag: &str, permission: Permission, handler: H)
    where
        P: utoipa::Path + SchemaReferences,
        H: Handler<Args>,
        Args: actix_web::FromRequest + 'static,
        H::Output: Responder + 'static,
    {
        let path = P::path();
        let [method] = &P::methods()[..] else { unreachable!("an operation has one method") };
        match self {
            Self::Routes(routes, methods) => {
                let route = web::route().method(actix_method(method)).to(handler);
                let route = route.wrap(from_fn(move |request, next| permit(permission, request, next)));
                methods.entry(path.clone()).or_default().push(actix_method(method).to_string());
                routes.push((path, route));
            }
            Self::Documents(paths, schemas) => {
                let mut operation = P::operation();
                operation.tags = Some(vec![tag.to_owned()]);
                crate::openapi::complete(&mut operation, method, permission);
                paths.entry(path).or_default().push((method.clone(), operation));
                P::schemas(schemas);
            }
        }
    }

    /// Gives the routes to a scope of the server; paths with fixed words go before those with variables.
    pub(crate) fn mount(self, config: &mut web::ServiceConfig) {
        let Self::Routes(routes, mut allowed) = self else { return };
        let mut resources: BTreeMap<(Vec<bool>, String), Vec<Route>> = BTreeMap::new();
        for (path, route) in routes {
            let variables = path.split('/').map(|part| part.starts_with('{')).collect();
            resources.entry((variables, path)).or_default().push(route);
        }
        for ((_, path), routes) in resources {
            let methods = allowed.remove(&path).unwrap_or_default().join(", ");
            let wrong = move |request| crate::routes::wrong_method(request, methods.clone());
            let resource = web::resource(&path).default_service(web::to(wrong));
            config.service(routes.into_iter().fold(resource, actix_web::Resource::route));
        }
    }

    /// The paths and schemas, without what the document says beside them.
    pub(crate) fn document(self, mut document: OpenApi) -> OpenApi {
        let Self::Documents(paths, schemas) = self else { return document };
        for (path, operations) in paths {
            let item = document.paths.paths.entry(format!("/api{path}")).or_default();
            for (method, operation) in operations {
                item.merge_operations(PathItem::new(method, operation));
            }
        }
        let known = document.components.take().unwrap_or_default();
        let mut components = ComponentsBuilder::from(known);
        for (name, schema) in schemas {
            components = components.schema(name, schema);
        }
        document.components = Some(components.build());
        document
    }
}

fn actix_method(method: &HttpMethod) -> Method {
    match method {
        HttpMethod::Get => Method::GET,
        HttpMethod::Post => Method::POST,
        HttpMethod::Put => Method::PUT,
        HttpMethod::Delete => Method::DELETE,
        HttpMethod::Patch => Method::PATCH,
        HttpMethod::Options | HttpMethod::Head | HttpMethod::Trace => unreachable!("no operation has such a method"),
    }
}
