//! What is known of a request before anybody looks into it.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::HeaderMap;
use axum::http::request::Parts;

use crate::app::App;

/// The id of a request and where it comes from; put there by the outermost layer.
#[derive(Debug, Clone, Default)]
pub(crate) struct Context {
    pub(crate) request_id: Arc<str>,
    pub(crate) address: Option<IpAddr>,
    pub(crate) peer: Option<IpAddr>,
}

impl FromRequestParts<App> for Context {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Infallible> {
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or_default())
    }
}

/// The other end of the connection, and the client behind it: the rightmost address of `X-Forwarded-For` that is no
/// proxy of ours, where the connection comes from one. What stands left of it anybody could have written.
pub(crate) fn client_address(app: &App, headers: &HeaderMap, peer: Option<&ConnectInfo<SocketAddr>>) -> (Option<IpAddr>, Option<IpAddr>) {
    let Some(peer) = peer.map(|ConnectInfo(peer)| peer.ip().to_canonical()) else { return (None, None) };
    if !app.trusts(peer) {
        return (Some(peer), Some(peer));
    }
    let lines: Vec<&str> = headers.get_all("x-forwarded-for").iter().filter_map(|line| line.to_str().ok()).collect();
    let mut last = peer;
    for hop in lines.iter().rev().flat_map(|line| line.rsplit(',')) {
        let Some(hop) = address(hop.trim()) else { break };
        last = hop;
        if !app.trusts(hop) {
            break;
        }
    }
    (Some(last), Some(peer))
}

/// An address as proxies write it: bare, in brackets, or with a port.
fn address(text: &str) -> Option<IpAddr> {
    let bare = text.parse::<IpAddr>().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|address| address.ip()));
    let bracketed = || text.strip_prefix('[')?.strip_suffix(']')?.parse::<IpAddr>().ok();
    bare.or_else(bracketed).map(|address| address.to_canonical())
}

/// An id that a proxy gave a request, if it can stand in logs and headers.
pub(crate) fn sane_request_id(text: &str) -> bool {
    (1..=128).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_as_proxies_write_them() {
        for text in ["203.0.113.9", "203.0.113.9:443", "::ffff:203.0.113.9"] {
            assert_eq!(address(text), "203.0.113.9".parse().ok(), "{text}");
        }
        assert_eq!(address("[2001:db8::1]:443"), "2001:db8::1".parse().ok());
        assert_eq!(address("[2001:db8::1]"), "2001:db8::1".parse().ok());
        assert_eq!(address("unknown"), None);
    }

    #[test]
    fn an_id_that_could_write_into_a_log_is_not_taken() {
        assert!(sane_request_id("01J-abc_9.x"));
        for bad in ["", "a b", "a\"b", "ä", &"x".repeat(129)] {
            assert!(!sane_request_id(bad), "{bad}");
        }
    }
}
