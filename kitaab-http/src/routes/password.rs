//! Passwords: confirmed, changed, set anew.

use axum::extract::State;
use axum::http::StatusCode;
use kitaab_core::account::{AskReset, ChangePassword, ConfirmReset, Reauthenticate};

use crate::app::App;
use crate::extract::{Anyone, Caller, Json};
use crate::problem::Answer;

/// Type the password once more; for 15 minutes this session may then do what needs it.
#[utoipa::path(post, path = "/auth/reauthenticate", tag = "accounts", operation_id = "reauthenticate",
    request_body = Reauthenticate, responses((status = 204), (status = 403, description = "`wrong_password`")))]
pub(super) async fn reauthenticate(State(app): State<App>, Caller(actor): Caller, Json(input): Json<Reauthenticate>) -> Answer<StatusCode> {
    app.kitaab.accounts(&actor).reauthenticate(input).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ask for a link to set a new password with. Answers alike whether the address has an account or not.
#[utoipa::path(post, path = "/auth/password-reset", tag = "accounts", operation_id = "ask_password_reset", security(()),
    request_body = AskReset, responses((status = 202)))]
pub(super) async fn ask_reset(State(app): State<App>, Anyone(actor): Anyone, Json(input): Json<AskReset>) -> Answer<StatusCode> {
    app.kitaab.accounts(&actor).ask_reset(input).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Set a new password by the mailed link, which ends all sessions.
#[utoipa::path(post, path = "/auth/password-reset/confirm", tag = "accounts", operation_id = "confirm_password_reset", security(()),
    request_body = ConfirmReset, responses((status = 204), (status = 404, description = "The link is not good")))]
pub(super) async fn confirm_reset(State(app): State<App>, Anyone(actor): Anyone, Json(input): Json<ConfirmReset>) -> Answer<StatusCode> {
    app.kitaab.accounts(&actor).confirm_reset(input).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Change the password, which ends the other sessions.
#[utoipa::path(post, path = "/auth/change-password", tag = "accounts", operation_id = "change_password",
    request_body = ChangePassword, responses((status = 204), (status = 403, description = "`wrong_password`")))]
pub(super) async fn change(State(app): State<App>, Caller(actor): Caller, Json(input): Json<ChangePassword>) -> Answer<StatusCode> {
    app.kitaab.accounts(&actor).change_password(input).await?;
    Ok(StatusCode::NO_CONTENT)
}
