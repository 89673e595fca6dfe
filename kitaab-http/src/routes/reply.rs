//! How an answer is written.

use axum::http::header::{CONTENT_TYPE, ETAG, SET_COOKIE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use kitaab_core::account::SessionToken;
use kitaab_core::error::Error;
use secrecy::ExposeSecret;
use serde::Serialize;

use crate::app::App;
use crate::extract::{Jar, Kept};
use crate::problem::Problem;

/// A status, a body, and what goes into the headers.
pub(crate) struct Reply<T> {
    status: StatusCode,
    body: T,
    version: Option<i64>,
    cookies: Vec<HeaderValue>,
}

impl<T: Serialize> Reply<T> {
    /// 200.
    pub(crate) fn ok(body: T) -> Self {
        Self { status: StatusCode::OK, body, version: None, cookies: Vec::new() }
    }

    /// 201: something was made.
    pub(crate) fn created(body: T) -> Self {
        Self { status: StatusCode::CREATED, ..Self::ok(body) }
    }

    /// 201 if this call made it, 200 if it was there.
    pub(crate) fn made(body: T, made: bool) -> Self {
        if made { Self::created(body) } else { Self::ok(body) }
    }

    /// 202: something will happen, or it would not be told that it does not.
    pub(crate) fn accepted(body: T) -> Self {
        Self { status: StatusCode::ACCEPTED, ..Self::ok(body) }
    }

    /// The version that a change may name in `If-Match`.
    pub(crate) fn version(mut self, version: i64) -> Self {
        self.version = Some(version);
        self
    }

    /// Has the browser keep a cookie, where this site has cookies.
    pub(crate) fn cookie(mut self, cookie: Option<HeaderValue>) -> Self {
        self.cookies.extend(cookie);
        self
    }

    /// Has the browser keep the session.
    pub(crate) fn signed_in(self, app: &App, session: &SessionToken) -> Self {
        let cookie = session_cookie(app, session);
        self.cookie(cookie)
    }
}

/// The cookie of a new session; it ends with the session.
pub(crate) fn session_cookie(app: &App, session: &SessionToken) -> Option<HeaderValue> {
    let lasts = session.expires_at.since(app.kitaab.now());
    Jar(&app.site).keep(Kept::Session, session.token.expose_secret(), lasts)
}

impl<T: Serialize> IntoResponse for Reply<T> {
    fn into_response(self) -> Response {
        let json = match serde_json::to_vec(&self.body) {
            Ok(json) => json,
            Err(error) => return Problem::from(Error::internal(error)).into_response(),
        };
        let mut response = (self.status, [(CONTENT_TYPE, "application/json")], json).into_response();
        let headers = response.headers_mut();
        if let Some(tag) = self.version.and_then(|version| HeaderValue::from_str(&format!("\"{version}\"")).ok()) {
            headers.insert(ETAG, tag);
        }
        for cookie in self.cookies {
            headers.append(SET_COOKIE, cookie);
        }
        response
    }
}

/// 204 and the browser forgets the session.
pub(crate) fn signed_out(app: &App) -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    if let Some(cookie) = Jar(&app.site).forget(Kept::Session) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}
