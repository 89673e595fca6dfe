//! Updates: what the owner tells everybody on a project.

use axum::extract::State;
use axum::http::StatusCode;
use kitaab_core::answer::Single;
use kitaab_core::ids::{ProjectId, UpdateId, WorkspaceId};
use kitaab_core::page::{Page, PageAsk};
use kitaab_core::project::{EditUpdate, NewUpdate, UpdateView};

use super::Reply;
use super::ask::{IdempotencyParam, IfMatchParam, InWorkspace, PageParams};
use crate::app::App;
use crate::extract::{Caller, Ids, IfMatch, Json, Query};
use crate::problem::Answer;

/// The updates of a project, newest first.
#[utoipa::path(get, path = "/workspaces/{workspace_id}/projects/{project_id}/updates", tag = "updates", operation_id = "list_updates",
    params(InWorkspace, ("project_id" = ProjectId, Path, description = "The project"), PageParams),
    responses((status = 200, body = Page<UpdateView>)))]
pub(super) async fn list(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace, project)): Ids<(WorkspaceId, ProjectId)>,
    Query(ask): Query<PageAsk>,
) -> Answer<Reply<Page<UpdateView>>> {
    Ok(Reply::ok(app.kitaab.updates(&actor).list(workspace, project, ask).await?))
}

/// Post an update; for the owner.
#[utoipa::path(post, path = "/workspaces/{workspace_id}/projects/{project_id}/updates", tag = "updates", operation_id = "create_update",
    params(InWorkspace, ("project_id" = ProjectId, Path, description = "The project"), IdempotencyParam), request_body = NewUpdate,
    responses((status = 201, body = Single<UpdateView>), (status = 409, description = "`in_progress`")))]
pub(super) async fn create(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace, project)): Ids<(WorkspaceId, ProjectId)>,
    Json(input): Json<NewUpdate>,
) -> Answer<Reply<Single<UpdateView>>> {
    let update = app.kitaab.updates(&actor).post(workspace, project, input).await?;
    let version = update.item.version;
    Ok(Reply::created(update).version(version))
}

/// An update.
#[utoipa::path(get, path = "/workspaces/{workspace_id}/updates/{update_id}", tag = "updates", operation_id = "get_update",
    params(InWorkspace, ("update_id" = UpdateId, Path, description = "The update")), responses((status = 200, body = Single<UpdateView>)))]
pub(super) async fn get(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace, update)): Ids<(WorkspaceId, UpdateId)>,
) -> Answer<Reply<Single<UpdateView>>> {
    let found = app.kitaab.updates(&actor).get(workspace, update).await?;
    let version = found.item.version;
    Ok(Reply::ok(found).version(version))
}

/// Change an update; for the owner.
#[utoipa::path(patch, path = "/workspaces/{workspace_id}/updates/{update_id}", tag = "updates", operation_id = "update_update",
    params(InWorkspace, ("update_id" = UpdateId, Path, description = "The update"), IfMatchParam), request_body = EditUpdate,
    responses((status = 200, body = Single<UpdateView>)))]
pub(super) async fn update(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace, update)): Ids<(WorkspaceId, UpdateId)>,
    IfMatch(version): IfMatch,
    Json(input): Json<EditUpdate>,
) -> Answer<Reply<Single<UpdateView>>> {
    let changed = app.kitaab.updates(&actor).update(workspace, update, input, version).await?;
    let version = changed.item.version;
    Ok(Reply::ok(changed).version(version))
}

/// Destroy an update; for the owner.
#[utoipa::path(delete, path = "/workspaces/{workspace_id}/updates/{update_id}", tag = "updates", operation_id = "delete_update",
    params(InWorkspace, ("update_id" = UpdateId, Path, description = "The update")), responses((status = 204)))]
pub(super) async fn delete(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace, update)): Ids<(WorkspaceId, UpdateId)>,
) -> Answer<StatusCode> {
    app.kitaab.updates(&actor).delete(workspace, update).await?;
    Ok(StatusCode::NO_CONTENT)
}
