//! What one has begun to write.

use axum::extract::State;
use axum::http::StatusCode;
use kitaab_core::chat::{Draft, DraftAsk, KeepDraft};
use kitaab_core::ids::{ChannelId, WorkspaceId};
use kitaab_core::page::{Page, PageAsk};

use super::Reply;
use super::ask::{DraftParams, InWorkspace, PageParams};
use crate::app::App;
use crate::extract::{Caller, Ids, Json, Query};
use crate::problem::Answer;

/// One's drafts, newest first.
#[utoipa::path(get, path = "/workspaces/{workspace_id}/drafts", tag = "chat", operation_id = "list_drafts",
    params(InWorkspace, PageParams), responses((status = 200, body = Page<Draft>)))]
pub(super) async fn list(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace,)): Ids<(WorkspaceId,)>,
    Query(ask): Query<PageAsk>,
) -> Answer<Reply<Page<Draft>>> {
    Ok(Reply::ok(app.kitaab.chat(&actor).drafts(workspace, ask).await?))
}

/// Keep what one has begun to write in a channel, or in a thread of it; answered with the draft that is the newest.
#[utoipa::path(put, path = "/workspaces/{workspace_id}/channels/{channel_id}/draft", tag = "chat", operation_id = "keep_draft",
    params(InWorkspace, ("channel_id" = ChannelId, Path, description = "The channel")), request_body = KeepDraft,
    responses((status = 200, body = Draft)))]
pub(super) async fn keep(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace, channel)): Ids<(WorkspaceId, ChannelId)>,
    Json(input): Json<KeepDraft>,
) -> Answer<Reply<Draft>> {
    Ok(Reply::ok(app.kitaab.chat(&actor).keep_draft(workspace, channel, input).await?))
}

/// Throw a draft away.
#[utoipa::path(delete, path = "/workspaces/{workspace_id}/channels/{channel_id}/draft", tag = "chat", operation_id = "drop_draft",
    params(InWorkspace, ("channel_id" = ChannelId, Path, description = "The channel"), DraftParams), responses((status = 204)))]
pub(super) async fn drop(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace, channel)): Ids<(WorkspaceId, ChannelId)>,
    Query(ask): Query<DraftAsk>,
) -> Answer<StatusCode> {
    app.kitaab.chat(&actor).drop_draft(workspace, channel, ask).await?;
    Ok(StatusCode::NO_CONTENT)
}
