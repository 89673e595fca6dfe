//! What pages answer with.

use std::fmt::Write;

use askama::Template;
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION, REFERRER_POLICY, SET_COOKIE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use kitaab_core::Error;
use kitaab_core::time::{Date, Timestamp};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::view::{Field, Moment};
use crate::problem::Problem;

/// Styles and pictures of our own, forms to ourselves, and nothing that runs.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
);
/// With no referrer at all browsers send `Origin: null` with forms, and those are refused.
const REFERRER: HeaderValue = HeaderValue::from_static("same-origin");

/// A page.
pub(super) fn page(status: StatusCode, template: &impl Template) -> Response {
    let mut html = String::new();
    if let Err(error) = template.render_into(&mut html) {
        tracing::error!(%error, "a page could not be rendered");
        html.clear();
        // The page of an error is one too, so it cannot help here.
        let _ = write!(html, "<!doctype html><title>Error</title><p>Something failed on our side.");
    }
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (CONTENT_SECURITY_POLICY, POLICY),
        (REFERRER_POLICY, REFERRER),
    ];
    (status, headers, html).into_response()
}

/// On to another page of ours, by GET.
pub(super) fn go(path: &str) -> Response {
    let Ok(location) = HeaderValue::from_str(path) else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
    (StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response()
}

/// A page's path with a token.
pub(super) fn with_token(path: &str, token: &str) -> String {
    format!("{path}?token={}", utf8_percent_encode(token, NON_ALPHANUMERIC))
}

/// The same answer with cookies.
pub(super) fn with_cookies(mut response: Response, cookies: impl IntoIterator<Item = HeaderValue>) -> Response {
    for cookie in cookies {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}

/// What is wrong with a form that is shown again.
#[derive(Debug, Default)]
pub(super) struct Wrong {
    fields: Vec<(String, String)>,
    /// What is wrong with it as a whole.
    pub(super) whole: Option<String>,
    status: StatusCode,
}

impl Wrong {
    /// The errors that a person can do something about on the page itself; all others are a page of their own.
    pub(super) fn of(error: Error) -> Result<Self, Problem> {
        let mut wrong = Self::default();
        match &error {
            Error::Invalid(problems) => wrong.fields = problems.iter().map(|p| (p.field.clone(), p.message.clone())).collect(),
            Error::Conflict { .. } => wrong.whole = Some(error.to_string()),
            Error::Unauthenticated(_) => wrong.whole = Some("Address and password do not fit together.".into()),
            _ => return Err(error.into()),
        }
        let status = Problem::from(error).status();
        // 401 would have to say how a browser can sign in, which it does with this very page.
        wrong.status = if status == StatusCode::UNAUTHORIZED { StatusCode::UNPROCESSABLE_ENTITY } else { status };
        Ok(wrong)
    }

    /// The status of the form shown again; 200 for one that is shown for the first time.
    pub(super) fn status(&self) -> StatusCode {
        self.status
    }

    /// Notes one field.
    pub(super) fn add(&mut self, field: &str, message: &str) {
        self.fields.push((field.into(), message.into()));
        self.status = StatusCode::UNPROCESSABLE_ENTITY;
    }

    /// A field as it is shown again.
    pub(super) fn field(&self, name: &str, value: impl Into<String>) -> Field {
        let error = self.fields.iter().find(|(field, _)| field == name).map(|(_, message)| message.clone());
        Field { value: value.into(), error }
    }
}

/// A moment for somebody whose zone is not known.
pub(super) fn moment(at: Timestamp) -> Moment {
    Moment { text: at.to_jiff().strftime("%-d %B %Y, %H:%M UTC").to_string(), datetime: at.to_string() }
}

/// A moment in a person's zone.
pub(super) fn moment_in(at: Timestamp, zone: &str) -> Moment {
    Moment { text: at.in_zone(zone, "%-d %B %Y, %H:%M"), datetime: at.to_string() }
}

/// A day.
pub(super) fn day(date: Date) -> Moment {
    Moment { text: date.to_jiff().strftime("%-d %B %Y").to_string(), datetime: date.to_string() }
}
