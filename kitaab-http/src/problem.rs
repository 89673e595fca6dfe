//! What went wrong, as RFC 9457 writes it down.
//!
//! A handler answers with a [`Problem`]; the outermost layer writes it out, because only there the request's id and the
//! form (JSON for programs, a page for browsers) are known.

use axum::http::header::{CONNECTION, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// What handlers answer.
pub type Answer<T> = Result<T, Problem>;

/// An answer that is an error.
#[derive(Debug, Clone)]
pub struct Problem(Box<Parts>);

#[derive(Debug, Clone)]
struct Parts {
    status: StatusCode,
    body: Details,
    headers: HeaderMap,
}

/// A problem as it is sent, `application/problem+json`.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct Details {
    /// Always `about:blank`: `code` tells problems of one status apart.
    #[serde(rename = "type")]
    #[schema(example = "about:blank")]
    kind: &'static str,
    /// The name of the status.
    #[schema(example = "Not Found")]
    title: &'static str,
    /// The status, once more.
    #[schema(minimum = 400, maximum = 599, example = 404)]
    status: u16,
    /// What happened and what would help, for people.
    detail: String,
    /// What happened, for programs.
    #[schema(pattern = "^[a-z][a-z0-9_]*$", example = "not_found")]
    code: &'static str,
    /// Whether the same request may work later.
    temporary: bool,
    /// What the logs know the request by; also in `X-Request-Id`.
    request_id: String,
    /// Every bad field, with status 422.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    fields: Vec<Field>,
    /// The thing that is in the way, where the caller may know it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    existing_id: Option<Uuid>,
    /// The version that the thing has now, with status 412.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    current_version: Option<i64>,
    /// Where to begin anew, with `cursor_invalid`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    cursor: Option<String>,
}

/// A bad field.
#[expect(clippy::struct_field_names, reason = "the contract calls it so")]
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = ProblemField)]
pub struct Field {
    /// Where: `email`, `client.email`, `project_ids[2]`; the name of a query parameter or header.
    pub field: String,
    /// What is wrong, for programs: `required`, `invalid`, `too_long`, `not_found`, `unknown_field` …
    pub code: &'static str,
    /// What would do, for people.
    pub message: String,
}

impl Problem {
    /// A problem that is not temporary.
    pub(crate) fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        let body = Details {
            kind: "about:blank",
            title: status.canonical_reason().unwrap_or("Error"),
            status: status.as_u16(),
            detail: detail.into(),
            code,
            temporary: false,
            request_id: String::new(),
            fields: Vec::new(),
            existing_id: None,
            current_version: None,
            cursor: None,
        };
        Self(Box::new(Parts { status, body, headers: HeaderMap::new() }))
    }

    /// The same request may work later.
    pub(crate) fn temporary(mut self, temporary: bool) -> Self {
        self.0.body.temporary = temporary;
        self
    }

    /// … after so many seconds.
    pub(crate) fn retry_after(mut self, seconds: u64) -> Self {
        self.0.headers.insert(RETRY_AFTER, HeaderValue::from(seconds.max(1)));
        self
    }

    pub(crate) fn fields(mut self, fields: Vec<Field>) -> Self {
        self.0.body.fields = fields;
        self
    }

    pub(crate) fn existing(mut self, id: Option<Uuid>) -> Self {
        self.0.body.existing_id = id;
        self
    }

    pub(crate) fn cursor(mut self, cursor: String) -> Self {
        self.0.body.cursor = Some(cursor);
        self
    }

    pub(crate) fn current_version(mut self, version: i64) -> Self {
        self.0.body.current_version = Some(version);
        self
    }

    /// What a client must show to be let in (RFC 6750, 3).
    pub(crate) fn challenge(mut self, challenge: &'static str) -> Self {
        self.0.headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
        self
    }

    /// Nothing more is read from this connection.
    pub(crate) fn closing(mut self) -> Self {
        self.0.headers.insert(CONNECTION, HeaderValue::from_static("close"));
        self
    }

    /// The status of the answer.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.0.status
    }

    /// The stable name of what happened.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.0.body.code
    }

    /// After how many seconds to come back.
    pub(crate) fn seconds(&self) -> Option<u64> {
        self.0.headers.get(RETRY_AFTER)?.to_str().ok()?.parse().ok()
    }

    /// As a part of a frame, where there are no headers.
    pub(crate) fn in_a_frame(&self) -> serde_json::Value {
        let mut value = serde_json::to_value(&self.0.body).unwrap_or_default();
        if let Some(fields) = value.as_object_mut() {
            // A frame has an id of its own.
            fields.remove("request_id");
            if let Some(seconds) = self.seconds() {
                fields.insert("retry_after".into(), seconds.into());
            }
        }
        value
    }

    /// The body, with the id of the request.
    pub(crate) fn details(&self, request_id: &str) -> Details {
        Details { request_id: request_id.to_owned(), ..self.0.body.clone() }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.0.status.into_response();
        response.headers_mut().extend(self.0.headers.clone());
        response.extensions_mut().insert(self);
        response
    }
}
