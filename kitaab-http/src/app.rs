//! What every handler can reach.

use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;

use axum::http::request::Parts;
use ipnet::IpNet;
use kitaab_core::Kitaab;
use kitaab_core::access::Actor;

use crate::layer::Limits;
use crate::live::Live;
use crate::metrics::Metrics;

/// The sign-in of an application that Kitaab is mounted in: from the head of a request to the person it knows.
pub type SignIn = Arc<dyn Fn(&Parts) -> Option<Actor> + Send + Sync>;

/// What can be set about the router. The default is right behind nothing and for everybody's own sign-in.
#[derive(Clone)]
#[must_use]
pub struct HttpConfig {
    pub(crate) trusted_proxies: Vec<IpNet>,
    pub(crate) docs: bool,
    pub(crate) mailbox: Option<PathBuf>,
    pub(crate) sign_in: Option<SignIn>,
    pub(crate) metrics: Option<Metrics>,
    pub(crate) live: Live,
}

impl Default for HttpConfig {
    fn default() -> Self {
        Self { trusted_proxies: Vec::new(), docs: true, mailbox: None, sign_in: None, metrics: None, live: Live::default() }
    }
}

impl HttpConfig {
    /// Networks whose `X-Forwarded-For` and `X-Request-Id` are believed.
    pub fn trusted_proxies(mut self, networks: Vec<IpNet>) -> Self {
        self.trusted_proxies = networks;
        self
    }

    /// Whether `/docs` is there.
    pub fn docs(mut self, shown: bool) -> Self {
        self.docs = shown;
        self
    }

    /// Where mails are written to while no mail server is set; `/dev/mailbox` shows them on loopback.
    pub fn mailbox(mut self, folder: Option<PathBuf>) -> Self {
        self.mailbox = folder;
        self
    }

    /// Takes the word of the application around this router for who is signed in. It is asked before our own
    /// sessions are looked at, and must only name whom it has authenticated itself:
    ///
    /// ```
    /// use kitaab_core::access::Actor;
    /// use kitaab_core::ids::UserId;
    /// use kitaab_http::HttpConfig;
    ///
    /// /// What a layer of the host application leaves behind.
    /// #[derive(Clone)]
    /// struct SignedIn(UserId);
    ///
    /// let config = HttpConfig::default()
    ///     .sign_in(|request| request.extensions.get::<SignedIn>().map(|SignedIn(user)| Actor::person(*user)));
    /// ```
    ///
    /// Requests that come with a cookie and change something must still come from the public URL's own pages.
    pub fn sign_in(mut self, knows: impl Fn(&Parts) -> Option<Actor> + Send + Sync + 'static) -> Self {
        self.sign_in = Some(Arc::new(knows));
        self
    }

    /// What ends connections that stay open: sockets, streams, waiting polls.
    pub fn live(mut self, live: Live) -> Self {
        self.live = live;
        self
    }

    /// What `/metrics` shows; without it there is no such page.
    pub fn metrics(mut self, metrics: Metrics) -> Self {
        self.metrics = Some(metrics);
        self
    }
}

/// The state of the router. Cheap to clone.
#[derive(Clone)]
pub(crate) struct App(Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) kitaab: Kitaab,
    pub(crate) config: HttpConfig,
    pub(crate) site: Site,
    pub(crate) limits: Limits,
    pub(crate) document: String,
}

impl std::ops::Deref for App {
    type Target = Inner;
    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl App {
    pub(crate) fn new(kitaab: Kitaab, config: HttpConfig, document: String) -> Self {
        let site = Site::new(&kitaab.settings().public_url);
        let limits = Limits::new(kitaab.settings().limits);
        Self(Arc::new(Inner { kitaab, config, site, limits, document }))
    }

    pub(crate) fn trusts(&self, address: IpAddr) -> bool {
        self.config.trusted_proxies.iter().any(|network| network.contains(&address))
    }
}

/// Where people reach this server, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Site {
    pub(crate) https: bool,
    host: String,
    port: u16,
}

impl Site {
    /// From the public URL, which the settings have checked. What is no URL has no origin of its own.
    pub(crate) fn new(url: &str) -> Self {
        Self::parse(url).unwrap_or(Self { https: true, host: String::new(), port: 443 })
    }

    /// Reads `scheme://host[:port]`, and drops a path.
    pub(crate) fn parse(url: &str) -> Option<Self> {
        let (scheme, rest) = url.split_once("://")?;
        let https = match scheme.to_ascii_lowercase().as_str() {
            "https" => true,
            "http" => false,
            _ => return None,
        };
        let authority = rest.split(['/', '?', '#']).next()?;
        let (host, port) = split_port(authority)?;
        let port = port.unwrap_or(if https { 443 } else { 80 });
        (!host.is_empty() && !host.contains('@')).then(|| Self { https, host: host.to_ascii_lowercase(), port })
    }

    /// Whether an `Origin` header names this site. The names of the loopback interface count as one.
    pub(crate) fn is_origin(&self, origin: &str) -> bool {
        Self::parse(origin).is_some_and(|other| {
            let host = self.host == other.host || (self.is_loopback() && other.is_loopback());
            host && self.https == other.https && self.port == other.port
        })
    }

    /// Whether only this machine reaches it.
    pub(crate) fn is_loopback(&self) -> bool {
        is_loopback_name(&self.host)
    }
}

/// Splits `host:port`; an IPv6 address stands in brackets.
pub(crate) fn split_port(authority: &str) -> Option<(&str, Option<u16>)> {
    let end = authority.rfind(']').map_or(0, |bracket| bracket + 1);
    match authority[end..].find(':') {
        Some(colon) => Some((&authority[..end + colon], Some(authority[end + colon + 1..].parse().ok()?))),
        None => Some((authority, None)),
    }
}

/// Whether a host name is one of the three that mean this machine.
pub(crate) fn is_loopback_name(host: &str) -> bool {
    ["localhost", "127.0.0.1", "[::1]"].iter().any(|name| host.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_of_this_machine_are_one_origin() {
        let site = Site::new("http://127.0.0.1:8080");
        for same in ["http://127.0.0.1:8080", "http://localhost:8080", "http://[::1]:8080", "http://LOCALHOST:8080"] {
            assert!(site.is_origin(same), "{same}");
        }
        for other in
            ["http://127.0.0.1:8081", "https://127.0.0.1:8080", "http://localhost", "null", "", "http://localhost.evil.example:8080"]
        {
            assert!(!site.is_origin(other), "{other}");
        }
    }

    #[test]
    fn a_public_site_is_its_own_origin_only() {
        let site = Site::new("https://kitaab.example");
        assert!(site.is_origin("https://kitaab.example") && site.is_origin("https://kitaab.example:443"));
        for other in ["https://kitaab.example.evil.example", "http://kitaab.example", "https://kitaab.example:8443", "https://localhost"] {
            assert!(!site.is_origin(other), "{other}");
        }
    }
}
