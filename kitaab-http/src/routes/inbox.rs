//! How one keeps one's conversations.

use axum::extract::State;
use kitaab_core::chat::{ChannelPreferences, InboxAsk, InboxItem, UpdatePreferences};
use kitaab_core::ids::{ChannelId, WorkspaceId};
use kitaab_core::page::Page;

use super::Reply;
use super::ask::{InWorkspace, InboxParams};
use crate::app::App;
use crate::extract::{Caller, Ids, Json, Query};
use crate::problem::Answer;

/// One's conversations, what is pinned first, then what was said last first.
#[utoipa::path(get, path = "/workspaces/{workspace_id}/inbox", tag = "chat", operation_id = "list_inbox",
    params(InWorkspace, InboxParams), responses((status = 200, body = Page<InboxItem>)))]
pub(super) async fn list(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace,)): Ids<(WorkspaceId,)>,
    Query(ask): Query<InboxAsk>,
) -> Answer<Reply<Page<InboxItem>>> {
    Ok(Reply::ok(app.kitaab.chat(&actor).inbox(workspace, ask).await?))
}

/// Pin, mute, hide, put away or sort a channel, for oneself alone.
#[utoipa::path(patch, path = "/workspaces/{workspace_id}/channels/{channel_id}/preferences", tag = "chat", operation_id = "update_preferences",
    params(InWorkspace, ("channel_id" = ChannelId, Path, description = "The channel")), request_body = UpdatePreferences,
    responses((status = 200, body = ChannelPreferences)))]
pub(super) async fn update_preferences(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace, channel)): Ids<(WorkspaceId, ChannelId)>,
    Json(input): Json<UpdatePreferences>,
) -> Answer<Reply<ChannelPreferences>> {
    Ok(Reply::ok(app.kitaab.chat(&actor).update_preferences(workspace, channel, input).await?))
}
