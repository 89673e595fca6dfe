//! The people of a workspace.

use axum::extract::State;
use axum::http::StatusCode;
use kitaab_core::answer::Single;
use kitaab_core::ids::{UserId, WorkspaceId};
use kitaab_core::page::{Page, PageAsk};
use kitaab_core::workspace::{Member, UpdateMember};

use super::Reply;
use super::ask::{InWorkspace, PageParams};
use crate::app::App;
use crate::extract::{Caller, Ids, Json, Query};
use crate::problem::Answer;

/// The directory, as far as one may know it.
#[utoipa::path(get, path = "/workspaces/{workspace_id}/members", tag = "members", operation_id = "list_members",
    params(InWorkspace, PageParams), responses((status = 200, body = Page<Member>)))]
pub(super) async fn list(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace,)): Ids<(WorkspaceId,)>,
    Query(ask): Query<PageAsk>,
) -> Answer<Reply<Page<Member>>> {
    Ok(Reply::ok(app.kitaab.people(&actor).list(workspace, ask).await?))
}

/// Make a colleague owner or member.
#[utoipa::path(patch, path = "/workspaces/{workspace_id}/members/{user_id}", tag = "members", operation_id = "update_member",
    params(InWorkspace, ("user_id" = UserId, Path, description = "The person")), request_body = UpdateMember,
    responses((status = 200, body = Single<Member>), (status = 409, description = "`last_owner`, `role_fixed`")))]
pub(super) async fn update(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace, person)): Ids<(WorkspaceId, UserId)>,
    Json(input): Json<UpdateMember>,
) -> Answer<Reply<Single<Member>>> {
    Ok(Reply::ok(app.kitaab.people(&actor).update(workspace, person, input).await?))
}

/// Put a person out of the workspace, at once.
#[utoipa::path(delete, path = "/workspaces/{workspace_id}/members/{user_id}", tag = "members", operation_id = "remove_member",
    params(InWorkspace, ("user_id" = UserId, Path, description = "The person")),
    responses((status = 204), (status = 409, description = "`last_owner`")))]
pub(super) async fn remove(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace, person)): Ids<(WorkspaceId, UserId)>,
) -> Answer<StatusCode> {
    app.kitaab.people(&actor).remove(workspace, person).await?;
    Ok(StatusCode::NO_CONTENT)
}
