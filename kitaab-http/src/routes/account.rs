//! One's own profile and account.

use axum::extract::State;
use axum::response::Response;
use kitaab_core::account::{OwnProfile, UpdateProfile};

use super::Reply;
use super::reply::signed_out;
use crate::app::App;
use crate::extract::{Caller, Json};
use crate::problem::Answer;

/// One's own profile.
#[utoipa::path(get, path = "/auth/profile", tag = "accounts", operation_id = "get_profile", responses((status = 200, body = OwnProfile)))]
pub(super) async fn profile(State(app): State<App>, Caller(actor): Caller) -> Answer<Reply<OwnProfile>> {
    Ok(Reply::ok(app.kitaab.accounts(&actor).profile().await?))
}

/// Change one's own profile.
#[utoipa::path(patch, path = "/auth/profile", tag = "accounts", operation_id = "update_profile",
    request_body = UpdateProfile, responses((status = 200, body = OwnProfile)))]
pub(super) async fn update_profile(
    State(app): State<App>,
    Caller(actor): Caller,
    Json(input): Json<UpdateProfile>,
) -> Answer<Reply<OwnProfile>> {
    Ok(Reply::ok(app.kitaab.accounts(&actor).update_profile(input).await?))
}

/// Delete one's own account: texts stay, the name becomes "Former member". Needs a fresh sign-in.
#[utoipa::path(delete, path = "/auth/account", tag = "accounts", operation_id = "delete_account",
    responses((status = 204), (status = 403, description = "`reauth_required`"), (status = 409, description = "`last_owner`")))]
pub(super) async fn delete(State(app): State<App>, Caller(actor): Caller) -> Answer<Response> {
    app.kitaab.accounts(&actor).delete_account().await?;
    Ok(signed_out(&app))
}
