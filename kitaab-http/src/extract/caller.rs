//! Who calls.

use std::convert::Infallible;

use axum::extract::{FromRequestParts, MatchedPath};
use axum::http::header::{AUTHORIZATION, COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode};
use kitaab_core::Error;
use kitaab_core::access::{Actor, IdempotencyKey, Origin};
use kitaab_core::error::Unauthenticated;

use super::same_site::{cross_site, is_safe};
use super::{Context, Idempotency, Jar, Kept, same_site};
use crate::app::App;
use crate::problem::Problem;

/// Somebody who is signed in; 401 for everybody else.
pub(crate) struct Caller(pub(crate) Actor);

/// Whoever it is, signed in or not. A cookie that has ended counts as none; a header that is wrong does not.
pub(crate) struct MaybeCaller(pub(crate) Actor);

/// Nobody in particular: what was sent to show who calls is not looked at.
pub(crate) struct Anyone(pub(crate) Actor);

impl FromRequestParts<App> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        match signed_in(parts, app).await? {
            Some(actor) => Ok(Self(actor)),
            None => Err(Error::Unauthenticated(Unauthenticated::NoSession).into()),
        }
    }
}

impl FromRequestParts<App> for MaybeCaller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let known = signed_in(parts, app).await?;
        Ok(Self(known.unwrap_or_else(|| Actor::nobody().from(origin(parts)))))
    }
}

impl FromRequestParts<App> for Anyone {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Infallible> {
        Ok(Self(Actor::nobody().from(origin(parts))))
    }
}

/// The person behind a request. The host application is asked first, then the header, which wins over the cookie.
async fn signed_in(parts: &Parts, app: &App) -> Result<Option<Actor>, Problem> {
    if let Some(actor) = app.config.sign_in.as_ref().and_then(|knows| knows(parts)) {
        if parts.headers.contains_key(COOKIE) && !parts.headers.contains_key(AUTHORIZATION) {
            meant(parts, app)?;
        }
        return Ok(Some(actor.from(origin(parts))));
    }
    if parts.headers.contains_key(AUTHORIZATION) {
        let token = bearer(&parts.headers).ok_or_else(bad_token)?;
        let actor = authenticate(token, parts, app).await?;
        return actor.map(Some).ok_or_else(bad_token);
    }
    let Some(token) = Jar(&app.site).read(Kept::Session, &parts.headers) else { return Ok(None) };
    let actor = authenticate(token, parts, app).await?;
    if actor.is_some() {
        meant(parts, app)?;
    }
    Ok(actor)
}

/// The person of a token that came another way than in a header: in the first frame of a socket.
pub(crate) async fn by_token(token: &str, context: &Context, app: &App) -> Result<Option<Actor>, Problem> {
    let origin = Origin { address: context.address, request_id: Some(context.request_id.to_string()), ..Origin::default() };
    let actor = app.kitaab.authenticate(token, origin).await?;
    if actor.is_some() {
        app.limits.knows(token);
    }
    Ok(actor)
}

async fn authenticate(token: &str, parts: &Parts, app: &App) -> Result<Option<Actor>, Problem> {
    let actor = app.kitaab.authenticate(token, origin(parts)).await?;
    if actor.is_some() {
        app.limits.knows(token);
    }
    Ok(actor)
}

/// With a cookie, what changes something must come from our own pages.
fn meant(parts: &Parts, app: &App) -> Result<(), Problem> {
    let meant = is_safe(&parts.method) || same_site(&parts.headers, &app.site) == Some(true);
    if meant { Ok(()) } else { Err(cross_site()) }
}

/// The token of the one `Authorization` header, if it is a bearer's (RFC 6750, 2.1).
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut lines = headers.get_all(AUTHORIZATION).iter();
    let (first, None) = (lines.next()?, lines.next()) else { return None };
    let (scheme, token) = first.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn bad_token() -> Problem {
    let detail = "The session token is not good, or has ended. Sign in again.";
    Problem::new(StatusCode::UNAUTHORIZED, "unauthenticated", detail).challenge("Bearer error=\"invalid_token\"")
}

fn origin(parts: &Parts) -> Origin {
    let context = parts.extensions.get::<Context>().cloned().unwrap_or_default();
    let request_id = Some(context.request_id.to_string());
    Origin { address: context.address, request_id, idempotency: repeat(parts), reason: reason(&parts.headers) }
}

/// Why a moderator looks, as they say it.
fn reason(headers: &HeaderMap) -> Option<String> {
    let text = std::str::from_utf8(headers.get("x-reason")?.as_bytes()).ok()?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// The key by which a repeat is known, where one counts: on what creates something in a workspace.
fn repeat(parts: &Parts) -> Option<IdempotencyKey> {
    let inside = parts.extensions.get::<MatchedPath>().is_some_and(|path| path.as_str().contains("/workspaces/{workspace_id}/"));
    let key = Idempotency::read(&parts.headers).key().filter(|_| inside && parts.method == Method::POST)?;
    Some(IdempotencyKey { key, call: format!("{} {}", parts.method, parts.uri.path()) })
}
