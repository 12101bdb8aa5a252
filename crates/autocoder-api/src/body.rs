//! What a request carries: a JSON body and a query string, both checked and refused by name.

use std::fmt;
use std::future::{Ready, ready};
use std::marker::PhantomData;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use futures_util::StreamExt;
use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeOwned, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use serde_json::error::Category;

use crate::problem::Problem;

/// The bytes that a body may have, unless its operation says otherwise.
pub(crate) const BODY_BYTES: usize = 2 * 1024 * 1024;
/// The bytes of a plan file.
pub(crate) const PLAN_BYTES: usize = 64 * 1024 * 1024;
/// How deep arrays and objects may lie inside each other.
const DEPTH: usize = 64;

/// A JSON body.
pub(crate) struct Body<T>(pub(crate) T);

impl<T: DeserializeOwned + 'static> FromRequest for Body<T> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move {
            must_be_json(&request)?;
            parse(&collect(payload, BODY_BYTES).await?).map(Self)
        })
    }
}

/// A JSON body that may be left out.
impl<T: DeserializeOwned + Default + 'static> FromRequest for OptionalBody<T> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let bytes = collect(payload, BODY_BYTES).await?;
            if bytes.is_empty() {
                return Ok(Self(T::default()));
            }
            must_be_json(&request)?;
            parse::<Option<T>>(&bytes).map(|body| Self(body.unwrap_or_default()))
        })
    }
}

/// A JSON body that may be left out.
pub(crate) struct OptionalBody<T>(pub(crate) T);

fn must_be_json(request: &HttpRequest) -> Result<(), Problem> {
    if request.content_type().eq_ignore_ascii_case("application/json") {
        return Ok(());
    }
    let detail = format!("the body is `{}`, must be `application/json`", request.content_type().escape_debug());
    Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not_json", detail)
        .hint("send Content-Type: application/json"))
}

/// The whole body, when it is not too long.
pub(crate) async fn collect(mut payload: Payload, most: usize) -> Result<web::Bytes, Problem> {
    let mut bytes = web::BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|error| Problem::malformed(format!("the body cannot be read: {error}")))?;
        if bytes.len() + chunk.len() > most {
            let detail = format!("the body has more than {most} bytes");
            return Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", detail));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes.freeze())
}

/// A value of a body: 400 when it is not JSON, 422 with the field when it is another JSON than wanted.
pub(crate) fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    refuse_deep(bytes)?;
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = match serde_path_to_error::deserialize(&mut reader) {
        Err(error) if error.inner().to_string().contains("floating point") => return parse_whole_floats(bytes),
        other => other.map_err(|error| refusal(error.path().to_string(), error.inner()))?,
    };
    reader.end().map_err(|error| refusal(String::new(), &error))?;
    // The reader would take a list for the fields in their order.
    match bytes.iter().find(|byte| !byte.is_ascii_whitespace()) {
        Some(b'[') => Err(Problem::field("body", "is a list, must be an object")),
        _ => Ok(value),
    }
}

/// JSON has one kind of number: `3.0` is `3`.
fn parse_whole_floats<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let mut value = serde_json::from_slice(bytes).map_err(|error| refusal(String::new(), &error))?;
    whole_floats(&mut value);
    serde_path_to_error::deserialize(value).map_err(|error| refusal(error.path().to_string(), error.inner()))
}

fn whole_floats(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(whole_floats),
        Value::Object(fields) => fields.values_mut().for_each(whole_floats),
        // A float without a fraction prints as digits only.
        Value::Number(number) => {
            let whole = number.as_f64().map(|number| number.to_string()).and_then(|text| text.parse::<i64>().ok());
            if let Some(whole) = whole.filter(|_| number.is_f64()) {
                *value = whole.into();
            }
        }
        Value::Null | Value::Bool(_) | Value::String(_) => {}
    }
}

fn refusal(path: String, error: &serde_json::Error) -> Problem {
    let text = error.to_string();
    let text = text.split(" at line ").next().unwrap_or_default();
    match error.classify() {
        Category::Data => Problem::field(&blamed(path, text), text),
        Category::Syntax | Category::Eof | Category::Io => {
            let detail = format!("the body is not JSON: {text} (line {}, column {})", error.line(), error.column());
            Problem::malformed(detail)
        }
    }
}

/// The field that a rule is about; of one that is missing or there twice the path ends at what should hold it.
fn blamed(path: String, rule: &str) -> String {
    let path = if path == "." { String::new() } else { path };
    let name = ["missing field `", "duplicate field `"].iter().find_map(|start| rule.strip_prefix(start));
    let name = name.and_then(|rest| rest.strip_suffix('`')).unwrap_or_default();
    match (path.is_empty(), name.is_empty()) {
        (true, true) => "body".to_owned(),
        (true, false) => name.to_owned(),
        (false, false) if path != name && !path.ends_with(&format!(".{name}")) => format!("{path}.{name}"),
        (false, _) => path,
    }
}

/// Refuses what only wants to exhaust whoever parses it.
fn refuse_deep(bytes: &[u8]) -> Result<(), Problem> {
    let (mut depth, mut in_text, mut escaped) = (0_usize, false, false);
    for byte in bytes {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b'[' | b'{' if !in_text => depth += 1,
            b']' | b'}' if !in_text => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEPTH {
            return Err(Problem::malformed(format!("the body is more than {DEPTH} levels deep")));
        }
    }
    Ok(())
}

/// For optional fields of a body: what is there must be a value; a null is refused, unless the value itself may be null.
pub(crate) fn told<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// The same for what has fields, which a list of their values in order is not.
pub(crate) fn told_fields<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    deserializer.deserialize_map(Fields(PhantomData)).map(Some)
}

struct Fields<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Fields<T> {
    type Value = T;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, fields: A) -> Result<T, A::Error> {
        T::deserialize(MapAccessDeserializer::new(fields))
    }
}

/// A query string; control characters and unknown names are refused.
pub(crate) struct Params<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest for Params<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(params(request.query_string()).map(Self))
    }
}

fn params<T: DeserializeOwned>(query: &str) -> Result<T, Problem> {
    let pairs = url::form_urlencoded::parse(query.as_bytes());
    if let Some((name, _)) = pairs.into_iter().find(|(_, value)| value.chars().any(char::is_control)) {
        return Err(Problem::field(&name, "has a control character; remove it"));
    }
    serde_path_to_error::deserialize(serde_urlencoded::Deserializer::new(pairs)).map_err(|error| {
        let (path, rule) = (error.path().to_string(), error.inner().to_string());
        Problem::field(&blamed(path, &rule), rule)
    })
}
