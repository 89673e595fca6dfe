//! A form of one of our own pages.

use std::collections::HashMap;

use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;

use super::body::{self, Read};
use super::query::decode;
use super::same_site;
use super::same_site::cross_site;
use crate::app::App;
use crate::problem::Problem;

/// The largest form.
const LIMIT: usize = 64 * 1024;

/// The fields of a form. It must have been sent by one of our own pages: without that, another site could sign somebody
/// in as somebody else without their knowing.
#[derive(Debug, Default)]
pub(crate) struct Form(HashMap<String, String>);

impl Form {
    /// A field, or nothing.
    pub(crate) fn get(&self, name: &str) -> String {
        self.0.get(name).cloned().unwrap_or_default()
    }

    /// A field that may be left empty.
    pub(crate) fn filled(&self, name: &str) -> Option<String> {
        self.0.get(name).filter(|text| !text.trim().is_empty()).cloned()
    }
}

impl FromRequest<App> for Form {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        if same_site(&parts.headers, &app.site) != Some(true) {
            return Err(cross_site());
        }
        let kind = parts.headers.get(CONTENT_TYPE).and_then(|header| header.to_str().ok()).unwrap_or_default();
        let media = kind.split(';').next().unwrap_or_default().trim();
        let bytes = match body::read(body, LIMIT).await? {
            Read::Whole(bytes) => bytes,
            Read::TooLarge => return Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", "The form is too large.")),
        };
        if !bytes.is_empty() && !media.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", "Send the form of the page."));
        }
        let text = str::from_utf8(&bytes).map_err(|_| unreadable())?;
        let pairs = text.split('&').filter(|pair| !pair.is_empty()).map(|pair| pair.split_once('=').unwrap_or((pair, "")));
        // No database keeps a NUL, and no browser sends one.
        let read = |text| decode(text).filter(|text| !text.contains('\0'));
        pairs.map(|(name, value)| Some((read(name)?, read(value)?))).collect::<Option<_>>().map(Self).ok_or_else(unreadable)
    }
}

fn unreadable() -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "malformed_form", "The form could not be read.")
}
