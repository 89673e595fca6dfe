//! The audit log.

use axum::extract::State;
use kitaab_core::audit::{AuditAsk, AuditItem};
use kitaab_core::ids::WorkspaceId;
use kitaab_core::page::Page;

use super::Reply;
use super::ask::{AuditParams, InWorkspace};
use crate::app::App;
use crate::extract::{Caller, Ids, Query};
use crate::problem::Answer;

/// Who did or tried what, newest first; for the owner.
#[utoipa::path(get, path = "/workspaces/{workspace_id}/audit", tag = "audit", operation_id = "list_audit",
    params(InWorkspace, AuditParams), responses((status = 200, body = Page<AuditItem>)))]
pub(super) async fn list(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace,)): Ids<(WorkspaceId,)>,
    Query(ask): Query<AuditAsk>,
) -> Answer<Reply<Page<AuditItem>>> {
    Ok(Reply::ok(app.kitaab.audit(&actor).list(workspace, ask).await?))
}
