//! Workspaces.

use axum::extract::State;
use axum::http::StatusCode;
use kitaab_core::answer::Single;
use kitaab_core::ids::WorkspaceId;
use kitaab_core::workspace::{DeleteWorkspace, NewWorkspace, UpdateWorkspace, WorkspaceForOwner, WorkspaceView};

use super::Reply;
use super::ask::{IfMatchParam, InWorkspace};
use crate::app::App;
use crate::extract::{Caller, Ids, IfMatch, Json};
use crate::problem::Answer;

/// Found a workspace of one's own.
#[utoipa::path(post, path = "/workspaces", tag = "workspaces", operation_id = "create_workspace", request_body = NewWorkspace,
    responses((status = 201, body = Single<WorkspaceForOwner>), (status = 409, description = "`too_many_workspaces`")))]
pub(super) async fn create(
    State(app): State<App>,
    Caller(actor): Caller,
    Json(input): Json<NewWorkspace>,
) -> Answer<Reply<Single<WorkspaceForOwner>>> {
    let workspace = app.kitaab.workspaces(&actor).create(input).await?;
    let version = workspace.item.version;
    Ok(Reply::created(workspace).version(version))
}

/// A workspace as one may see it.
#[utoipa::path(get, path = "/workspaces/{workspace_id}", tag = "workspaces", operation_id = "get_workspace", params(InWorkspace),
    responses((status = 200, body = Single<WorkspaceView>)))]
pub(super) async fn get(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace,)): Ids<(WorkspaceId,)>,
) -> Answer<Reply<Single<WorkspaceView>>> {
    let found = app.kitaab.workspaces(&actor).get(workspace).await?;
    let version = found.item.version();
    Ok(Reply::ok(found).version(version))
}

/// Change a workspace.
#[utoipa::path(patch, path = "/workspaces/{workspace_id}", tag = "workspaces", operation_id = "update_workspace",
    params(InWorkspace, IfMatchParam), request_body = UpdateWorkspace, responses((status = 200, body = Single<WorkspaceView>)))]
pub(super) async fn update(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace,)): Ids<(WorkspaceId,)>,
    IfMatch(version): IfMatch,
    Json(input): Json<UpdateWorkspace>,
) -> Answer<Reply<Single<WorkspaceView>>> {
    let changed = app.kitaab.workspaces(&actor).update(workspace, input, version).await?;
    let version = changed.item.version();
    Ok(Reply::ok(changed).version(version))
}

/// Delete a workspace for everybody in it; whoever runs the server can bring it back for 30 days. Needs a fresh sign-in.
#[utoipa::path(delete, path = "/workspaces/{workspace_id}", tag = "workspaces", operation_id = "delete_workspace", params(InWorkspace),
    request_body = DeleteWorkspace, responses((status = 204), (status = 403, description = "`reauth_required`, `forbidden`")))]
pub(super) async fn delete(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace,)): Ids<(WorkspaceId,)>,
    Json(input): Json<DeleteWorkspace>,
) -> Answer<StatusCode> {
    app.kitaab.workspaces(&actor).delete(workspace, input).await?;
    Ok(StatusCode::NO_CONTENT)
}
