//! Channels, and who is in them.

use axum::extract::State;
use axum::http::StatusCode;
use kitaab_core::answer::Single;
use kitaab_core::chat::{ChannelView, ChannelsAsk, NewChannel, UpdateChannel};
use kitaab_core::ids::{ChannelId, UserId, WorkspaceId};
use kitaab_core::page::Page;
use kitaab_core::workspace::Person;

use super::Reply;
use super::ask::{IdempotencyParam, IfMatchParam, InWorkspace, PageParams, ReasonParam};
use crate::app::App;
use crate::extract::{Caller, Ids, IfMatch, Json, Query};
use crate::problem::Answer;

/// The channels that one is in, newest first, with what is unread.
#[utoipa::path(get, path = "/workspaces/{workspace_id}/channels", tag = "chat", operation_id = "list_channels",
    params(InWorkspace, PageParams, ReasonParam), responses((status = 200, body = Page<ChannelView>)))]
pub(super) async fn list(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace,)): Ids<(WorkspaceId,)>,
    Query(ask): Query<ChannelsAsk>,
) -> Answer<Reply<Page<ChannelView>>> {
    Ok(Reply::ok(app.kitaab.chat(&actor).channels(workspace, ask).await?))
}

/// Open the direct channel with somebody, or make a group; for a client the former alone.
#[utoipa::path(post, path = "/workspaces/{workspace_id}/channels", tag = "chat", operation_id = "open_channel",
    params(InWorkspace, IdempotencyParam), request_body = NewChannel,
    responses((status = 201, body = Single<ChannelView>), (status = 200, description = "The direct channel was there", body = Single<ChannelView>),
        (status = 409, description = "`in_progress`")))]
pub(super) async fn open(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace,)): Ids<(WorkspaceId,)>,
    Json(input): Json<NewChannel>,
) -> Answer<Reply<Single<ChannelView>>> {
    let (channel, made) = app.kitaab.chat(&actor).open_channel(workspace, input).await?;
    let version = channel.item.version;
    Ok(Reply::made(channel, made).version(version))
}

/// A channel that one is in.
#[utoipa::path(get, path = "/workspaces/{workspace_id}/channels/{channel_id}", tag = "chat", operation_id = "get_channel",
    params(InWorkspace, ("channel_id" = ChannelId, Path, description = "The channel"), ReasonParam), responses((status = 200, body = Single<ChannelView>)))]
pub(super) async fn get(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace, channel)): Ids<(WorkspaceId, ChannelId)>,
) -> Answer<Reply<Single<ChannelView>>> {
    let found = app.kitaab.chat(&actor).channel(workspace, channel).await?;
    let version = found.item.version;
    Ok(Reply::ok(found).version(version))
}

/// Name a group anew, archive it, bring it back; for owner and members.
#[utoipa::path(patch, path = "/workspaces/{workspace_id}/channels/{channel_id}", tag = "chat", operation_id = "update_channel",
    params(InWorkspace, ("channel_id" = ChannelId, Path, description = "The channel"), IfMatchParam), request_body = UpdateChannel,
    responses((status = 200, body = Single<ChannelView>), (status = 409, description = "`channel_fixed`")))]
pub(super) async fn update(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace, channel)): Ids<(WorkspaceId, ChannelId)>,
    IfMatch(version): IfMatch,
    Json(input): Json<UpdateChannel>,
) -> Answer<Reply<Single<ChannelView>>> {
    let changed = app.kitaab.chat(&actor).update_channel(workspace, channel, input, version).await?;
    let version = changed.item.version;
    Ok(Reply::ok(changed).version(version))
}

/// Who is in a channel.
#[utoipa::path(get, path = "/workspaces/{workspace_id}/channels/{channel_id}/members", tag = "chat", operation_id = "list_channel_members",
    params(InWorkspace, ("channel_id" = ChannelId, Path, description = "The channel")), responses((status = 200, body = Page<Person>)))]
pub(super) async fn members(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace, channel)): Ids<(WorkspaceId, ChannelId)>,
) -> Answer<Reply<Page<Person>>> {
    Ok(Reply::ok(app.kitaab.chat(&actor).channel_members(workspace, channel).await?))
}

/// Take somebody into a group; for owner and members.
#[utoipa::path(put, path = "/workspaces/{workspace_id}/channels/{channel_id}/members/{user_id}", tag = "chat",
    operation_id = "add_channel_member",
    params(InWorkspace, ("channel_id" = ChannelId, Path, description = "The channel"), ("user_id" = UserId, Path, description = "The person")),
    responses((status = 200, body = Person), (status = 409, description = "`membership_fixed`")))]
pub(super) async fn add_member(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace, channel, person)): Ids<(WorkspaceId, ChannelId, UserId)>,
) -> Answer<Reply<Person>> {
    Ok(Reply::ok(app.kitaab.chat(&actor).add_channel_member(workspace, channel, person).await?))
}

/// Put somebody out of a group, at once; oneself, to leave it.
#[utoipa::path(delete, path = "/workspaces/{workspace_id}/channels/{channel_id}/members/{user_id}", tag = "chat",
    operation_id = "remove_channel_member",
    params(InWorkspace, ("channel_id" = ChannelId, Path, description = "The channel"), ("user_id" = UserId, Path, description = "The person")),
    responses((status = 204), (status = 409, description = "`membership_fixed`, `owner_stays`")))]
pub(super) async fn remove_member(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace, channel, person)): Ids<(WorkspaceId, ChannelId, UserId)>,
) -> Answer<StatusCode> {
    app.kitaab.chat(&actor).remove_channel_member(workspace, channel, person).await?;
    Ok(StatusCode::NO_CONTENT)
}
