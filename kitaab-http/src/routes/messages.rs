//! Messages.

use axum::extract::State;
use axum::http::StatusCode;
use kitaab_core::answer::Single;
use kitaab_core::chat::{EditMessage, Forward, MessageView, MessagesAsk, MessagesPage, NewMessage, RepliesPage, Versions};
use kitaab_core::ids::{ChannelId, MessageId, WorkspaceId};

use super::Reply;
use super::ask::{InWorkspace, MessagesParams, ReasonParam};
use crate::app::App;
use crate::extract::{Caller, Ids, Json, Query};
use crate::problem::Answer;

/// A page of a channel, oldest first: the newest, or one around a number; replies and what is left of deleted ones too.
#[utoipa::path(get, path = "/workspaces/{workspace_id}/channels/{channel_id}/messages", tag = "chat", operation_id = "list_messages",
    params(InWorkspace, ("channel_id" = ChannelId, Path, description = "The channel"), MessagesParams, ReasonParam),
    responses((status = 200, body = MessagesPage)))]
pub(super) async fn list(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace, channel)): Ids<(WorkspaceId, ChannelId)>,
    Query(ask): Query<MessagesAsk>,
) -> Answer<Reply<MessagesPage>> {
    Ok(Reply::ok(app.kitaab.chat(&actor).messages(workspace, channel, ask).await?))
}

/// Post a message. A repeat with the same `client_message_id` answers the message as it is now, whatever else it says.
#[utoipa::path(post, path = "/workspaces/{workspace_id}/channels/{channel_id}/messages", tag = "chat", operation_id = "post_message",
    params(InWorkspace, ("channel_id" = ChannelId, Path, description = "The channel")), request_body = NewMessage,
    responses((status = 201, body = MessageView), (status = 200, description = "It was posted before", body = MessageView)))]
pub(super) async fn post(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace, channel)): Ids<(WorkspaceId, ChannelId)>,
    Json(input): Json<NewMessage>,
) -> Answer<Reply<MessageView>> {
    let posted = app.kitaab.chat(&actor).post(workspace, channel, input).await?;
    Ok(Reply::made(posted.message, posted.made))
}

/// A message.
#[utoipa::path(get, path = "/workspaces/{workspace_id}/messages/{message_id}", tag = "chat", operation_id = "get_message",
    params(InWorkspace, ("message_id" = MessageId, Path, description = "The message"), ReasonParam),
    responses((status = 200, body = Single<MessageView>)))]
pub(super) async fn get(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace, message)): Ids<(WorkspaceId, MessageId)>,
) -> Answer<Reply<Single<MessageView>>> {
    Ok(Reply::ok(app.kitaab.chat(&actor).message(workspace, message).await?))
}

/// Change what one has said, for a while.
#[utoipa::path(patch, path = "/workspaces/{workspace_id}/messages/{message_id}", tag = "chat", operation_id = "edit_message",
    params(InWorkspace, ("message_id" = MessageId, Path, description = "The message")), request_body = EditMessage,
    responses((status = 200, body = Single<MessageView>), (status = 403, description = "`cross_site`, `not_author`"),
        (status = 409, description = "`edit_window_over`, `message_deleted`")))]
pub(super) async fn edit(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace, message)): Ids<(WorkspaceId, MessageId)>,
    Json(input): Json<EditMessage>,
) -> Answer<Reply<Single<MessageView>>> {
    Ok(Reply::ok(app.kitaab.chat(&actor).edit(workspace, message, input).await?))
}

/// Delete what one has said; for the owner, what anybody has said. A deleted one keeps its place and says nothing.
#[utoipa::path(delete, path = "/workspaces/{workspace_id}/messages/{message_id}", tag = "chat", operation_id = "delete_message",
    params(InWorkspace, ("message_id" = MessageId, Path, description = "The message")),
    responses((status = 204), (status = 403, description = "`cross_site`, `not_author`")))]
pub(super) async fn delete(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace, message)): Ids<(WorkspaceId, MessageId)>,
) -> Answer<StatusCode> {
    app.kitaab.chat(&actor).delete(workspace, message).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A page of the thread that a message is in, or begins.
#[utoipa::path(get, path = "/workspaces/{workspace_id}/messages/{message_id}/replies", tag = "chat", operation_id = "list_replies",
    params(InWorkspace, ("message_id" = MessageId, Path, description = "The message"), MessagesParams),
    responses((status = 200, body = RepliesPage)))]
pub(super) async fn replies(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace, message)): Ids<(WorkspaceId, MessageId)>,
    Query(ask): Query<MessagesAsk>,
) -> Answer<Reply<RepliesPage>> {
    Ok(Reply::ok(app.kitaab.chat(&actor).replies(workspace, message, ask).await?))
}

/// What a message said before it was changed, oldest first.
#[utoipa::path(get, path = "/workspaces/{workspace_id}/messages/{message_id}/history", tag = "chat", operation_id = "get_message_history",
    params(InWorkspace, ("message_id" = MessageId, Path, description = "The message")), responses((status = 200, body = Versions)))]
pub(super) async fn history(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace, message)): Ids<(WorkspaceId, MessageId)>,
) -> Answer<Reply<Versions>> {
    Ok(Reply::ok(app.kitaab.chat(&actor).history(workspace, message).await?))
}

/// Say in another channel what was said in this one; repeats are as with posting.
#[utoipa::path(post, path = "/workspaces/{workspace_id}/messages/{message_id}/forward", tag = "chat", operation_id = "forward_message",
    params(InWorkspace, ("message_id" = MessageId, Path, description = "The message")), request_body = Forward,
    responses((status = 201, body = MessageView), (status = 200, description = "It was forwarded before", body = MessageView),
        (status = 409, description = "`message_deleted`")))]
pub(super) async fn forward(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace, message)): Ids<(WorkspaceId, MessageId)>,
    Json(input): Json<Forward>,
) -> Answer<Reply<MessageView>> {
    let posted = app.kitaab.chat(&actor).forward(workspace, message, input).await?;
    Ok(Reply::made(posted.message, posted.made))
}
