//! Exports: asking for one, and how far it is.

use axum::extract::State;
use kitaab_core::export::{ExportView, NewExport};
use kitaab_core::ids::{ExportId, WorkspaceId};

use super::Reply;
use super::ask::{IdempotencyParam, InWorkspace};
use crate::app::App;
use crate::extract::{Caller, Ids, Json};
use crate::problem::Answer;

/// Have everything that one may see made into a file, or as an owner everything of the workspace.
#[utoipa::path(post, path = "/workspaces/{workspace_id}/exports", tag = "workspaces", operation_id = "create_export",
    params(InWorkspace, IdempotencyParam), request_body = NewExport,
    responses((status = 202, body = ExportView, description = "It will be made; look again"),
        (status = 403, description = "`reauth_required`, or a scope that is for owners"), (status = 409, description = "`in_progress`")))]
pub(super) async fn create(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace,)): Ids<(WorkspaceId,)>,
    Json(input): Json<NewExport>,
) -> Answer<Reply<ExportView>> {
    Ok(Reply::accepted(app.kitaab.exports(&actor).create(workspace, input).await?))
}

/// How far one's own export is, with a new link once it can be fetched.
#[utoipa::path(get, path = "/workspaces/{workspace_id}/exports/{export_id}", tag = "workspaces", operation_id = "get_export",
    params(InWorkspace, ("export_id" = ExportId, Path, description = "The export")),
    responses((status = 200, body = ExportView), (status = 403, description = "`reauth_required`")))]
pub(super) async fn get(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace, export)): Ids<(WorkspaceId, ExportId)>,
) -> Answer<Reply<ExportView>> {
    Ok(Reply::ok(app.kitaab.exports(&actor).get(workspace, export).await?))
}
