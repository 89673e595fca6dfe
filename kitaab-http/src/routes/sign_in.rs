//! Signing up and in.

use axum::extract::State;
use kitaab_core::account::{AskMagicLink, ConfirmMagicLink, MagicLinkAsked, SignIn, SignUp, SignedIn, SignedUp};

use super::Reply;
use crate::app::App;
use crate::extract::{Agent, Anyone, Jar, Json, Kept, LinkRequest, NotCrossSite};
use crate::problem::Answer;

/// Make an account and a workspace of one's own.
#[utoipa::path(post, path = "/auth/sign-up", tag = "accounts", operation_id = "sign_up", security(()),
    request_body = SignUp, responses((status = 201, body = SignedUp), (status = 409, description = "`email_taken`")))]
pub(super) async fn sign_up(
    State(app): State<App>,
    Anyone(actor): Anyone,
    _: NotCrossSite,
    agent: Agent,
    Json(input): Json<SignUp>,
) -> Answer<Reply<SignedUp>> {
    let signed = app.kitaab.accounts(&actor).sign_up(input, agent.name()).await?;
    let session = signed.session.clone();
    Ok(Reply::created(signed).signed_in(&app, &session))
}

/// Sign in with a password.
#[utoipa::path(post, path = "/auth/sign-in", tag = "accounts", operation_id = "sign_in", security(()),
    request_body = SignIn, responses((status = 200, body = SignedIn), (status = 401, description = "`wrong_credentials`")))]
pub(super) async fn sign_in(
    State(app): State<App>,
    Anyone(actor): Anyone,
    _: NotCrossSite,
    agent: Agent,
    Json(input): Json<SignIn>,
) -> Answer<Reply<SignedIn>> {
    let signed = app.kitaab.accounts(&actor).sign_in(input, agent.name()).await?;
    let session = signed.session.clone();
    Ok(Reply::ok(signed).signed_in(&app, &session))
}

/// Ask for a link to sign in with. Answers alike whether the address has an account or not.
#[utoipa::path(post, path = "/auth/magic-link", tag = "accounts", operation_id = "ask_magic_link", security(()),
    request_body = AskMagicLink, responses((status = 202, body = MagicLinkAsked)))]
pub(super) async fn ask_magic_link(
    State(app): State<App>,
    Anyone(actor): Anyone,
    _: NotCrossSite,
    Json(input): Json<AskMagicLink>,
) -> Answer<Reply<MagicLinkAsked>> {
    let asked = app.kitaab.accounts(&actor).ask_magic_link(input).await?;
    let cookie = Jar(&app.site).keep(Kept::LinkRequest, &asked.request, app.kitaab.settings().magic_link_ttl);
    Ok(Reply::accepted(asked).cookie(cookie))
}

/// Sign in by the mailed link, in the browser or program that asked for it.
#[utoipa::path(post, path = "/auth/magic-link/confirm", tag = "accounts", operation_id = "confirm_magic_link", security(()),
    request_body = ConfirmMagicLink, responses((status = 200, body = SignedIn), (status = 404, description = "The link is not good, or was asked for elsewhere")))]
pub(super) async fn confirm_magic_link(
    State(app): State<App>,
    Anyone(actor): Anyone,
    _: NotCrossSite,
    agent: Agent,
    request: LinkRequest,
    Json(input): Json<ConfirmMagicLink>,
) -> Answer<Reply<SignedIn>> {
    let input = input.map(|confirm| ConfirmMagicLink { cookie: request.0, ..confirm });
    let signed = app.kitaab.accounts(&actor).confirm_magic_link(input, agent.name()).await?;
    let session = signed.session.clone();
    Ok(Reply::ok(signed).signed_in(&app, &session).cookie(Jar(&app.site).forget(Kept::LinkRequest)))
}
