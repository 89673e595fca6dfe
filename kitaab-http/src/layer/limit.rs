//! Limits per address and per session, kept in memory: each node counts for itself.

use std::collections::HashSet;
use std::hash::{BuildHasher, Hash, RandomState};
use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use axum::extract::{MatchedPath, Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use kitaab_core::Error;

use crate::app::App;
use crate::extract::{Context, Jar, Kept};
use crate::problem::Problem;

/// Sign-in and sign-up: so many at once (matrix-authentication-service), …
const SIGN_IN_BURST: NonZeroU32 = NonZeroU32::new(10).unwrap();
/// … and then one in so long.
const SIGN_IN_EVERY: Duration = Duration::from_secs(20);
/// Mailed links that an address may ask for in an hour (better-auth).
const LINKS_PER_HOUR: NonZeroU32 = NonZeroU32::new(20).unwrap();
/// Links that an address may open in a minute (Documenso).
const TOKENS_PER_MINUTE: NonZeroU32 = NonZeroU32::new(20).unwrap();
/// Searches of a session in a minute; without one, of an address.
const SEARCHES_PER_MINUTE: NonZeroU32 = NonZeroU32::new(60).unwrap();
/// Exports that a session may ask for in an hour.
const EXPORTS_PER_HOUR: NonZeroU32 = NonZeroU32::new(10).unwrap();
/// All calls of a session in a minute; without one, of an address.
const CALLS_PER_MINUTE: NonZeroU32 = NonZeroU32::new(600).unwrap();
/// Who is counted at a time; a table of addresses must not grow with the number of attackers.
const MOST_KEYS: usize = 50_000;

/// What is limited more than the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    SignIn,
    Link,
    Token,
    Search,
    Export,
}

/// The counts of this process.
pub(crate) struct Limits {
    on: bool,
    sign_in: Bucket<IpAddr>,
    link: Bucket<IpAddr>,
    token: Bucket<IpAddr>,
    search: Bucket<Who>,
    export: Bucket<Who>,
    calls: Bucket<Who>,
    known: Mutex<HashSet<u64>>,
    hasher: RandomState,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Who {
    /// A keyed hash of a session token: enough to count by, and nothing to steal.
    Session(u64),
    Address(IpAddr),
}

impl Limits {
    pub(crate) fn new(on: bool) -> Self {
        // A period of zero would be no period; these are constants.
        let every = Quota::with_period(SIGN_IN_EVERY).unwrap_or(Quota::per_minute(SIGN_IN_BURST));
        Self {
            on,
            sign_in: Bucket::new(every.allow_burst(SIGN_IN_BURST)),
            link: Bucket::new(Quota::per_hour(LINKS_PER_HOUR)),
            token: Bucket::new(Quota::per_minute(TOKENS_PER_MINUTE)),
            search: Bucket::new(Quota::per_minute(SEARCHES_PER_MINUTE)),
            export: Bucket::new(Quota::per_hour(EXPORTS_PER_HOUR)),
            calls: Bucket::new(Quota::per_minute(CALLS_PER_MINUTE)),
            known: Mutex::default(),
            hasher: RandomState::new(),
        }
    }

    /// Counts a frame of a socket as a call.
    pub(crate) fn check_frame(&self, address: Option<IpAddr>, token: Option<&str>) -> Result<(), Duration> {
        self.check(None, address, token)
    }

    fn check(&self, class: Option<Class>, address: Option<IpAddr>, token: Option<&str>) -> Result<(), Duration> {
        if !self.on {
            return Ok(());
        }
        let address = address.map(network);
        // A token that opened nothing yet is anybody's invention: it is its address that calls.
        let session = token.map(|token| self.hasher.hash_one(token)).filter(|session| self.sessions().contains(session));
        let who = session.map(Who::Session).or(address.map(Who::Address));
        match (class, address, who) {
            (Some(Class::SignIn), Some(address), _) => self.sign_in.take(&address)?,
            (Some(Class::Link), Some(address), _) => self.link.take(&address)?,
            (Some(Class::Token), Some(address), _) => self.token.take(&address)?,
            (Some(Class::Search), _, Some(who)) => self.search.take(&who)?,
            (Some(Class::Export), _, Some(who)) => self.export.take(&who)?,
            _ => {}
        }
        who.map_or(Ok(()), |who| self.calls.take(&who))
    }

    /// A session token was good: it is counted by itself from now on.
    pub(crate) fn knows(&self, token: &str) {
        if self.on {
            let mut known = self.sessions();
            if known.len() >= MOST_KEYS {
                known.clear();
            }
            known.insert(self.hasher.hash_one(token));
        }
    }

    /// One more try to sign in, on a page that is no sign-in page by its address.
    pub(crate) fn sign_in(&self, address: Option<IpAddr>) -> Result<(), Error> {
        let Some(address) = address.filter(|_| self.on) else { return Ok(()) };
        self.sign_in.take(&network(address)).map_err(|retry_after| Error::TooMany { retry_after })
    }

    fn sessions(&self) -> MutexGuard<'_, HashSet<u64>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Counts by some key, for a bounded number of keys.
struct Bucket<K: Hash + Eq + Clone> {
    quota: Quota,
    counts: RwLock<Arc<DefaultKeyedRateLimiter<K>>>,
}

impl<K: Hash + Eq + Clone> Bucket<K> {
    fn new(quota: Quota) -> Self {
        Self { quota, counts: RwLock::new(Arc::new(RateLimiter::keyed(quota))) }
    }

    fn take(&self, key: &K) -> Result<(), Duration> {
        let counts = self.counts.read().unwrap_or_else(PoisonError::into_inner).clone();
        if counts.len() >= MOST_KEYS {
            self.make_room(&counts);
        }
        counts.check_key(key).map_err(|until| until.wait_time_from(DefaultClock::default().now()))
    }

    /// Forgets who has been quiet long enough; if they are all busy, everybody: that many addresses at once are one
    /// attacker whom counting by address does not stop.
    fn make_room(&self, counts: &Arc<DefaultKeyedRateLimiter<K>>) {
        counts.retain_recent();
        if counts.len() >= MOST_KEYS
            && let Ok(mut current) = self.counts.write()
            && Arc::ptr_eq(&current, counts)
        {
            tracing::warn!("so many addresses call at once that limits by address begin anew");
            *current = Arc::new(RateLimiter::keyed(self.quota));
        }
    }
}

/// What one customer of a provider has: an address, or with IPv6 a /64.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64)).into(),
        v4 @ IpAddr::V4(_) => v4,
    }
}

/// What a route is limited as, by its pattern, so that page and API share one count.
fn class(method: &Method, path: &str, query: &str) -> Option<Class> {
    let api = path.rsplit_once("/api/v1").map_or(path, |(_, rest)| rest);
    let posted = *method == Method::POST;
    match api {
        "/auth/sign-in" | "/auth/sign-up" | "/auth/reauthenticate" | "/auth/change-password" | "/sign-in" | "/sign-up" if posted => {
            Some(Class::SignIn)
        }
        "/auth/magic-link"
        | "/auth/password-reset"
        | "/auth/verify-email/resend"
        | "/auth/change-email"
        | "/sign-in/link"
        | "/reset-password"
        | "/verify-email/resend"
            if posted =>
        {
            Some(Class::Link)
        }
        "/auth/magic-link/confirm"
        | "/auth/password-reset/confirm"
        | "/auth/verify-email"
        | "/auth/change-email/confirm"
        | "/sign-in/confirm"
        | "/verify-email"
        | "/change-email"
            if posted =>
        {
            Some(Class::Token)
        }
        "/invitations/preview"
        | "/invitations/accept"
        | "/invitations/request-new"
        | "/accept-invitation"
        | "/accept-invitation/request-new"
        | "/reset-password/choose"
        | "/downloads/{token}" => Some(Class::Token),
        "/workspaces/{workspace_id}/exports" if posted => Some(Class::Export),
        "/workspaces/{workspace_id}/search" => Some(Class::Search),
        _ if query.split('&').any(|pair| pair.starts_with("q=")) => Some(Class::Search),
        _ => None,
    }
}

/// Turns away who calls too often, before anything else is looked at.
pub(super) async fn limit(State(app): State<App>, request: Request, next: Next) -> Response {
    let path = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str).unwrap_or_default();
    let address = request.extensions().get::<Context>().and_then(|context| context.address);
    let headers = request.headers();
    let token = crate::extract::bearer(headers).or_else(|| Jar(&app.site).read(Kept::Session, headers));
    let free = ["/healthz", "/readyz", "/metrics"].contains(&path);
    let class = class(request.method(), path, request.uri().query().unwrap_or_default());
    match if free { Ok(()) } else { app.limits.check(class, address, token) } {
        Ok(()) => next.run(request).await,
        Err(retry_after) => Problem::from(Error::TooMany { retry_after }).into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> Option<IpAddr> {
        text.parse().ok()
    }

    #[test]
    fn the_eleventh_sign_in_waits_and_says_how_long() {
        let limits = Limits::new(true);
        for _ in 0..10 {
            assert_eq!(limits.check(Some(Class::SignIn), ip("203.0.113.9"), None), Ok(()));
        }
        let wait = limits.check(Some(Class::SignIn), ip("203.0.113.9"), None).unwrap_err();
        assert!(wait > Duration::from_secs(15) && wait <= SIGN_IN_EVERY, "{wait:?}");
        assert_eq!(limits.check(Some(Class::SignIn), ip("203.0.113.10"), None), Ok(()), "somebody else");
    }

    #[test]
    fn all_addresses_of_a_slash_64_are_one() {
        let limits = Limits::new(true);
        for last in 0..10 {
            assert_eq!(limits.check(Some(Class::SignIn), ip(&format!("2001:db8::{last}")), None), Ok(()));
        }
        assert!(limits.check(Some(Class::SignIn), ip("2001:db8::ffff"), None).is_err());
        assert!(limits.check(Some(Class::SignIn), ip("2001:db8:0:1::1"), None).is_ok());
    }

    #[test]
    fn a_session_is_counted_wherever_it_comes_from() {
        let limits = Limits::new(true);
        limits.knows("kts_x");
        limits.knows("kts_y");
        for n in 0..600 {
            assert_eq!(limits.check(None, ip(&format!("10.0.{}.{}", n / 250, n % 250)), Some("kts_x")), Ok(()));
        }
        assert!(limits.check(None, ip("10.9.9.9"), Some("kts_x")).is_err());
        assert!(limits.check(None, ip("10.9.9.9"), Some("kts_y")).is_ok());
    }

    #[test]
    fn tokens_that_were_made_up_are_counted_as_their_address() {
        let limits = Limits::new(true);
        for n in 0..600 {
            assert_eq!(limits.check(None, ip("203.0.113.9"), Some(&format!("kts_{n}"))), Ok(()));
        }
        assert!(limits.check(None, ip("203.0.113.9"), Some("kts_new")).is_err());
    }

    #[test]
    fn the_sixty_first_search_of_a_minute_waits_and_other_calls_do_not() {
        let limits = Limits::new(true);
        let search = class(&Method::GET, "/api/v1/workspaces/{workspace_id}/clients", "limit=5&q=mri");
        assert!((0..60).all(|_| limits.check(search, ip("203.0.113.9"), None).is_ok()));
        assert!(limits.check(search, ip("203.0.113.9"), None).is_err());
        assert!(limits.check(None, ip("203.0.113.9"), None).is_ok());
    }

    #[test]
    fn the_eleventh_export_of_an_hour_waits() {
        let limits = Limits::new(true);
        let export = class(&Method::POST, "/api/v1/workspaces/{workspace_id}/exports", "");
        assert!((0..10).all(|_| limits.check(export, ip("203.0.113.9"), None).is_ok()));
        assert!(limits.check(export, ip("203.0.113.9"), None).unwrap_err() > Duration::from_mins(5));
    }

    #[test]
    fn switched_off_nothing_waits() {
        let limits = Limits::new(false);
        assert!((0..2_000).all(|_| limits.check(Some(Class::Link), ip("203.0.113.9"), None).is_ok()));
    }

    #[test]
    fn the_table_of_addresses_does_not_grow_without_end() {
        let bucket = Bucket::new(Quota::per_hour(LINKS_PER_HOUR));
        for n in 0..(MOST_KEYS + 1_000) {
            assert!(bucket.take(&n).is_ok());
        }
        assert!(bucket.counts.read().unwrap().len() <= MOST_KEYS);
    }

    #[test]
    fn page_and_api_share_a_count() {
        assert_eq!(class(&Method::POST, "/api/v1/auth/sign-in", ""), class(&Method::POST, "/sign-in", ""));
        assert_eq!(class(&Method::GET, "/sign-in", ""), None);
        assert_eq!(class(&Method::POST, "/api/v1/workspaces/{workspace_id}/clients", ""), None);
    }
}
