//! Messages that are sent later.

use axum::extract::State;
use axum::http::StatusCode;
use kitaab_core::answer::Single;
use kitaab_core::chat::{NewScheduled, ScheduledView, UpdateScheduled};
use kitaab_core::ids::{ChannelId, ScheduledId, WorkspaceId};
use kitaab_core::page::Page;

use super::Reply;
use super::ask::{IdempotencyParam, IfMatchParam, InWorkspace};
use crate::app::App;
use crate::extract::{Caller, Ids, IfMatch, Json};
use crate::problem::Answer;

/// One's own messages that wait to be sent in a channel or could not be, soonest first.
#[utoipa::path(get, path = "/workspaces/{workspace_id}/channels/{channel_id}/scheduled-messages", tag = "chat", operation_id = "list_scheduled",
    params(InWorkspace, ("channel_id" = ChannelId, Path, description = "The channel")), responses((status = 200, body = Page<ScheduledView>)))]
pub(super) async fn list(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace, channel)): Ids<(WorkspaceId, ChannelId)>,
) -> Answer<Reply<Page<ScheduledView>>> {
    Ok(Reply::ok(app.kitaab.chat(&actor).scheduled(workspace, channel).await?))
}

/// Schedule a message. Whether one may write there is asked again when it is sent.
#[utoipa::path(post, path = "/workspaces/{workspace_id}/channels/{channel_id}/scheduled-messages", tag = "chat", operation_id = "schedule_message",
    params(InWorkspace, ("channel_id" = ChannelId, Path, description = "The channel"), IdempotencyParam), request_body = NewScheduled,
    responses((status = 201, body = Single<ScheduledView>), (status = 409, description = "`archived`, `in_progress`, `too_many_scheduled`")))]
pub(super) async fn create(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace, channel)): Ids<(WorkspaceId, ChannelId)>,
    Json(input): Json<NewScheduled>,
) -> Answer<Reply<Single<ScheduledView>>> {
    let made = app.kitaab.chat(&actor).schedule(workspace, channel, input).await?;
    let version = made.item.version;
    Ok(Reply::made(made, true).version(version))
}

/// Change a message that waits; with a new time one that could not be sent waits again.
#[utoipa::path(patch, path = "/workspaces/{workspace_id}/scheduled-messages/{scheduled_id}", tag = "chat", operation_id = "update_scheduled",
    params(InWorkspace, ("scheduled_id" = ScheduledId, Path, description = "The scheduled message"), IfMatchParam), request_body = UpdateScheduled,
    responses((status = 200, body = Single<ScheduledView>)))]
pub(super) async fn update(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace, scheduled)): Ids<(WorkspaceId, ScheduledId)>,
    IfMatch(version): IfMatch,
    Json(input): Json<UpdateScheduled>,
) -> Answer<Reply<Single<ScheduledView>>> {
    let changed = app.kitaab.chat(&actor).update_scheduled(workspace, scheduled, input, version).await?;
    let version = changed.item.version;
    Ok(Reply::ok(changed).version(version))
}

/// Cancel a message that was not sent.
#[utoipa::path(delete, path = "/workspaces/{workspace_id}/scheduled-messages/{scheduled_id}", tag = "chat", operation_id = "cancel_scheduled",
    params(InWorkspace, ("scheduled_id" = ScheduledId, Path, description = "The scheduled message")), responses((status = 204)))]
pub(super) async fn cancel(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace, scheduled)): Ids<(WorkspaceId, ScheduledId)>,
) -> Answer<StatusCode> {
    app.kitaab.chat(&actor).cancel_scheduled(workspace, scheduled).await?;
    Ok(StatusCode::NO_CONTENT)
}
