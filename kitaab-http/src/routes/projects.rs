//! Projects.

use axum::extract::State;
use axum::http::StatusCode;
use kitaab_core::answer::Single;
use kitaab_core::ids::{ProjectId, WorkspaceId};
use kitaab_core::page::Page;
use kitaab_core::project::{NewProject, ProjectView, ProjectsAsk, UpdateProject};

use super::Reply;
use super::ask::{IdempotencyParam, IfMatchParam, InWorkspace, ProjectsParams, Removal, RemovalParams};
use crate::app::App;
use crate::extract::{Caller, Ids, IfMatch, Json, Query};
use crate::problem::Answer;

/// Projects, newest first: all for owner and members, those they are on for a client.
#[utoipa::path(get, path = "/workspaces/{workspace_id}/projects", tag = "projects", operation_id = "list_projects",
    params(InWorkspace, ProjectsParams), responses((status = 200, body = Page<ProjectView>)))]
pub(super) async fn list(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace,)): Ids<(WorkspaceId,)>,
    Query(ask): Query<ProjectsAsk>,
) -> Answer<Reply<Page<ProjectView>>> {
    Ok(Reply::ok(app.kitaab.projects(&actor).list(workspace, ask).await?))
}

/// Start a project.
#[utoipa::path(post, path = "/workspaces/{workspace_id}/projects", tag = "projects", operation_id = "create_project",
    params(InWorkspace, IdempotencyParam), request_body = NewProject,
    responses((status = 201, body = Single<ProjectView>), (status = 409, description = "`in_progress`")))]
pub(super) async fn create(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace,)): Ids<(WorkspaceId,)>,
    Json(input): Json<NewProject>,
) -> Answer<Reply<Single<ProjectView>>> {
    let project = app.kitaab.projects(&actor).create(workspace, input).await?;
    let version = project.item.version();
    Ok(Reply::created(project).version(version))
}

/// A project as one may see it.
#[utoipa::path(get, path = "/workspaces/{workspace_id}/projects/{project_id}", tag = "projects", operation_id = "get_project",
    params(InWorkspace, ("project_id" = ProjectId, Path, description = "The project")), responses((status = 200, body = Single<ProjectView>)))]
pub(super) async fn get(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace, project)): Ids<(WorkspaceId, ProjectId)>,
) -> Answer<Reply<Single<ProjectView>>> {
    let found = app.kitaab.projects(&actor).get(workspace, project).await?;
    let version = found.item.version();
    Ok(Reply::ok(found).version(version))
}

/// Change a project, archive it or bring it back.
#[utoipa::path(patch, path = "/workspaces/{workspace_id}/projects/{project_id}", tag = "projects", operation_id = "update_project",
    params(InWorkspace, ("project_id" = ProjectId, Path, description = "The project"), IfMatchParam), request_body = UpdateProject,
    responses((status = 200, body = Single<ProjectView>)))]
pub(super) async fn update(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace, project)): Ids<(WorkspaceId, ProjectId)>,
    IfMatch(version): IfMatch,
    Json(input): Json<UpdateProject>,
) -> Answer<Reply<Single<ProjectView>>> {
    let changed = app.kitaab.projects(&actor).update(workspace, project, input, version).await?;
    let version = changed.item.version();
    Ok(Reply::ok(changed).version(version))
}

/// Archive a project, which hides it from its clients; or destroy it.
#[utoipa::path(delete, path = "/workspaces/{workspace_id}/projects/{project_id}", tag = "projects", operation_id = "delete_project",
    params(InWorkspace, ("project_id" = ProjectId, Path, description = "The project"), RemovalParams),
    responses((status = 204), (status = 409, description = "`has_ledger`: there is money or time on it")))]
pub(super) async fn delete(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace, project)): Ids<(WorkspaceId, ProjectId)>,
    Query(removal): Query<Removal>,
) -> Answer<StatusCode> {
    let projects = app.kitaab.projects(&actor);
    match removal.checked() {
        Ok(Removal { permanent: false }) => projects.archive(workspace, project).await?,
        Ok(Removal { permanent: true }) => projects.delete(workspace, project).await?,
        Err(error) => {
            let can = projects.get(workspace, project).await?.can;
            super::ask::refuse(&can, "archive", error)?;
        }
    }
    Ok(StatusCode::NO_CONTENT)
}
