//! Ending mail about conversations, for whoever holds the link in it.

use axum::extract::State;
use axum::http::StatusCode;
use kitaab_core::away::{Subscription, UnsubscribeToken, Unsubscribing};

use super::Reply;
use super::ask::UnsubscribeParams;
use crate::app::App;
use crate::extract::{Anyone, Query};
use crate::problem::Answer;

/// What the holder of the link is mailed. It changes nothing.
#[utoipa::path(get, path = "/unsubscribe", tag = "unsubscribing", operation_id = "get_subscription", security(()), params(UnsubscribeParams),
    responses((status = 200, body = Subscription), (status = 404, description = "The link is not good")))]
pub(super) async fn show(
    State(app): State<App>,
    Anyone(actor): Anyone,
    Query(ask): Query<UnsubscribeToken>,
) -> Answer<Reply<Subscription>> {
    Ok(Reply::ok(app.kitaab.mailings(&actor).subscription(ask).await?))
}

/// End the mail about the conversation of the link (RFC 8058). A body is not looked at.
#[utoipa::path(post, path = "/unsubscribe", tag = "unsubscribing", operation_id = "unsubscribe", security(()), params(UnsubscribeParams),
    responses((status = 204), (status = 404, description = "The link is not good")))]
pub(super) async fn act(State(app): State<App>, Anyone(actor): Anyone, Query(ask): Query<UnsubscribeToken>) -> Answer<StatusCode> {
    app.kitaab.mailings(&actor).unsubscribe(ask, Unsubscribing::Conversation).await?;
    Ok(StatusCode::NO_CONTENT)
}
