//! What somebody does who holds the link of an invitation.

use axum::extract::State;
use axum::http::StatusCode;
use kitaab_core::invitation::{Accept, InvitationToken, Joined, Preview};

use super::Reply;
use crate::app::App;
use crate::extract::{Agent, Anyone, Json, MaybeCaller, NotCrossSite};
use crate::problem::Answer;

/// See what one is invited to. It marks the invitation opened and never uses it up.
#[utoipa::path(post, path = "/invitations/preview", tag = "invitation links", operation_id = "preview_invitation", security((), ("bearer" = []), ("cookie" = [])),
    request_body = InvitationToken, responses((status = 200, body = Preview), (status = 404, description = "The link is not good")))]
pub(super) async fn preview(
    State(app): State<App>,
    MaybeCaller(actor): MaybeCaller,
    Json(input): Json<InvitationToken>,
) -> Answer<Reply<Preview>> {
    Ok(Reply::ok(app.kitaab.invitations(&actor).preview(input).await?))
}

/// Accept an invitation: with a new account, or signed in as the invited person with the token alone.
#[utoipa::path(post, path = "/invitations/accept", tag = "invitation links", operation_id = "accept_invitation", security((), ("bearer" = []), ("cookie" = [])), request_body = Accept,
    responses((status = 201, description = "With a new account", body = Joined), (status = 200, description = "With the account signed in to", body = Joined),
        (status = 403, description = "`other_account`"), (status = 404, description = "The link is not good"),
        (status = 409, description = "`sign_in_required`, `already_member`")))]
pub(super) async fn accept(
    State(app): State<App>,
    MaybeCaller(actor): MaybeCaller,
    _: NotCrossSite,
    agent: Agent,
    Json(input): Json<Accept>,
) -> Answer<Reply<Joined>> {
    let joined = app.kitaab.invitations(&actor).accept(input, agent.name()).await?;
    Ok(match joined.session.clone() {
        Some(session) => Reply::created(joined).signed_in(&app, &session),
        None => Reply::ok(joined),
    })
}

/// Ask for a new invitation in place of an expired one. Answers alike for every token.
#[utoipa::path(post, path = "/invitations/request-new", tag = "invitation links", operation_id = "request_new_invitation", security(()),
    request_body = InvitationToken, responses((status = 202)))]
pub(super) async fn request_new(State(app): State<App>, Anyone(actor): Anyone, Json(input): Json<InvitationToken>) -> Answer<StatusCode> {
    app.kitaab.invitations(&actor).ask_again(input).await?;
    Ok(StatusCode::ACCEPTED)
}
