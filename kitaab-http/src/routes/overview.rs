//! What looks across projects: how things stand, who did what, and the tags in use.

use axum::extract::State;
use kitaab_core::activity::{ActivityAsk, ActivityView, Tag};
use kitaab_core::dashboard::Dashboard;
use kitaab_core::ids::WorkspaceId;
use kitaab_core::page::Page;

use super::Reply;
use super::ask::{ActivityParams, InWorkspace};
use crate::app::App;
use crate::extract::{Caller, Ids, Query};
use crate::problem::Answer;

/// How things stand: what an owner, a member or a client sees first.
#[utoipa::path(get, path = "/workspaces/{workspace_id}/dashboard", tag = "projects", operation_id = "get_dashboard",
    params(InWorkspace), responses((status = 200, body = Dashboard)))]
pub(super) async fn dashboard(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace,)): Ids<(WorkspaceId,)>,
) -> Answer<Reply<Dashboard>> {
    Ok(Reply::ok(app.kitaab.overview(&actor).dashboard(workspace).await?))
}

/// Who did what, newest first; to a client what happened in their projects to things they may see.
#[utoipa::path(get, path = "/workspaces/{workspace_id}/activity", tag = "projects", operation_id = "list_activity",
    params(InWorkspace, ActivityParams), responses((status = 200, body = Page<ActivityView>)))]
pub(super) async fn activity(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace,)): Ids<(WorkspaceId,)>,
    Query(ask): Query<ActivityAsk>,
) -> Answer<Reply<Page<ActivityView>>> {
    Ok(Reply::ok(app.kitaab.overview(&actor).activity(workspace, ask).await?))
}

/// The tags in use on what one may see, by name.
#[utoipa::path(get, path = "/workspaces/{workspace_id}/tags", tag = "projects", operation_id = "list_tags",
    params(InWorkspace), responses((status = 200, body = Page<Tag>)))]
pub(super) async fn tags(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace,)): Ids<(WorkspaceId,)>,
) -> Answer<Reply<Page<Tag>>> {
    Ok(Reply::ok(app.kitaab.overview(&actor).tags(workspace).await?))
}
