//! One's own sessions.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use kitaab_core::account::{OwnSession, Signed};
use kitaab_core::ids::SessionId;
use kitaab_core::page::Page;

use super::Reply;
use super::reply::signed_out;
use crate::app::App;
use crate::extract::{Caller, Ids};
use crate::problem::Answer;

/// End this session.
#[utoipa::path(post, path = "/auth/sign-out", tag = "accounts", operation_id = "sign_out", responses((status = 204)))]
pub(super) async fn sign_out(State(app): State<App>, Caller(actor): Caller) -> Answer<Response> {
    app.kitaab.accounts(&actor).sign_out().await?;
    Ok(signed_out(&app))
}

/// End every session, this one too.
#[utoipa::path(post, path = "/auth/sign-out-everywhere", tag = "accounts", operation_id = "sign_out_everywhere", responses((status = 204)))]
pub(super) async fn sign_out_everywhere(State(app): State<App>, Caller(actor): Caller) -> Answer<Response> {
    app.kitaab.accounts(&actor).sign_out_everywhere().await?;
    Ok(signed_out(&app))
}

/// Who is signed in, and where they belong.
#[utoipa::path(get, path = "/auth/session", tag = "accounts", operation_id = "get_session", responses((status = 200, body = Signed)))]
pub(super) async fn session(State(app): State<App>, Caller(actor): Caller) -> Answer<Reply<Signed>> {
    Ok(Reply::ok(app.kitaab.accounts(&actor).session().await?))
}

/// One's own sessions, newest first.
#[utoipa::path(get, path = "/auth/sessions", tag = "accounts", operation_id = "list_sessions", responses((status = 200, body = Page<OwnSession>)))]
pub(super) async fn list(State(app): State<App>, Caller(actor): Caller) -> Answer<Reply<Page<OwnSession>>> {
    Ok(Reply::ok(app.kitaab.accounts(&actor).sessions().await?))
}

/// End one of one's own sessions.
#[utoipa::path(delete, path = "/auth/sessions/{session_id}", tag = "accounts", operation_id = "end_session",
    params(("session_id" = SessionId, Path, description = "The session")), responses((status = 204)))]
pub(super) async fn end(State(app): State<App>, Caller(actor): Caller, Ids((session,)): Ids<(SessionId,)>) -> Answer<StatusCode> {
    app.kitaab.accounts(&actor).end_session(session).await?;
    Ok(StatusCode::NO_CONTENT)
}
