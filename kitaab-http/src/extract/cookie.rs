//! The two cookies: the session's, and what ties a mailed sign-in link to the browser that asked for it.

use std::time::Duration;

use axum::http::header::COOKIE;
use axum::http::{HeaderMap, HeaderValue};

use crate::app::Site;

/// Which cookie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kept {
    /// A session token.
    Session,
    /// The `request` of a mailed sign-in link.
    LinkRequest,
}

/// Reads and writes the cookies of a site. Over plain http they exist on loopback only: anywhere else everybody on the
/// way could take the session.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Jar<'a>(pub(crate) &'a Site);

impl Jar<'_> {
    fn name(self, kept: Kept) -> Option<&'static str> {
        match (kept, self.0.https) {
            (Kept::Session, true) => Some("__Host-kitaab"),
            (Kept::LinkRequest, true) => Some("__Host-kitaab-link"),
            (Kept::Session, false) => self.0.is_loopback().then_some("kitaab"),
            (Kept::LinkRequest, false) => self.0.is_loopback().then_some("kitaab-link"),
        }
    }

    /// What the browser sent along.
    pub(crate) fn read(self, kept: Kept, headers: &HeaderMap) -> Option<&str> {
        let name = self.name(kept)?;
        let lines = headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
        let pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
        pairs.filter(|(key, _)| *key == name).map(|(_, value)| value).find(|value| !value.is_empty())
    }

    /// The header that has the browser keep a value.
    pub(crate) fn keep(self, kept: Kept, value: &str, lasts: Duration) -> Option<HeaderValue> {
        let (name, secure) = (self.name(kept)?, if self.0.https { "; Secure" } else { "" });
        let line = format!("{name}={value}; Path=/; Max-Age={}; HttpOnly; SameSite=Lax{secure}", lasts.as_secs());
        HeaderValue::from_str(&line).ok()
    }

    /// The header that has the browser forget it.
    pub(crate) fn forget(self, kept: Kept) -> Option<HeaderValue> {
        self.keep(kept, "", Duration::ZERO)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(cookie: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(COOKIE, HeaderValue::from_static(cookie))])
    }

    #[test]
    fn over_https_the_cookie_is_bound_to_the_host() {
        let site = Site::new("https://kitaab.example");
        let line = Jar(&site).keep(Kept::Session, "kts_x", Duration::from_mins(1)).unwrap();
        assert_eq!(line, "__Host-kitaab=kts_x; Path=/; Max-Age=60; HttpOnly; SameSite=Lax; Secure");
        assert_eq!(Jar(&site).read(Kept::Session, &sent("a=b; __Host-kitaab=kts_x; kitaab=kts_y")), Some("kts_x"));
    }

    #[test]
    fn over_http_it_exists_on_loopback_only() {
        let (here, there) = (Site::new("http://localhost:8080"), Site::new("http://kitaab.example"));
        assert_eq!(Jar(&here).read(Kept::Session, &sent("kitaab=kts_x")), Some("kts_x"));
        assert_eq!(Jar(&there).read(Kept::Session, &sent("kitaab=kts_x; __Host-kitaab=kts_x")), None);
        assert_eq!(Jar(&there).keep(Kept::Session, "kts_x", Duration::ZERO), None);
    }
}
