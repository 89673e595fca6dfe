//! One's own email: verified, changed.

use axum::extract::State;
use axum::http::StatusCode;
use kitaab_core::account::{ChangeEmail, ConfirmChangeEmail, VerifyEmail};

use crate::app::App;
use crate::extract::{Anyone, Caller, Json, MaybeCaller};
use crate::problem::Answer;

/// Show by the mailed link that the email is one's own.
#[utoipa::path(post, path = "/auth/verify-email", tag = "accounts", operation_id = "verify_email", security(()),
    request_body = VerifyEmail, responses((status = 204), (status = 404, description = "The link is not good")))]
pub(super) async fn verify(State(app): State<App>, Anyone(actor): Anyone, Json(input): Json<VerifyEmail>) -> Answer<StatusCode> {
    app.kitaab.accounts(&actor).verify_email(input).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Have the link mailed again.
#[utoipa::path(post, path = "/auth/verify-email/resend", tag = "accounts", operation_id = "resend_verification", responses((status = 202)))]
pub(super) async fn resend(State(app): State<App>, Caller(actor): Caller) -> Answer<StatusCode> {
    app.kitaab.accounts(&actor).resend_verification().await?;
    Ok(StatusCode::ACCEPTED)
}

/// Ask for another email; a link goes to it. Needs a fresh sign-in.
#[utoipa::path(post, path = "/auth/change-email", tag = "accounts", operation_id = "change_email",
    request_body = ChangeEmail, responses((status = 202), (status = 403, description = "`reauth_required`")))]
pub(super) async fn change(State(app): State<App>, Caller(actor): Caller, Json(input): Json<ChangeEmail>) -> Answer<StatusCode> {
    app.kitaab.accounts(&actor).change_email(input).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Take the other email over by the link that went to it.
#[utoipa::path(post, path = "/auth/change-email/confirm", tag = "accounts", operation_id = "confirm_change_email", security((), ("bearer" = []), ("cookie" = [])),
    request_body = ConfirmChangeEmail, responses((status = 204), (status = 404, description = "The link is not good")))]
pub(super) async fn confirm_change(
    State(app): State<App>,
    MaybeCaller(actor): MaybeCaller,
    Json(input): Json<ConfirmChangeEmail>,
) -> Answer<StatusCode> {
    app.kitaab.accounts(&actor).confirm_change_email(input).await?;
    Ok(StatusCode::NO_CONTENT)
}
