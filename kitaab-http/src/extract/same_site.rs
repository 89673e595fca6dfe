//! Whether a request comes from one of our own pages: a cookie alone proves who, never that they meant it.

use axum::extract::FromRequestParts;
use axum::http::header::ORIGIN;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode};

use crate::app::{App, Site};
use crate::problem::Problem;

/// Yes, no, or the client said nothing of it, as programs do.
pub(crate) fn same_site(headers: &HeaderMap, site: &Site) -> Option<bool> {
    match (headers.get("sec-fetch-site"), headers.get(ORIGIN)) {
        (Some(relation), _) => Some(relation == "same-origin" || relation == "none"),
        (None, Some(origin)) => Some(origin.to_str().is_ok_and(|origin| site.is_origin(origin))),
        (None, None) => None,
    }
}

/// Whether a method only reads.
pub(super) fn is_safe(method: &Method) -> bool {
    [Method::GET, Method::HEAD, Method::OPTIONS].contains(method)
}

/// What a request from somewhere else gets.
pub(super) fn cross_site() -> Problem {
    let detail = "This request did not come from one of our own pages, so nothing was done.";
    Problem::new(StatusCode::FORBIDDEN, "cross_site", detail)
}

/// For what sets a session cookie and is called by programs too: turns away only who says that they come from elsewhere,
/// so that nobody is signed in as somebody else without knowing.
pub(crate) struct NotCrossSite;

impl FromRequestParts<App> for NotCrossSite {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        if same_site(&parts.headers, &app.site) == Some(false) { Err(cross_site()) } else { Ok(Self) }
    }
}

/// For sockets, which browsers open from any page: whoever names an origin must name ours.
pub(crate) struct OwnOrigin;

impl FromRequestParts<App> for OwnOrigin {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let own = |origin: &axum::http::HeaderValue| origin.to_str().is_ok_and(|origin| app.site.is_origin(origin));
        if parts.headers.get_all(ORIGIN).iter().all(own) { Ok(Self) } else { Err(cross_site()) }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderName, HeaderValue};

    use super::*;

    type Case = (&'static [(&'static str, &'static str)], Option<bool>);

    #[test]
    fn the_browser_says_where_a_request_comes_from() {
        let site = Site::new("http://127.0.0.1:8080");
        let table: &[Case] = &[
            (&[("sec-fetch-site", "same-origin")], Some(true)),
            (&[("sec-fetch-site", "none")], Some(true)),
            (&[("sec-fetch-site", "same-site")], Some(false)),
            (&[("sec-fetch-site", "cross-site"), ("origin", "http://127.0.0.1:8080")], Some(false)),
            (&[("sec-fetch-site", "same-origin"), ("origin", "https://evil.example")], Some(true)),
            (&[("origin", "http://localhost:8080")], Some(true)),
            (&[("origin", "null")], Some(false)),
            (&[("origin", "https://evil.example")], Some(false)),
            (&[], None),
        ];
        for (headers, expected) in table {
            let pairs = headers.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
            assert_eq!(same_site(&pairs.collect(), &site), *expected, "{headers:?}");
        }
    }
}
