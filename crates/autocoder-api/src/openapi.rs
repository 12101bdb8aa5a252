//! The OpenAPI document: generated from the operations, completed with what holds for all of them.

mod tags;
mod text;

use autocoder_core::token::Access;
use utoipa::openapi::extensions::Extensions;
use utoipa::openapi::path::{HttpMethod, Operation, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ObjectBuilder, Schema, SchemaType, Type};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{
    Content, InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder, Ref, RefOr, Required, Response, ResponseBuilder,
    Server,
};
use utoipa::{PartialSchema, ToSchema};

use crate::operations::{Operations, Permission};
use crate::problem::{FieldProblem, Problem};

/// The whole document.
#[must_use]
pub fn document() -> OpenApi {
    let info = InfoBuilder::new()
        .title("Autocoder")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some("Runs coding agents over a plan and keeps a person in charge."))
        .license(Some(LicenseBuilder::new().name("Apache-2.0 OR MIT").identifier(Some("Apache-2.0 OR MIT")).build()))
        .build();
    let empty = OpenApiBuilder::new().info(info).servers(Some([Server::new("/")])).tags(Some(tags::all())).build();
    let mut document = crate::routes::operations(Operations::documents()).document(empty);
    let components = document.components.get_or_insert_default();
    components.schemas.insert(Problem::name().into_owned(), Problem::schema());
    components.schemas.insert(FieldProblem::name().into_owned(), FieldProblem::schema());
    let bearer = SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build());
    text::state(components);
    components.add_security_scheme("bearer", bearer);
    document
}

/// The document as text: JSON with an end of line.
#[must_use]
pub fn text() -> String {
    let mut text = document().to_pretty_json().expect("a document without foreign types is JSON");
    text.push('\n');
    text
}

/// Adds what every operation of its kind has: security, conditional and idempotent headers, and the errors.
pub(crate) fn complete(operation: &mut Operation, method: &HttpMethod, permission: Permission) {
    let writes = *method != HttpMethod::Get;
    path_limits(operation);
    if let Permission::At(access) = permission {
        operation.security = Some(vec![SecurityRequirement::new("bearer", Vec::<String>::new())]);
        let said = operation.description.take().unwrap_or_default();
        operation.description = Some(format!("{said}\n\nNeeds the access `{access}`.").trim_start().to_owned());
        operation.extensions = Some(Extensions::from_iter([("x-access", access.as_str())]));
        debug_assert_ne!(access, Access::Agent, "agents come in by their tools");
    }
    if *method == HttpMethod::Post {
        header(
            operation,
            "Idempotency-Key",
            "^[\\x21-\\x7E]+$",
            "Makes a repetition harmless: the same key and body give the same reply.",
        );
    }
    if matches!(method, HttpMethod::Put | HttpMethod::Patch | HttpMethod::Delete) {
        header(
            operation,
            "If-Match",
            r#"^(\*|"[0-9]{1,9}")$"#,
            "The ETag that was seen; refused with 412 when it is not the newest.",
        );
    }
    let always = [
        ("400", "The request cannot be understood"),
        ("401", "There is no token, or it does not count (any more)"),
        ("403", "The token does not allow it, or another web page asks"),
        ("404", "What the path names is not there"),
        ("405", "The path does not know this method"),
        ("421", "The Host header names another server"),
        ("422", "Fields break a rule; `errors` lists them"),
        ("429", "Too many requests; `Retry-After` says when to go on"),
        ("500", "A fault of the server"),
        ("503", "The database cannot be reached at the moment"),
    ];
    let writing = [
        ("409", "It does not fit the present state"),
        ("412", "`If-Match` names an older version"),
        ("413", "The body is too long"),
        ("415", "The body is not JSON"),
    ];
    for (status, description) in always.into_iter().chain(writing.into_iter().filter(|_| writes)) {
        operation.responses.responses.entry(status.to_owned()).or_insert_with(|| RefOr::T(problem(description)));
    }
}

fn problem(description: &str) -> Response {
    let content = Content::new(Some(RefOr::<Schema>::Ref(Ref::from_schema_name("Problem"))));
    ResponseBuilder::new().description(description).content("application/problem+json", content).build()
}

/// Ids begin with 1, a project's name looks like one, and what is asked for has no control characters.
fn path_limits(operation: &mut Operation) {
    for parameter in operation.parameters.iter_mut().flatten() {
        let RefOr::T(parameter) = parameter else { continue };
        let Some(RefOr::T(Schema::Object(schema))) = &mut parameter.schema else { continue };
        if parameter.parameter_in == ParameterIn::Query {
            text::parameter(schema);
            continue;
        }
        if schema.schema_type == SchemaType::Type(Type::Integer) {
            schema.minimum = Some(1.into());
        } else if parameter.name == "name" {
            schema.pattern = Some("^[a-z0-9][a-z0-9-]{0,62}$".to_owned());
        }
    }
}

fn header(operation: &mut Operation, name: &str, pattern: &str, description: &str) {
    let parameter = ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(description))
        .schema(Some(
            ObjectBuilder::new()
                .schema_type(Type::String)
                .min_length(Some(1))
                .max_length(Some(255))
                .pattern(Some(pattern))
                .build(),
        ))
        .build();
    operation.parameters.get_or_insert_default().push(RefOr::T(parameter));
}
