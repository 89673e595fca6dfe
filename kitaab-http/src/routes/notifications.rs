//! What one is to hear of.

use axum::extract::State;
use kitaab_core::ids::{MessageId, NotificationId, UserId, WorkspaceId};
use kitaab_core::notification::{MarkNotifications, NotificationPreferences, NotificationsPage, SetPreferences, Unread, Why, WhyNot};
use kitaab_core::page::PageAsk;

use super::Reply;
use super::ask::{InWorkspace, PageParams};
use crate::app::App;
use crate::extract::{Caller, Ids, Json, Query};
use crate::problem::Answer;

/// One's notifications, newest first, and how many are unread.
#[utoipa::path(get, path = "/workspaces/{workspace_id}/notifications", tag = "notifications", operation_id = "list_notifications",
    params(InWorkspace, PageParams), responses((status = 200, body = NotificationsPage)))]
pub(super) async fn list(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace,)): Ids<(WorkspaceId,)>,
    Query(ask): Query<PageAsk>,
) -> Answer<Reply<NotificationsPage>> {
    Ok(Reply::ok(app.kitaab.notifications(&actor).list(workspace, ask).await?))
}

/// Mark notifications as read: these, or one and all before it.
#[utoipa::path(post, path = "/workspaces/{workspace_id}/notifications/read", tag = "notifications", operation_id = "read_notifications",
    params(InWorkspace), request_body = MarkNotifications, responses((status = 200, body = Unread)))]
pub(super) async fn mark_read(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace,)): Ids<(WorkspaceId,)>,
    Json(input): Json<MarkNotifications>,
) -> Answer<Reply<Unread>> {
    Ok(Reply::ok(app.kitaab.notifications(&actor).mark_read(workspace, input).await?))
}

/// Why there is a notification.
#[utoipa::path(get, path = "/workspaces/{workspace_id}/notifications/{notification_id}/why", tag = "notifications",
    operation_id = "why_notified", params(InWorkspace, ("notification_id" = NotificationId, Path, description = "The notification")),
    responses((status = 200, body = Why)))]
pub(super) async fn why(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace, notification)): Ids<(WorkspaceId, NotificationId)>,
) -> Answer<Reply<Why>> {
    Ok(Reply::ok(app.kitaab.notifications(&actor).why(workspace, notification).await?))
}

/// Why somebody was notified of a message or not, as far as it can be told from how things are now; for the owner.
#[utoipa::path(get, path = "/workspaces/{workspace_id}/messages/{message_id}/notified/{user_id}", tag = "notifications",
    operation_id = "why_not_notified", params(InWorkspace, ("message_id" = MessageId, Path, description = "The message"),
    ("user_id" = UserId, Path, description = "The person")), responses((status = 200, body = WhyNot)))]
pub(super) async fn why_not(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace, message, person)): Ids<(WorkspaceId, MessageId, UserId)>,
) -> Answer<Reply<WhyNot>> {
    Ok(Reply::ok(app.kitaab.notifications(&actor).why_not(workspace, message, person).await?))
}

/// What one wants to hear of.
#[utoipa::path(get, path = "/workspaces/{workspace_id}/notification-preferences", tag = "notifications",
    operation_id = "get_notification_preferences", params(InWorkspace), responses((status = 200, body = NotificationPreferences)))]
pub(super) async fn preferences(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace,)): Ids<(WorkspaceId,)>,
) -> Answer<Reply<NotificationPreferences>> {
    Ok(Reply::ok(app.kitaab.notifications(&actor).preferences(workspace).await?))
}

/// Say what one wants to hear of; what is absent stays as it is.
#[utoipa::path(put, path = "/workspaces/{workspace_id}/notification-preferences", tag = "notifications",
    operation_id = "set_notification_preferences", params(InWorkspace), request_body = SetPreferences,
    responses((status = 200, body = NotificationPreferences)))]
pub(super) async fn set_preferences(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace,)): Ids<(WorkspaceId,)>,
    Json(input): Json<SetPreferences>,
) -> Answer<Reply<NotificationPreferences>> {
    Ok(Reply::ok(app.kitaab.notifications(&actor).set_preferences(workspace, input).await?))
}
