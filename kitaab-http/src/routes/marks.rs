//! What is put on messages: reactions, pins, stars.

use axum::extract::State;
use axum::http::StatusCode;
use kitaab_core::answer::Single;
use kitaab_core::chat::MessageView;
use kitaab_core::ids::{ChannelId, MessageId, WorkspaceId};
use kitaab_core::page::{Page, PageAsk};

use super::Reply;
use super::ask::{InWorkspace, PageParams};
use crate::app::App;
use crate::extract::{Caller, Ids, Query};
use crate::problem::Answer;

/// React with an emoji.
#[utoipa::path(put, path = "/workspaces/{workspace_id}/messages/{message_id}/reactions/{emoji}", tag = "chat", operation_id = "react",
    params(InWorkspace, ("message_id" = MessageId, Path, description = "The message"), ("emoji" = String, Path, description = "Exactly one emoji")),
    responses((status = 200, body = Single<MessageView>), (status = 409, description = "`message_deleted`, `too_many_reactions`"),
        (status = 422, description = "`invalid`: this is no emoji")))]
pub(super) async fn react(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace, message, emoji)): Ids<(WorkspaceId, MessageId, String)>,
) -> Answer<Reply<Single<MessageView>>> {
    Ok(Reply::ok(app.kitaab.chat(&actor).react(workspace, message, &emoji).await?))
}

/// Take the own reaction back.
#[utoipa::path(delete, path = "/workspaces/{workspace_id}/messages/{message_id}/reactions/{emoji}", tag = "chat", operation_id = "unreact",
    params(InWorkspace, ("message_id" = MessageId, Path, description = "The message"), ("emoji" = String, Path, description = "Exactly one emoji")),
    responses((status = 204), (status = 422, description = "`invalid`: this is no emoji")))]
pub(super) async fn unreact(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace, message, emoji)): Ids<(WorkspaceId, MessageId, String)>,
) -> Answer<StatusCode> {
    app.kitaab.chat(&actor).unreact(workspace, message, &emoji).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Pin a message for everybody in its channel.
#[utoipa::path(put, path = "/workspaces/{workspace_id}/messages/{message_id}/pin", tag = "chat", operation_id = "pin_message",
    params(InWorkspace, ("message_id" = MessageId, Path, description = "The message")),
    responses((status = 200, body = Single<MessageView>), (status = 409, description = "`message_deleted`, `too_many_pins`")))]
pub(super) async fn pin(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace, message)): Ids<(WorkspaceId, MessageId)>,
) -> Answer<Reply<Single<MessageView>>> {
    Ok(Reply::ok(app.kitaab.chat(&actor).pin(workspace, message).await?))
}

/// Take a pin off, whoever put it there.
#[utoipa::path(delete, path = "/workspaces/{workspace_id}/messages/{message_id}/pin", tag = "chat", operation_id = "unpin_message",
    params(InWorkspace, ("message_id" = MessageId, Path, description = "The message")), responses((status = 204)))]
pub(super) async fn unpin(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace, message)): Ids<(WorkspaceId, MessageId)>,
) -> Answer<StatusCode> {
    app.kitaab.chat(&actor).unpin(workspace, message).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What is pinned in a channel, newest pin first.
#[utoipa::path(get, path = "/workspaces/{workspace_id}/channels/{channel_id}/pins", tag = "chat", operation_id = "list_pins",
    params(InWorkspace, ("channel_id" = ChannelId, Path, description = "The channel")), responses((status = 200, body = Page<MessageView>)))]
pub(super) async fn pins(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace, channel)): Ids<(WorkspaceId, ChannelId)>,
) -> Answer<Reply<Page<MessageView>>> {
    Ok(Reply::ok(app.kitaab.chat(&actor).pins(workspace, channel).await?))
}

/// Put a mark on a message that nobody else sees.
#[utoipa::path(put, path = "/workspaces/{workspace_id}/messages/{message_id}/star", tag = "chat", operation_id = "star_message",
    params(InWorkspace, ("message_id" = MessageId, Path, description = "The message")),
    responses((status = 200, body = Single<MessageView>), (status = 409, description = "`message_deleted`")))]
pub(super) async fn star(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace, message)): Ids<(WorkspaceId, MessageId)>,
) -> Answer<Reply<Single<MessageView>>> {
    Ok(Reply::ok(app.kitaab.chat(&actor).star(workspace, message).await?))
}

/// Take the own mark off.
#[utoipa::path(delete, path = "/workspaces/{workspace_id}/messages/{message_id}/star", tag = "chat", operation_id = "unstar_message",
    params(InWorkspace, ("message_id" = MessageId, Path, description = "The message")), responses((status = 204)))]
pub(super) async fn unstar(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace, message)): Ids<(WorkspaceId, MessageId)>,
) -> Answer<StatusCode> {
    app.kitaab.chat(&actor).unstar(workspace, message).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The messages with the own mark that one may still see, newest mark first.
#[utoipa::path(get, path = "/workspaces/{workspace_id}/starred", tag = "chat", operation_id = "list_starred",
    params(InWorkspace, PageParams), responses((status = 200, body = Page<MessageView>)))]
pub(super) async fn starred(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace,)): Ids<(WorkspaceId,)>,
    Query(ask): Query<PageAsk>,
) -> Answer<Reply<Page<MessageView>>> {
    Ok(Reply::ok(app.kitaab.chat(&actor).starred(workspace, ask).await?))
}
