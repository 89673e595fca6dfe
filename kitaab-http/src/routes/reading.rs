//! How far people have read, and who is there.

use axum::extract::State;
use kitaab_core::chat::{MarkRead, Presence, PresenceAsk, ReadPosition, Receipt, ThreadRead};
use kitaab_core::ids::{ChannelId, MessageId, WorkspaceId};
use kitaab_core::page::Page;

use super::Reply;
use super::ask::{InWorkspace, PresenceParams};
use crate::app::App;
use crate::extract::{Caller, Ids, Json, Query};
use crate::problem::Answer;

/// Note how far one has read a channel, or mark a message and all after it unread.
#[utoipa::path(put, path = "/workspaces/{workspace_id}/channels/{channel_id}/read", tag = "chat", operation_id = "mark_read",
    params(InWorkspace, ("channel_id" = ChannelId, Path, description = "The channel")), request_body = MarkRead,
    responses((status = 200, body = ReadPosition)))]
pub(super) async fn mark_read(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace, channel)): Ids<(WorkspaceId, ChannelId)>,
    Json(input): Json<MarkRead>,
) -> Answer<Reply<ReadPosition>> {
    Ok(Reply::ok(app.kitaab.chat(&actor).mark_read(workspace, channel, input).await?))
}

/// Note how far one has read the thread that a message is in, or begins.
#[utoipa::path(put, path = "/workspaces/{workspace_id}/messages/{message_id}/thread-read", tag = "chat", operation_id = "mark_thread_read",
    params(InWorkspace, ("message_id" = MessageId, Path, description = "The message")), request_body = MarkRead,
    responses((status = 200, body = ThreadRead)))]
pub(super) async fn mark_thread_read(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace, message)): Ids<(WorkspaceId, MessageId)>,
    Json(input): Json<MarkRead>,
) -> Answer<Reply<ThreadRead>> {
    Ok(Reply::ok(app.kitaab.chat(&actor).mark_thread_read(workspace, message, input).await?))
}

/// Who in a channel has seen it up to where.
#[utoipa::path(get, path = "/workspaces/{workspace_id}/channels/{channel_id}/receipts", tag = "chat", operation_id = "list_receipts",
    params(InWorkspace, ("channel_id" = ChannelId, Path, description = "The channel")), responses((status = 200, body = Page<Receipt>)))]
pub(super) async fn receipts(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace, channel)): Ids<(WorkspaceId, ChannelId)>,
) -> Answer<Reply<Page<Receipt>>> {
    Ok(Reply::ok(app.kitaab.chat(&actor).receipts(workspace, channel).await?))
}

/// Whether people are there, in the order asked.
#[utoipa::path(get, path = "/workspaces/{workspace_id}/presence", tag = "chat", operation_id = "get_presence",
    params(InWorkspace, PresenceParams), responses((status = 200, body = Page<Presence>)))]
pub(super) async fn presence(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace,)): Ids<(WorkspaceId,)>,
    Query(ask): Query<PresenceAsk>,
) -> Answer<Reply<Page<Presence>>> {
    Ok(Reply::ok(app.kitaab.chat(&actor).presence(workspace, ask).await?))
}
