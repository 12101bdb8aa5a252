//! The one translation of everything that goes wrong into an HTTP status and an RFC 9457 problem.

use std::fmt;

use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use actix_web::{HttpResponse, ResponseError};
use autocoder_core::error::{ErrorKind, Refused};
use autocoder_core::limits::InvalidField;
use autocoder_core::ports::StoreError;
use serde::Serialize;
use utoipa::ToSchema;

/// What went wrong, after RFC 9457.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Problem {
    /// A name of this sort of problem: `urn:autocoder:problem:CODE`.
    #[serde(rename = "type")]
    #[schema(example = "urn:autocoder:problem:illegal_transition")]
    pub kind: String,
    /// The HTTP status in words.
    #[schema(example = "Conflict")]
    pub title: String,
    /// The HTTP status.
    #[schema(example = 409)]
    pub status: u16,
    /// What happened, for people.
    #[schema(example = "a phase that is `pending` cannot `approve`; it can `start`")]
    pub detail: String,
    /// A word that never changes, for programs.
    #[schema(example = "illegal_transition")]
    pub code: String,
    /// What to do next.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// The fields that break a rule, all of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldProblem>,
    /// Seconds to wait before the next try, told in a header.
    #[serde(skip)]
    pub(crate) retry_after: Option<u64>,
}

/// A field that breaks a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldProblem {
    /// The field, with its path: `tasks[2].name`.
    #[schema(example = "name")]
    pub field: String,
    /// What is wrong and what would be right.
    #[schema(example = "must not be empty")]
    pub rule: String,
}

impl Problem {
    /// A problem of the protocol, not of a use case.
    pub(crate) fn new(status: StatusCode, code: &str, detail: impl Into<String>) -> Self {
        Self {
            kind: format!("urn:autocoder:problem:{code}"),
            title: status.canonical_reason().unwrap_or("Error").to_owned(),
            status: status.as_u16(),
            detail: detail.into(),
            code: code.to_owned(),
            hint: None,
            errors: Vec::new(),
            retry_after: None,
        }
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    pub(crate) fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// The same, when the caller had named the version it expected.
    pub(crate) fn precondition_failed(mut self) -> Self {
        let status = StatusCode::PRECONDITION_FAILED;
        (self.status, self.title) = (status.as_u16(), status.canonical_reason().unwrap_or("Error").to_owned());
        self
    }

    /// A fault of ours; what it was goes into the log.
    pub(crate) fn internal(error: impl fmt::Display) -> Self {
        tracing::error!(%error, "a request failed");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "the server failed; its log says more")
    }

    /// A request that cannot be understood at all.
    pub(crate) fn malformed(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "malformed", detail)
    }

    /// One field that breaks a rule.
    pub(crate) fn field(field: &str, rule: impl Into<String>) -> Self {
        Refused::field(field, rule).into()
    }

    /// Something that is not there, or not for this caller.
    pub(crate) fn missing(noun: &'static str, id: impl ToString) -> Self {
        Refused::missing(noun, id).into()
    }
}

const fn status(kind: ErrorKind) -> StatusCode {
    match kind {
        ErrorKind::InvalidInput => StatusCode::UNPROCESSABLE_ENTITY,
        ErrorKind::NotFound => StatusCode::NOT_FOUND,
        ErrorKind::Conflict | ErrorKind::IllegalTransition => StatusCode::CONFLICT,
        ErrorKind::LimitReached => StatusCode::TOO_MANY_REQUESTS,
        ErrorKind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        ErrorKind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        let status = match &refused {
            Refused::PersonNeeded { .. } => StatusCode::FORBIDDEN,
            other => status(other.kind()),
        };
        if status.is_server_error() {
            tracing::error!(error = %refused, "a request failed");
        }
        // What a database says about a fault of ours is for the log.
        let detail = match &refused {
            Refused::Store(StoreError::Failed { .. }) => "the server failed; its log says more".to_owned(),
            other => other.to_string(),
        };
        let mut problem = Self::new(status, refused.code(), detail);
        problem.hint = refused.hint().map(str::to_owned);
        problem.errors = errors(refused);
        problem
    }
}

fn errors(refused: Refused) -> Vec<FieldProblem> {
    match refused {
        Refused::Invalid(fields) => {
            fields.into_iter().map(|InvalidField { field, rule }| FieldProblem { field, rule }).collect()
        }
        Refused::Plan(problems) => {
            problems.into_iter().map(|one| FieldProblem { rule: one.to_string(), field: one.field }).collect()
        }
        _ => Vec::new(),
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        Refused::Store(error).into()
    }
}

impl From<Vec<InvalidField>> for Problem {
    fn from(fields: Vec<InvalidField>) -> Self {
        Refused::Invalid(fields).into()
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.detail)
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status_code()).json(self);
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if self.status == StatusCode::UNAUTHORIZED.as_u16() {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"autocoder\""));
        }
        if let Some(seconds) = self.retry_after {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
