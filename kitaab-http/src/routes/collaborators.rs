//! Whom a project is shared with.

use axum::extract::State;
use axum::http::StatusCode;
use kitaab_core::ids::{ClientId, ProjectId, WorkspaceId};
use kitaab_core::page::Page;
use kitaab_core::project::{Collaborator, Share};

use super::Reply;
use super::ask::InWorkspace;
use crate::app::App;
use crate::extract::{Caller, Ids, Json};
use crate::problem::Answer;

/// Whom the project is shared with; for owner and members.
#[utoipa::path(get, path = "/workspaces/{workspace_id}/projects/{project_id}/collaborators", tag = "projects",
    operation_id = "list_collaborators", params(InWorkspace, ("project_id" = ProjectId, Path, description = "The project")),
    responses((status = 200, body = Page<Collaborator>)))]
pub(super) async fn list(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace, project)): Ids<(WorkspaceId, ProjectId)>,
) -> Answer<Reply<Page<Collaborator>>> {
    Ok(Reply::ok(app.kitaab.projects(&actor).collaborators(workspace, project).await?))
}

/// Share the project with a client, or change what they may do.
#[utoipa::path(put, path = "/workspaces/{workspace_id}/projects/{project_id}/collaborators/{client_id}", tag = "projects",
    operation_id = "share_project",
    params(InWorkspace, ("project_id" = ProjectId, Path, description = "The project"), ("client_id" = ClientId, Path, description = "The card")),
    request_body = Share, responses((status = 200, body = Collaborator), (status = 409, description = "`client_archived`")))]
pub(super) async fn share(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace, project, client)): Ids<(WorkspaceId, ProjectId, ClientId)>,
    Json(input): Json<Share>,
) -> Answer<Reply<Collaborator>> {
    Ok(Reply::ok(app.kitaab.projects(&actor).share(workspace, project, client, input).await?))
}

/// Stop sharing the project with a client, at once.
#[utoipa::path(delete, path = "/workspaces/{workspace_id}/projects/{project_id}/collaborators/{client_id}", tag = "projects",
    operation_id = "unshare_project",
    params(InWorkspace, ("project_id" = ProjectId, Path, description = "The project"), ("client_id" = ClientId, Path, description = "The card")),
    responses((status = 204)))]
pub(super) async fn unshare(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace, project, client)): Ids<(WorkspaceId, ProjectId, ClientId)>,
) -> Answer<StatusCode> {
    app.kitaab.projects(&actor).unshare(workspace, project, client).await?;
    Ok(StatusCode::NO_CONTENT)
}
