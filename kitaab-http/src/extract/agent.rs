//! What a browser says of itself and carries for us.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::header::USER_AGENT;
use axum::http::request::Parts;

use super::{Jar, Kept};
use crate::app::App;

/// The `User-Agent`, for the list of one's own sessions.
pub(crate) struct Agent(Option<String>);

impl Agent {
    pub(crate) fn name(&self) -> Option<&str> {
        self.0.as_deref()
    }
}

impl FromRequestParts<App> for Agent {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Infallible> {
        let name = parts.headers.get(USER_AGENT).map(|header| String::from_utf8_lossy(header.as_bytes()).into_owned());
        Ok(Self(name))
    }
}

/// The `request` of a mailed sign-in link, if this browser asked for one.
pub(crate) struct LinkRequest(pub(crate) Option<String>);

impl FromRequestParts<App> for LinkRequest {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        Ok(Self(Jar(&app.site).read(Kept::LinkRequest, &parts.headers).map(str::to_owned)))
    }
}
